// What the reports of vitest (JSON), ctest and pytest (JUnit) tell: counts, and which tests failed with their first line of why.

const firstLine = (text) => (text ?? '').trim().split('\n')[0].slice(0, 300)

/** @returns {{passed: number, failed: number, skipped: number, failures: string[]}} A file that could not be loaded is named as a failure, and counted as none. */
export function vitestReport(text) {
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: skipped,
    testResults,
  } = JSON.parse(text)
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const fallen = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && fallen.length === 0) return [`${name}: ${firstLine(message)}`]
    return fallen.map((test) => `${name} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`)
  })
  return { passed, failed, skipped, failures }
}

const attributeOf = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]

/** As {@link vitestReport}; an attribute that counts nought may be left out of the head. */
export function junitReport(text) {
  const head = text.slice(0, 2000)
  const count = (attribute) => Number(attributeOf(head, attribute) ?? 0)
  const failed = count('failures') + count('errors')
  const skipped = count('skipped')
  const cases = text.split(/(?=<testcase\b)/).slice(1)
  const failures = cases
    .filter((each) => /<(failure|error)\b/.test(each))
    .map((each) => [
      attributeOf(each, 'name'),
      firstLine(attributeOf(/<(?:failure|error)\b[^>]*>/.exec(each)[0], 'message')),
    ])
    .map(([name, why]) => (why ? `${name}: ${why}` : name))
  return { passed: count('tests') - failed - skipped - count('disabled'), failed, skipped, failures }
}
