// What units name by hash becomes files, or an error that says what is missing.
import { expect, test } from 'vitest'
import { createResolver, located } from '../../../electron/app/render/resolver.js'
import { AppError } from '../../../electron/shared/contract/errors.js'
import type { Source } from '../../../electron/shared/media/source.js'
import type { Plan } from '../../../electron/shared/planning/plan.js'

const hash = (letter: string): string => letter.repeat(40)
const source = (path: string): Source => ({ id: hash('a'), name: 'tape.mp4', path }) as Source

/** The key `b` is finished, the model `d` is there. */
function resolver(there: Source | undefined) {
  const vanished = new AppError('source-vanished', 'It was moved.')
  const results = (folder: string) => ({
    pathOf: (key: string) => `/${folder}/${key}`,
    finished: (keys: readonly string[]) =>
      Promise.resolve(new Map(keys.filter((key) => key === hash('b')).map((key) => [key, {}]))),
  })
  return createResolver({
    media: {
      source: () => (there ? Promise.resolve(there) : Promise.reject(vanished)),
      tablePath: (id) => Promise.resolve(`/tables/${id}.json`),
    },
    models: {
      list: () => Promise.resolve([{ folder: '/models/soft', info: { hash: hash('d') } }] as never),
      interpolator: () => Promise.resolve({ folder: '/models/between', info: { hash: hash('b') } } as never),
    },
    store: { frames: results('frames'), segments: results('segments') } as never,
  })
}

test('a source is the file that is there now, with its table; one that has gone fails as such', async () => {
  const copy = source('/other/tape.mp4')
  expect(await resolver(copy).source(hash('a'))).toEqual({
    ...{ source: copy, tablePath: `/tables/${hash('a')}.json` },
  })
  await expect(resolver(undefined).source(hash('a'))).rejects.toMatchObject({ code: 'source-vanished' })
})

test('weights are found by their hash; where they are gone or were changed, that is told by it', async () => {
  expect(await resolver(undefined).weights(hash('d'))).toBe('/models/soft')
  await expect(resolver(undefined).weights(hash('e'))).rejects.toMatchObject({
    ...{ code: 'weights-missing', sentence: { key: 'weightsGone', values: { hash: 'e'.repeat(12) } } },
  })
})

test('results are files in the order of their keys; one that is missing is named', async () => {
  const { results, placeFor } = resolver(undefined)
  expect(await results('frames', [hash('b'), hash('b')])).toEqual([
    ...[`/frames/${hash('b')}`, `/frames/${hash('b')}`],
  ])
  await expect(results('segments', [hash('b'), hash('c')])).rejects.toMatchObject({
    ...{ code: 'not-found', sentence: { key: 'resultGone', values: { key: 'c'.repeat(12) } } },
  })
  expect(placeFor('segments', hash('c'))).toBe(`/segments/${hash('c')}`)
})

test('a plan is told where its sources lie now, and nothing else of it changes', async () => {
  const plan = {
    segments: [
      { source: source('/tape.mp4'), from: 0 },
      { source: source('/tape.mp4'), from: 9 },
    ],
    audio: [{ source: source('/tape.mp4'), fromSeconds: 0 }],
    frames: 18,
  } as unknown as Plan
  const there = source('/other/tape.mp4')
  const now = await located(plan, resolver(there))
  expect([...now.segments, ...now.audio].map((part) => part.source)).toEqual([there, there, there])
  expect({ ...now, segments: now.segments.map(({ from }) => from), audio: now.audio.length }).toEqual({
    ...{ segments: [0, 9], audio: 1, frames: 18 },
  })
})
