// Who computes when, without an engine: units chunk by chunk, urgent work between their chunks.
import { expect, test } from 'vitest'
import { type UnitTurn, createTurns } from '../../electron/engine/turns.js'

const never = new AbortController().signal
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Work that goes on until it is told to end. */
function chunk(): { work: () => Promise<string>; end: () => void } {
  let end = (): void => undefined
  const done = new Promise<string>((resolve) => (end = () => resolve('made')))
  return { work: () => done, end: () => end() }
}

/** A step of a unit, and whether it has begun and ended. */
function step(unit: UnitTurn, work: () => Promise<unknown> = () => Promise.resolve(), signal = never) {
  const seen = { hasBegun: false, ended: '' }
  const begin = (): Promise<unknown> => {
    seen.hasBegun = true
    return work()
  }
  unit.step(begin, signal).then(
    () => (seen.ended = 'done'),
    (error: { code?: string }) => (seen.ended = error.code ?? 'failed'),
  )
  return seen
}

test('urgent work begins when the chunk under way is made, and the unit goes on after its end', async () => {
  const turns = createTurns()
  const unit = await turns.unit(never)
  const first = chunk()
  const begun = step(unit, first.work)
  let isIn = false
  const urgent = turns.urgent(never).then((turn) => ((isIn = true), turn))
  await settle()
  expect([begun.hasBegun, isIn]).toEqual([true, false])
  first.end()
  const turn = await urgent
  const second = step(unit)
  await settle()
  expect(second.hasBegun).toBe(false)
  turn.end()
  await settle()
  expect(second.ended).toBe('done')
})

test('no unit begins while somebody urgent is there or waits, and urgent work takes turns', async () => {
  const turns = createTurns()
  const order: string[] = []
  const first = await turns.urgent(never)
  const second = turns.urgent(never).then((turn) => (order.push('second'), turn))
  void turns.unit(never).then(() => order.push('unit'))
  await settle()
  expect(order).toEqual([])
  first.end()
  await settle()
  expect(order).toEqual(['second'])
  const turn = await second
  turn.end()
  turn.end() // still one
  await settle()
  expect(order).toEqual(['second', 'unit'])
})

test('where there is no room beside a unit, it goes on to its end, and the next one waits', async () => {
  const turns = createTurns()
  const unit = await turns.unit(never)
  unit.holds(7)
  const turn = await turns.urgent(never)
  expect(turn.heldBytes()).toBe(7)
  const held = step(unit)
  let isAlone = false
  const alone = turn.alone().then(() => (isAlone = true))
  await settle()
  expect([held.ended, isAlone]).toEqual(['done', false])
  let hasNext = false
  void turns.unit(never).then(() => (hasNext = true))
  unit.end()
  await alone
  expect([turn.heldBytes(), hasNext]).toEqual([0, false])
  turn.end()
  await settle()
  expect(hasNext).toBe(true)
})

test('who waits can be cancelled, and leaves nobody waiting', async () => {
  const turns = createTurns()
  const unit = await turns.unit(never)
  const turn = await turns.urgent(never)
  const [ofStep, ofUrgent, ofUnit] = [new AbortController(), new AbortController(), new AbortController()]
  const held = step(unit, undefined, ofStep.signal)
  const codes = [turns.urgent(ofUrgent.signal), turns.unit(ofUnit.signal)].map((asked) =>
    asked.then(
      () => '',
      (error: { code?: string }) => error.code,
    ),
  )
  for (const controller of [ofStep, ofUrgent, ofUnit]) controller.abort()
  expect(await Promise.all(codes)).toEqual(['cancelled', 'cancelled'])
  expect([held.hasBegun, held.ended]).toEqual([false, 'cancelled'])
  turn.end()
  unit.end()
  await (await turns.urgent(never)).alone()
})

test('a chunk that fails gives the turn back', async () => {
  const turns = createTurns()
  const unit = await turns.unit(never)
  const failed = step(unit, () => Promise.reject(new Error('no')))
  const turn = await turns.urgent(never)
  expect(failed.ended).toBe('failed')
  turn.end()
})
