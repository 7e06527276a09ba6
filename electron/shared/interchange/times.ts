// Times of one rate in units of another, exact by whole numbers however large, and timecode as tapes and edit lists count it.
import type { Rational } from '../media/rational.js'

const big = ({ num, den }: Rational): [bigint, bigint] => [BigInt(num), BigInt(den)]

/** So many units of one rate (units per second) in units of another, to the nearest; whether nothing was rounded. */
export function converted(units: number, from: Rational, to: Rational): { units: number; isExact: boolean } {
  const [[a, b], [c, d]] = [big(from), big(to)]
  const [over, under] = [BigInt(units) * b * c, a * d]
  const rounded = (2n * over + under) / (2n * under)
  return { units: Number(rounded), isExact: over % under === 0n }
}

/** Seconds as a fraction in lowest terms: units of a rate. */
export function secondsOf(units: number, rate: Rational): { num: bigint; den: bigint } {
  const [a, b] = big(rate)
  const [num, den] = [BigInt(units) * b, a]
  const divisor = gcd(num, den)
  return { num: num / divisor, den: den / divisor }
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) || 1n : gcd(b, a % b))

export const isSameRate = (a: Rational, b: Rational): boolean => a.num * b.den === b.num * a.den

/** Frames that a timecode counts in a second: 30 for 30000/1001. */
export const nominal = ({ num, den }: Rational): number => Math.max(1, Math.round(num / den))

/** Rates whose timecode may drop numbers, so that it keeps to the clock: 30000/1001 and 60000/1001. */
export const canDrop = (rate: Rational): boolean =>
  [30000, 60000].some((num) => isSameRate(rate, { num, den: 1001 }))

/** Numbers that are left out in each minute but every tenth. */
const dropped = (perSecond: number): number => Math.round(perSecond / 15)

const two = (n: number): string => String(n).padStart(2, '0')

/** `01:00:00:12`, with dropped numbers `01:00:00;12`; from 24 hours on it begins again. */
export function timecode(frame: number, perSecond: number, isDrop: boolean): string {
  let number = frame
  if (isDrop) {
    const drop = dropped(perSecond)
    const [minute, tenth] = [60 * perSecond - drop, 600 * perSecond - 9 * drop]
    const [tens, rest] = [Math.floor(frame / tenth), frame % tenth]
    const minutes = rest < 60 * perSecond ? 0 : 1 + Math.floor((rest - 60 * perSecond) / minute)
    number += drop * (9 * tens + minutes)
  }
  const seconds = Math.floor(number / perSecond)
  const [hours, minutes] = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  const mark = isDrop ? ';' : ':'
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}${mark}${two(number % perSecond)}`
}

/** The way back; undefined for what is no timecode of so many frames per second. A semicolon or a point says that numbers are dropped. */
export function framesOfTimecode(
  text: string,
  perSecond: number,
): { frames: number; isDrop: boolean } | undefined {
  const match = /^(\d{2}):(\d{2}):(\d{2})([:;.])(\d{2,3})$/.exec(text.trim())
  if (!match) return undefined
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map(Number)
  const frame = Number(match[5])
  if (hours > 23 || minutes > 59 || seconds > 59 || frame >= perSecond) return undefined
  const isDrop = match[4] !== ':'
  const all = hours * 60 + minutes
  const left = isDrop ? dropped(perSecond) * (all - Math.floor(all / 10)) : 0
  return { frames: (all * 60 + seconds) * perSecond + frame - left, isDrop }
}
