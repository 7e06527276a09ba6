// Exact time of the document: whole ticks of one base. A second has 705,600,000 of them, so that every frame of the rates
// 24, 25, 30, 48, 50, 60, 100, 120 per second and of their NTSC kin (times 1000/1001), every sample of 8, 11.025, 16, 22.05, 24, 32,
// 44.1, 48, 88.2, 96 and 192 kHz and every tick of 1/1000 and 1/90000 lies on a whole tick. Other times are rounded, once and always alike.
import { z } from 'zod'
import type { Ratio } from '../media/rational.js'

export const ticksPerSecond = 705_600_000
/** A thousand hours. Sums of three times stay whole numbers that a double holds exactly. */
export const longestTicks = 3_600_000 * ticksPerSecond

export const Time = z.number().int().min(0).max(longestTicks)
export type Time = z.infer<typeof Time>
/** A length of time that is not empty. */
export const Duration = Time.min(1)
export type Duration = z.infer<typeof Duration>

/** value * num / den to the nearest whole number, halves up; exact for all whole numbers >= 0, however large the product. */
export function scaled(value: number, num: number, den: number): number {
  const twice = 2 * value * num + den
  if (Number.isSafeInteger(twice) && Number.isSafeInteger(2 * den))
    return (twice - (twice % (2 * den))) / (2 * den)
  const [a, b, c] = [BigInt(value), BigInt(num), BigInt(den)]
  return Number((2n * a * b + c) / (2n * c))
}

/** When frame `frame` of a constant rate begins. */
export const timeOfCount = (rate: Ratio, frame: number): Time =>
  scaled(ticksPerSecond, frame * rate.den, rate.num)

/** The last frame of a constant rate that has begun at a time: the way back of `timeOfCount`, exact for rates up to half the base. */
export function countAtTime(rate: Ratio, time: Time): number {
  const guess = Number((BigInt(time) * BigInt(rate.num)) / (BigInt(rate.den) * BigInt(ticksPerSecond)))
  return timeOfCount(rate, guess + 1) <= time
    ? guess + 1
    : timeOfCount(rate, guess) > time
      ? guess - 1
      : guess
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** Every frame of the rate begins on a whole tick. */
export const isHeldExactly = ({ num, den }: Ratio): boolean => ticksPerSecond % (num / gcd(num, den)) === 0
