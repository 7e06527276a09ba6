import { expect, test } from 'vitest'
import {
  invert,
  multiply,
  parseRational,
  rational,
  toNumber,
} from '../../../electron/shared/media/rational.js'

test('fractions are in lowest terms with a positive denominator', () => {
  expect(rational(50, -100)).toEqual({ num: -1, den: 2 })
  expect(multiply({ num: 30000, den: 1001 }, rational(2))).toEqual({ num: 60000, den: 1001 })
  expect(invert({ num: 16, den: 15 })).toEqual({ num: 15, den: 16 })
  expect(toNumber({ num: 1, den: 4 })).toBe(0.25)
})

test.each([
  ['30000/1001', { num: 30000, den: 1001 }],
  ['16:15', { num: 16, den: 15 }],
  ['25', { num: 25, den: 1 }],
  ['0/1', { num: 0, den: 1 }],
])('reads %s', (text, value) => expect(parseRational(text)).toEqual(value))

test.each(['', '1/0', 'N/A', '1.5', '1/2/3', ' 25', undefined])('refuses %s', (text) => {
  expect(parseRational(text)).toBeUndefined()
})
