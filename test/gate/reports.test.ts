// What the gate reads from the reports of its stages.
import { expect, test } from 'vitest'
import { junitReport, vitestReport } from './reports.mjs'

test('vitest: failed tests with their files, and files that could not be loaded', () => {
  const report = {
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 2,
    testResults: [
      {
        name: '/test/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'holds' },
          {
            status: 'failed',
            fullName: 'falls',
            failureMessages: ['AssertionError: 1 is not 2\n    at line'],
          },
        ],
      },
      { name: '/test/b.test.ts', status: 'failed', message: 'no such module\nstack', assertionResults: [] },
      { name: '/test/c.test.ts', status: 'passed', message: '', assertionResults: [] },
    ],
  }
  expect(vitestReport(JSON.stringify(report))).toEqual({
    passed: 3,
    failed: 1,
    skipped: 2,
    failures: ['/test/a.test.ts > falls: AssertionError: 1 is not 2', '/test/b.test.ts: no such module'],
  })
})

test('ctest and pytest: counts of the head, names of what failed', () => {
  const report = `<testsuite name="a" tests="5" failures="1" errors="1" skipped="1">
<testcase classname="x" name="good"/>
<testcase classname="x" name="bad"><failure message="assert 1 == 2&#10;more">text</failure></testcase>
<testcase name="mute" status="fail"><failure message=""/></testcase>
<testcase name="left"><skipped message="needs torch"/></testcase></testsuite>`
  expect(junitReport(report)).toEqual({
    passed: 2,
    failed: 2,
    skipped: 1,
    failures: ['bad: assert 1 == 2&#10;more', 'mute'],
  })
  expect(junitReport('')).toEqual({ passed: 0, failed: 0, skipped: 0, failures: [] })
})
