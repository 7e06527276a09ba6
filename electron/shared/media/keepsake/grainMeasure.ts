// The grain of a picture: what stands in the filmed picture and not in the encoded one, in places where there is nothing else to differ by. Pure.
// Flat blocks only, and the middle one of many: an edge that moved by a hair differs by more than grain, and stands in few of them.
import { type Grain, lumaBands } from './scenes.js'

/** Samples in shares of white, 0..1, row by row. */
export interface Samples {
  width: number
  height: number
  values: Float32Array
}

/** Planes of one picture: luma, and the two of chroma at whatever size they have; none where there is no colour. */
export interface Picture {
  luma: Samples
  chroma: readonly Samples[]
}

const block = 16
/** A block is flat by the means of its small squares: what is left of grain in the encoded picture hardly moves them. */
const small = 4
/** Standard deviation of those means up to which it is: 3 of 255. */
const flat = 3 / 255
/** Blocks of a band that have to be seen before its level counts. */
const fewest = 6
const mostSize = 16

/** One flat block, by what differs in it. */
interface Seen {
  band: number
  /** Variance of the difference, and what neighbours have in common, -1..1. */
  variance: number
  common: number
  /** Mean variance of chroma's difference; undefined without colour. */
  chroma: number | undefined
}

export interface GrainSamples {
  seen: Seen[]
  /** Variance that rounding to the source's depth makes by itself. */
  rounding: number
}

interface Square {
  x: number
  y: number
  size: number
}

/** Mean and variance of `at` over a square of a plane. */
function spread(width: number, { x, y, size }: Square, at: (index: number) => number) {
  let [sum, squares] = [0, 0]
  for (let row = y; row < y + size; row++)
    for (let index = row * width + x; index < row * width + x + size; index++) {
      const value = at(index)
      sum += value
      squares += value * value
    }
  const count = size * size
  const mean = sum / count
  return { mean, variance: Math.max(0, squares / count - mean * mean) }
}

/** Variance of the means of the small squares of a square. */
function structureOf(width: number, { x, y, size }: Square, at: (index: number) => number): number {
  const along = size / small
  const means = Array.from({ length: along * along }, (_, i) => {
    const place = { x: x + small * (i % along), y: y + small * Math.floor(i / along), size: small }
    return spread(width, place, at).mean
  })
  const mean = means.reduce((sum, one) => sum + one, 0) / means.length
  return means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / means.length
}

/** How alike neighbours are, to the right and below: 0 of white noise, 1 of a surface. */
function commonOf(
  width: number,
  { x, y, size }: Square,
  mean: number,
  at: (index: number) => number,
): number {
  let [products, squares] = [0, 0]
  for (let row = y; row < y + size - 1; row++)
    for (let index = row * width + x; index < row * width + x + size - 1; index++) {
      const here = at(index) - mean
      products += (here * (at(index + 1) - mean + at(index + width) - mean)) / 2
      squares += here * here
    }
  return squares > 0 ? products / squares : 0
}

/** Of the same place in the planes of chroma. */
function chromaOf(filmed: Picture, encoded: Picture, { x, y }: Square): number | undefined {
  const variances = filmed.chroma.flatMap((plane, i) => {
    const other = encoded.chroma[i]
    if (!other || other.width !== plane.width || other.height !== plane.height) return []
    const share = plane.width / filmed.luma.width
    const down = plane.height / filmed.luma.height
    const [left, top] = [Math.floor(x * share), Math.floor(y * down)]
    const size = Math.max(2, Math.floor(block * Math.min(share, down)))
    if (left + size > plane.width || top + size > plane.height) return []
    const at = (index: number): number => (plane.values[index] ?? 0) - (other.values[index] ?? 0)
    return [spread(plane.width, { x: left, y: top, size }, at).variance]
  })
  return variances.length === 0 ? undefined : variances.reduce((sum, one) => sum + one, 0) / variances.length
}

/** What the flat blocks of two pictures of one size say; pictures of other sizes say nothing. `levels`: of the filmed samples (255 of 8 bits). */
export function lookAtGrain(filmed: Picture, encoded: Picture, levels: number): GrainSamples {
  const rounding = 1 / (12 * levels * levels)
  const { width, height, values } = encoded.luma
  if (filmed.luma.width !== width || filmed.luma.height !== height) return { seen: [], rounding }
  const seen: Seen[] = []
  const shown = (index: number): number => values[index] ?? 0
  const differing = (index: number): number => (filmed.luma.values[index] ?? 0) - (values[index] ?? 0)
  for (let y = 0; y + block <= height; y += block)
    for (let x = 0; x + block <= width; x += block) {
      const square = { x, y, size: block }
      if (structureOf(width, square, shown) > flat * flat) continue
      const { mean: brightness } = spread(width, square, shown)
      const { mean, variance } = spread(width, square, differing)
      const common = commonOf(width, square, mean, differing)
      const band = Math.min(lumaBands - 1, Math.max(0, Math.floor(brightness * lumaBands)))
      seen.push({ band, variance, common, chroma: chromaOf(filmed, encoded, square) })
    }
  return { seen, rounding }
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 0 ? (upper + (sorted[half - 1] ?? upper)) / 2 : upper
}

/** Bands that were not seen are as the nearest one that was. */
function filled(levels: readonly (number | undefined)[]): number[] {
  const known = levels.flatMap((level, band) => (level === undefined ? [] : [{ band, level }]))
  return levels.map((level, band) => {
    if (level !== undefined) return level
    return known.toSorted((a, b) => Math.abs(a.band - band) - Math.abs(b.band - band))[0]?.level ?? 0
  })
}

/** The blur that gives neighbours of white noise so much in common: a Gaussian's is exp(-1 / (4 s^2)). */
const sizeOf = (common: number): number =>
  common < 0.02 ? 0 : Math.min(mostSize, 0.5 / Math.sqrt(-Math.log(Math.min(0.999, common))))

/** The grain of a scene by all of its pictures that were looked at; undefined where too little of them is flat. */
export function grainOf(samples: readonly GrainSamples[]): Grain | undefined {
  const rounding = Math.max(0, ...samples.map((one) => one.rounding))
  const seen = samples.flatMap((one) => one.seen)
  if (seen.length < fewest) return undefined
  const levels = Array.from({ length: lumaBands }, (_, band) => {
    const own = seen.filter((one) => one.band === band)
    if (own.length < fewest) return undefined
    return Math.sqrt(Math.max(0, middle(own.map(({ variance }) => variance)) - rounding))
  })
  const coloured = seen.flatMap(({ chroma }) => (chroma === undefined ? [] : [chroma]))
  const luma = middle(seen.map(({ variance }) => variance))
  const chroma =
    coloured.length > 0 && luma > rounding
      ? Math.sqrt(Math.max(0, middle(coloured) - rounding) / (luma - rounding))
      : 0
  return {
    levels: filled(levels).map((level) => Math.min(1, level)),
    size: sizeOf(middle(seen.map(({ common }) => common))),
    chroma: Math.min(4, chroma),
  }
}

/** The same grain in a picture so many times as large: a pixel that was filmed is a square of several there. */
export const enlarged = (grain: Grain, times: number): Grain =>
  times === 1 ? grain : { ...grain, size: Math.min(mostSize, times * Math.sqrt(grain.size ** 2 + 1 / 12)) }
