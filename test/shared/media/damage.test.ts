import { describe, expect, test } from 'vitest'
import {
  type Damage,
  conditionOf,
  isUntaggedInterlaced,
  mainDamage,
  suggestedStrength,
} from '../../../electron/shared/media/damage.js'
import { source } from '../sources.js'

const damage = (over: Partial<Damage>): Damage => ({
  ...{ noise: 0, blockiness: 0, blur: 0, combing: 0, position: 0, strength: 0 },
  ...over,
})

// What the estimator says of real files (models/LOG.md, 18), and what a person should get for it.
test.each([
  ['a clean phone clip', 'hevc', { noise: 0.01, blockiness: 0.06, blur: 0.03, strength: 0 }, 0.6, 'good'],
  ['a web encode', 'h264', { noise: 0.01, blockiness: 0.25, blur: 0.12, strength: 0.25 }, 0.6, 'good'],
  ['a DVD', 'mpeg2video', { noise: 0.01, blockiness: 0.15, blur: 0.11, strength: 0.07 }, 0.75, 'light'],
  ['an old phone', 'h263', { noise: 0.01, blockiness: 0.35, blur: 0.18, strength: 0.43 }, 0.75, 'light'],
  ['a film scan', 'h264', { noise: 0.3, blockiness: 0.28, blur: 0.2, strength: 0.65 }, 0.65, 'light'],
  ['out of focus', 'h264', { noise: 0.02, blockiness: 0.31, blur: 0.38, strength: 0.9 }, 0.85, 'clear'],
  ['starved VP9', 'vp9', { noise: 0.01, blockiness: 0.47, blur: 0.3, strength: 0.94 }, 0.95, 'bad'],
  ['a bad tape', 'h264', { noise: 0.61, blockiness: 0.43, blur: 0.29, strength: 1 }, 1, 'bad'],
] as const)('%s begins between sensible bounds', (_, codec, seen, strength, condition) => {
  expect(suggestedStrength(damage(seen), { codec })).toBe(strength)
  expect(conditionOf(strength)).toBe(condition)
})

test('what stands out is named, and nothing where nothing does', () => {
  expect(mainDamage(damage({ noise: 0.61, blockiness: 0.43, blur: 0.29 }))).toBe('noise')
  expect(mainDamage(damage({ noise: 0.02, blockiness: 0.31, blur: 0.38 }))).toBe('blur')
  expect(mainDamage(damage({ blockiness: 0.26, blur: 0.2 }))).toBeUndefined()
})

describe('interlaced fields', () => {
  const isWarned = (fieldOrder: 'progressive' | 'unknown' | 'tff', combing: number): boolean =>
    isUntaggedInterlaced(source('a', { fieldOrder }), damage({ combing }))
  test('are told of only where the file does not', () => {
    expect([isWarned('progressive', 0.33), isWarned('unknown', 1), isWarned('tff', 1)]).toEqual([
      true,
      true,
      false,
    ])
  })
  test('are not read into the line noise of a bad tape', () => {
    expect(isWarned('progressive', 0.18)).toBe(false)
  })
})
