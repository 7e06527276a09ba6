// Exact fractions for rates and time bases. Plain data, so that they travel over the contract as they are.
import { z } from 'zod'

export const Rational = z.object({ num: z.number().int(), den: z.number().int().positive() })
export type Rational = z.infer<typeof Rational>

const mostOfRatio = 1_000_000_000
/** A positive fraction: frames per second, a shape of pixels, a speed. */
export const Ratio = z.strictObject({
  num: z.number().int().min(1).max(mostOfRatio),
  den: z.number().int().min(1).max(mostOfRatio),
})
export type Ratio = z.infer<typeof Ratio>

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b))

/** A fraction in lowest terms; `den` must not be 0. */
export function rational(num: number, den = 1): Rational {
  const divisor = gcd(num, den) || 1
  const sign = den < 0 ? -1 : 1
  return { num: (sign * num) / divisor, den: (sign * den) / divisor }
}

/** Reads `30000/1001`, `16:15` or `25`; undefined for anything else and for a zero denominator. */
export function parseRational(text: string | undefined): Rational | undefined {
  const match = /^(-?\d+)(?:[/:](\d+))?$/.exec(text ?? '')
  if (!match) return undefined
  const den = Number(match[2] ?? 1)
  return den === 0 ? undefined : rational(Number(match[1]), den)
}

/** The fraction itself where it is a Ratio, else the one next to it that is: off by a billionth of the larger number. */
export function ratioNear(r: Rational): Ratio {
  const over = Math.max(r.num, r.den) / mostOfRatio
  if (over <= 1) return { num: r.num, den: r.den }
  const { num, den } = rational(Math.max(1, Math.round(r.num / over)), Math.max(1, Math.round(r.den / over)))
  return { num, den }
}

export const toNumber = (r: Rational): number => r.num / r.den
export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den)
export const invert = (r: Rational): Rational => rational(r.den, r.num)
