// What is said of a Keepsake: in both languages, whole and damaged.
import { expect, test } from 'vitest'
import { keepsakeRows, problemOf } from '../../../../electron/shared/media/keepsake/facts.js'
import type { FoundKeepsake } from '../../../../electron/shared/media/keepsake/keepsake.js'
import { localeOf } from '../../../../electron/shared/words/lookup.js'
import { keepsakeFor } from './kit.js'

const { info, scenes } = keepsakeFor(20)
const there: Extract<FoundKeepsake, { state: 'there' }> = {
  ...{ state: 'there', from: 9000, to: 10_000, version: { major: 1, minor: 0 }, media: 'same' },
  ...{ info, scenes, quantiser: { least: 0.25, mean: 0.475, most: 0.5 }, unread: [], damages: [] },
}

test('who wrote it, with which encoder, how large it is, and what may be drawn on top', () => {
  const english = Object.fromEntries(keepsakeRows(there, 10_000, localeOf('en')))
  expect(english).toMatchObject({
    Keepsake: 'format 1.0, 1000 bytes, 10 % of the file',
    encoder: 'SVT-AV1 1.4.1 (av1) preset 6, crf 40',
    ...{ 'written by': 'Heirloom 0.1.0', 'on top': 'grain', model: 'none', scenes: '2' },
  })
  expect(english['in the film']).toBeUndefined() // nothing: there is no line without a value
  const invented = { inFilm: ['enhanced by Heirloom S'], onTop: ['grain', 'detail', 'stars'] }
  const japanese = keepsakeRows({ ...there, info: { ...info, invented } }, 10_000, localeOf('ja'))
  expect(japanese.map(([, value]) => value)).toEqual(
    expect.arrayContaining(['enhanced by Heirloom S', '粒子; 細部; stars']),
  )
})

test('why it is not used is one sentence', () => {
  const keyOf = (found: FoundKeepsake): string | undefined => problemOf(found, 'a.mp4')?.key
  expect(keyOf(there)).toBeUndefined()
  expect(keyOf({ state: 'none' })).toBe('keepsakeNone')
  expect(keyOf({ state: 'newer', from: 0, to: 9, version: { major: 2, minor: 0 } })).toBe('keepsakeNewer')
  expect(keyOf({ ...there, media: 'other' })).toBe('keepsakeOther')
  const damages = [{ place: 'qntz', what: 'cutOff' as const, from: 9900, to: 10_000 }]
  expect(keyOf({ ...there, media: 'other', damages })).toBe('keepsakeDamaged')
})
