// Where shots begin, told from very small pictures of every frame. A flash is no cut: behind it the picture is what it was.
import type { Raster } from './changes.js'

const [columns, rows] = [16, 12]
/** Levels of 255 by which a picture differs at least at a cut, and how many times what its neighbours differ by. */
const least = 6
const times = 4
/** Frames on both sides that it is compared with. */
const around = 8
/** Of these in rising order, the one that is taken for all. */
const usual = 0.7
/** So many frames behind a flash the picture is there again. */
const flash = 2

type Plane = Pick<Uint8Array, number>

/** Means of a grid of cells. */
export function thumbnail(plane: Plane, { width, height }: Raster): Float32Array {
  const means = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [top, bottom] = [Math.floor((row * height) / rows), Math.floor(((row + 1) * height) / rows)]
      const [left, right] = [
        Math.floor((column * width) / columns),
        Math.floor(((column + 1) * width) / columns),
      ]
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += plane[y * width + x] ?? 0
      means[row * columns + column] = sum / Math.max(1, (bottom - top) * (right - left))
    }
  return means
}

/** Mean difference in levels. */
export function distance(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (const [k, value] of one.entries()) sum += Math.abs(value - (other[k] ?? 0))
  return sum / Math.max(1, one.length)
}

/** By frame: how far its thumbnail is from that of the frame before, and from that of three frames before. 0 where there is none. */
export interface Distances {
  one: readonly number[]
  three: readonly number[]
}

/** What moves among these, also where most of them only show the frame before again. */
function level(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(usual * values.length)] ?? 0
}

/** First frames of shots, in rising order; the film's own first frame is none of them. */
export function cutsOf({ one, three }: Distances): number[] {
  const cuts: number[] = []
  for (const [frame, far] of one.entries()) {
    if (frame === 0 || far < least) continue
    const before = one.slice(Math.max(1, frame - around), frame)
    const after = one.slice(frame + 1, frame + 1 + around)
    if (far < times * Math.max(1, level([...before, ...after]))) continue
    const behind = three[frame + flash]
    if (behind !== undefined && behind < 0.6 * far) continue
    if ((cuts.at(-1) ?? -Infinity) < frame - 1) cuts.push(frame)
  }
  return cuts
}
