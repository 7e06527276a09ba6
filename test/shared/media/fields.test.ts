import { expect, test } from 'vitest'
import {
  Source,
  firstField,
  isTakenApart,
  isWoven,
  outputRate,
  withFields,
} from '../../../electron/shared/media/source.js'
import { source } from '../sources.js'

test('a file with its fields read otherwise is a source of its own, and knows its way back', () => {
  const file = source('a')
  const apart = withFields(file, 'bff')
  expect(Source.parse(apart)).toEqual(apart)
  expect(apart.id).not.toBe(file.id)
  expect(apart).toMatchObject({ path: file.path, told: { id: file.id, fieldOrder: 'progressive' } })
  expect([isTakenApart(file), isTakenApart(apart)]).toEqual([false, true])
  expect(outputRate(apart.video)).toEqual({ num: 50, den: 1 })
  expect(withFields(apart, null)).toEqual(file)
  expect(withFields(apart, 'progressive')).toEqual(file)
  expect(withFields(apart, 'tff')).toEqual(withFields(file, 'tff'))
  expect(withFields(file, 'tff').id).not.toBe(apart.id)
})

test('a flagged file is the same source when its own order is chosen, and another when its pictures stay whole', () => {
  const file = source('a', { fieldOrder: 'tff' })
  expect(withFields(file, 'tff')).toEqual(file)
  const whole = withFields(file, 'progressive')
  expect(whole.video.fieldOrder).toBe('progressive')
  expect(isTakenApart(whole)).toBe(false)
})

test('the first field is the one that most pictures show, top where none does', () => {
  expect(firstField({ top: 3, bottom: 20, whole: 0 })).toBe('bff')
  expect(firstField({ top: 20, bottom: 3, whole: 0 })).toBe('tff')
  expect(firstField({ top: 0, bottom: 0, whole: 9 })).toBe('tff')
  expect(isWoven({ top: 30, bottom: 0, whole: 1 })).toBe(true)
  expect(isWoven({ top: 16, bottom: 7, whole: 8 })).toBe(false) // what idet says of a drawn test card
  expect(isWoven({ top: 0, bottom: 0, whole: 0 })).toBe(false)
})
