// Calls that come in from outside, of any shape, are answered with a sentence.
import { expect, test } from 'vitest'
import { type Api, requestNames } from '../../../electron/shared/contract/api.js'
import { answerCall } from '../../../electron/shared/contract/wire.js'

const api = new Proxy({}, { get: () => () => Promise.resolve(undefined) }) as Api

/** As JSON of a megabyte can be. */
function deep(into: (inner: unknown) => unknown): unknown {
  let value: unknown = 1
  for (let i = 0; i < 100_000; i++) value = into(value)
  return value
}

test.each([
  ['lists in lists', deep((inner) => [inner])],
  ['objects in objects', deep((inner) => ({ id: inner, clips: inner, values: inner }))],
])('%s, as deep as they like, are refused by name', async (_, value) => {
  const keyOf = async (raw: unknown): Promise<string | undefined> => {
    const answer = await answerCall(api, raw)
    return 'failure' in answer ? answer.failure.sentence?.key : undefined
  }
  for (const raw of [value, { id: 1, name: value, args: [] }, { id: value, name: value, args: value }])
    expect(await keyOf(raw)).toBe('requestUnknown')
  for (const name of requestNames)
    expect(await keyOf({ id: 1, name, args: [value, value] }), name).toBe('requestForm')
})

test.each([[undefined], [null], [7], [true], ['x'.repeat(100)]])('%s is no request', async (name) => {
  const answer = await answerCall(api, { id: 3, name, args: [] })
  expect(answer).toMatchObject({ id: 3, failure: { sentence: { key: 'requestUnknown' } } })
})
