// Grain is told by what was put into a picture: how strong on dark and on bright, how wide, how coloured; edges that move do not count.
import { expect, test } from 'vitest'
import {
  type Picture,
  type Samples,
  enlarged,
  grainOf,
  lookAtGrain,
} from '../../../../electron/shared/media/keepsake/grainMeasure.js'
import { type Random, random } from '../../random.js'

const [width, height] = [256, 192]

const normal = (next: Random): number =>
  Math.sqrt(-2 * Math.log(1 - next.unit())) * Math.cos(2 * Math.PI * next.unit())

const plane = (w: number, h: number, at: (x: number, y: number) => number): Samples => ({
  ...{ width: w, height: h },
  values: Float32Array.from({ length: w * h }, (_, i) => at(i % w, Math.floor(i / w))),
})

/** Noise of deviation 1, blurred by a Gaussian of this deviation; 0: white. */
function noise(next: Random, w: number, h: number, size: number): Samples {
  const white = plane(w, h, () => normal(next))
  if (size === 0) return white
  const reach = Math.ceil(3 * size)
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * size * size)),
  )
  const norm = Math.sqrt(taps.reduce((sum, tap) => sum + tap * tap, 0))
  const along = (from: Samples, dx: number, dy: number): Samples =>
    plane(w, h, (x, y) =>
      taps.reduce((sum, tap, i) => {
        const [px, py] = [(x + dx * (i - reach) + w) % w, (y + dy * (i - reach) + h) % h]
        return sum + (tap / norm) * (from.values[py * w + px] ?? 0)
      }, 0),
    )
  return along(along(white, 1, 0), 0, 1)
}

interface Wanted {
  size: number
  chroma: number
  /** Pixels that the edges of the encoded picture lie off. */
  moved?: number
  level: (brightness: number) => number
}

/** Dark to bright from left to right, with bars that have hard edges. */
function pair(seed: number, { size, chroma, moved = 0, level }: Wanted): [Picture, Picture] {
  const next = random(seed)
  const bar = (x: number, y: number): number => (y % 96 < 32 && (x + y) % 96 < 32 ? 0.2 : 0)
  const scene = (shift: number) => (x: number, y: number) => 0.1 + (0.6 * x) / width + bar(x + shift, y)
  const grain = noise(next, width, height, size)
  const encoded = plane(width, height, scene(moved))
  const filmed = plane(width, height, (x, y) => {
    const clean = scene(0)(x, y)
    return clean + level(clean) * (grain.values[y * width + x] ?? 0)
  })
  const still = plane(width / 2, height / 2, () => 0.5)
  const coloured = (): Samples => {
    const own = noise(next, width / 2, height / 2, 0)
    return plane(
      width / 2,
      height / 2,
      (x, y) => 0.5 + chroma * level(0.4) * (own.values[(y * width) / 2 + x] ?? 0),
    )
  }
  return [
    { luma: filmed, chroma: [coloured(), coloured()] },
    { luma: encoded, chroma: [still, still] },
  ]
}

const measured = (wanted: Wanted) => grainOf([1, 2].map((seed) => lookAtGrain(...pair(seed, wanted), 65_535)))

test.each([0, 2])('strength by brightness, whether edges lie right or %i pixels off', (moved) => {
  const level = (brightness: number): number => 0.03 - 0.025 * brightness
  const grain = measured({ size: 0, chroma: 0.5, moved, level })
  // The ramp runs from 0.1 to 0.7: bands 1 to 5.
  for (const band of [1, 2, 3, 4, 5]) {
    const wanted = level((band + 0.5) / 8)
    expect(Math.abs((grain?.levels[band] ?? 0) - wanted), `band ${band}`).toBeLessThan(0.12 * wanted)
  }
  expect(grain?.size).toBeLessThan(0.3)
  expect(Math.abs((grain?.chroma ?? 0) - 0.5)).toBeLessThan(0.1)
})

test.each([0.5, 0.8, 1.2])('the width of a grain: %f pixels', (size) => {
  const grain = measured({ size, chroma: 0, level: () => 0.02 })
  expect(Math.abs((grain?.size ?? 0) - size)).toBeLessThan(0.15 * size)
  expect(grain?.chroma).toBeLessThan(0.05)
})

test('in a picture that was enlarged its grain is as wide as it is measured there', () => {
  const grain = noise(random(9), width / 2, height / 2, 0)
  const doubled = plane(width, height, (x, y) => {
    const at = (Math.floor(y / 2) * width) / 2 + Math.floor(x / 2)
    return 0.5 + 0.02 * (grain.values[at] ?? 0)
  })
  const still = { luma: plane(width, height, () => 0.5), chroma: [] }
  const there = grainOf([lookAtGrain({ luma: doubled, chroma: [] }, still, 65_535)])
  const small = { levels: [], size: 0, chroma: 0 }
  expect(Math.abs((there?.size ?? 0) - enlarged(small, 2).size)).toBeLessThan(0.1)
  expect(enlarged(small, 1)).toBe(small)
})

test('a picture without grain has none, and what rounding makes is none', () => {
  const [filmed, encoded] = pair(3, { size: 0, chroma: 0, level: () => 0 })
  const rounded = { ...filmed.luma, values: filmed.luma.values.map((value) => Math.round(255 * value) / 255) }
  const grain = grainOf([lookAtGrain({ luma: rounded, chroma: [] }, encoded, 255)])
  expect(Math.max(...(grain?.levels ?? [1]))).toBeLessThan(0.3 / 255)
})

test('where nothing is flat nothing is told; pictures of other sizes are not compared', () => {
  const next = random(5)
  const busy: Picture = { luma: plane(64, 64, () => next.unit()), chroma: [] }
  expect(grainOf([lookAtGrain(busy, busy, 255)])).toBeUndefined()
  const other: Picture = { luma: plane(32, 64, () => 0.5), chroma: [] }
  expect(lookAtGrain(busy, other, 255).seen).toEqual([])
  expect(grainOf([])).toBeUndefined()
})
