// Stages that wait for each other, several at a time. Knows nothing of what they do. Plain Node, because a first start needs it too.

/**
 * Runs each stage when everything it needs has succeeded, as many at a time as fit into `lanes`. A stage is
 * `{ name, needs = [], lanes = 1, run }`; `run()` answers `{ isGood, … }` and is asked once. The earlier in the list come first
 * and are not overtaken. What needs a stage that did not succeed is left out; a need that is not in the list counts as met.
 * Answers a Map from name to what `run` answered; what was left out has no entry. Stages that need each other are an error.
 */
export async function schedule(stages, { lanes = Infinity, onStart = () => {}, onEnd = () => {} } = {}) {
  const known = new Set(stages.map((stage) => stage.name))
  const waiting = [...stages]
  const running = new Map()
  const results = new Map()
  const left = new Set()
  const needs = (stage) => (stage.needs ?? []).filter((name) => known.has(name))
  const size = (stage) => Math.min(stage.lanes ?? 1, lanes)

  function leaveOut() {
    const isLost = (stage) =>
      needs(stage).some((name) => left.has(name) || results.get(name)?.isGood === false)
    for (let at = waiting.findIndex(isLost); at >= 0; at = waiting.findIndex(isLost))
      left.add(waiting.splice(at, 1)[0].name)
  }
  function begin() {
    let free = lanes - [...running.values()].reduce((sum, { stage }) => sum + size(stage), 0)
    const isReady = (stage) => needs(stage).every((name) => results.get(name)?.isGood)
    for (const stage of waiting.filter(isReady)) {
      if (size(stage) > free) return
      free -= size(stage)
      waiting.splice(waiting.indexOf(stage), 1)
      onStart(stage)
      running.set(stage.name, { stage, done: stage.run().then((result) => ({ stage, result })) })
    }
  }
  for (begin(); running.size > 0; begin()) {
    const { stage, result } = await Promise.race([...running.values()].map(({ done }) => done))
    running.delete(stage.name)
    results.set(stage.name, result)
    onEnd(stage, result)
    leaveOut()
  }
  if (waiting.length > 0)
    throw new Error(`these stages wait for each other: ${waiting.map(({ name }) => name).join(', ')}`)
  return results
}

/** Some stages and all that they need, by name, in the order of `needs` (name to names); names it does not know are left out. */
export function withTheirNeeds(names, needs) {
  const all = new Set(names)
  for (const name of all) for (const need of needs[name] ?? []) all.add(need)
  return Object.keys(needs).filter((name) => all.has(name))
}
