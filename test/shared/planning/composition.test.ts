// Where a frame of another size stands in a film.
import { expect, test } from 'vitest'
import { placingOf } from '../../../electron/shared/planning/composition.js'
import { random } from '../random.js'

const size = (width: number, height: number): { width: number; height: number } => ({ width, height })
const numbers = (...args: Parameters<typeof placingOf>): number[] => {
  const { scaled, part, at } = placingOf(...args)
  return [scaled.width, scaled.height, part.width, part.height, part.x, part.y, at.x, at.y]
}

test('an upright film in a wide one: whole between bars, filling it, or as it is', () => {
  const [phone, tape] = [size(1080, 1920), size(768, 576)]
  expect(numbers(phone, tape, 'fit')).toEqual([324, 576, 324, 576, 0, 0, 222, 0])
  expect(numbers(phone, tape, 'fill')).toEqual([768, 1366, 768, 576, 0, 394, 0, 0])
  expect(numbers(phone, tape, 'centre')).toEqual([1080, 1920, 768, 576, 156, 672, 0, 0])
})

test('a film of the same shape covers it exactly; a small one in the middle has bars all around', () => {
  const film = size(1920, 1080)
  for (const fit of ['fit', 'fill'] as const)
    expect(numbers(size(640, 360), film, fit)).toEqual([1920, 1080, 1920, 1080, 0, 0, 0, 0])
  expect(numbers(size(854, 480), film, 'fit')).toEqual([1920, 1080, 1920, 1080, 0, 0, 0, 0]) // 16:9 by name
  expect(numbers(size(640, 360), film, 'centre')).toEqual([640, 360, 640, 360, 0, 0, 640, 360])
})

test.each(Array.from({ length: 200 }, (_, seed) => seed + 1))(
  'all is even and inside, nothing is lost that fits (seed %i)',
  (seed) => {
    const r = random(seed)
    const side = (): number => 2 * r.whole(1, r.pick([10, 500, 2000]))
    const [own, film] = [size(side(), side()), size(side(), side())]
    const fit = r.pick(['fit', 'fill', 'centre'] as const)
    const { scaled, part, at } = placingOf(own, film, fit)
    for (const number of numbers(own, film, fit)) expect(number % 2).toBe(0)
    expect(part.x >= 0 && part.x + part.width <= scaled.width).toBe(true)
    expect(part.y >= 0 && part.y + part.height <= scaled.height).toBe(true)
    expect(at.x >= 0 && at.x + part.width <= film.width).toBe(true)
    expect(at.y >= 0 && at.y + part.height <= film.height).toBe(true)
    const covers = part.width === film.width && part.height === film.height
    if (fit === 'fit') expect([part.width, part.height]).toEqual([scaled.width, scaled.height])
    if (fit === 'fill') expect(covers).toBe(true)
    if (fit === 'centre') expect(scaled).toEqual(own)
    // In the middle to a sample of chroma.
    expect(Math.abs(film.width - part.width - 2 * at.x)).toBeLessThanOrEqual(2)
    expect(Math.abs(scaled.height - part.height - 2 * part.y)).toBeLessThanOrEqual(2)
  },
)
