// Where, from one line to the next, what moves above stands still below or the other way round, along the whole width: so it is where parts of two frames
// of a film meet in one stored frame.
import type { Raster } from './changes.js'

/** Columns to a mean, lines on either side of an edge. */
const [wide, high] = [8, 4]
/** Mean squares of differences, in levels of 255: less does not move; and so many times what the quietest show. */
const [least, times] = [3, 10]
/** Of all places in order of their change, this one shows noise alone. */
const still = 0.05
/** One side moves by so many times what the other does. */
const factor = 3

type Plane = Pick<Uint8Array, 'length' | number>

/** By line: of the columns that move on either side of it, the share in which only what is above moves less the share of the others, -1 to 1; 0 where few move. */
export type StepProfile = Float32Array

/** Squares of the means of differences: lines by columns of `wide`. */
function squares(now: Plane, before: Plane, { width, height }: Raster): Float32Array {
  const columns = Math.floor(width / wide)
  const found = new Float32Array(columns * height)
  for (let line = 0; line < height; line++)
    for (let column = 0; column < columns; column++) {
      const from = line * width + column * wide
      let sum = 0
      for (let at = from; at < from + wide; at++) sum += (now[at] ?? 0) - (before[at] ?? 0)
      found[line * columns + column] = (sum / wide) ** 2
    }
  return found
}

/** Means of `high` lines from each on. */
function blocks(of: Float32Array, columns: number, height: number): Float32Array {
  const found = new Float32Array(columns * Math.max(0, height - high + 1))
  for (let column = 0; column < columns; column++) {
    let sum = 0
    for (let line = 0; line < height; line++) {
      sum += of[line * columns + column] ?? 0
      if (line >= high) sum -= of[(line - high) * columns + column] ?? 0
      if (line >= high - 1) found[(line - high + 1) * columns + column] = Math.max(0, sum) / high
    }
  }
  return found
}

export function stepProfile(now: Plane, before: Plane, raster: Raster): StepProfile {
  const { width, height } = raster
  const columns = Math.floor(width / wide)
  const moves = blocks(squares(now, before, raster), columns, height)
  const floor = moves.toSorted()[Math.floor(still * moves.length)] ?? 0
  const enough = Math.max(least, times * floor)
  const profile = new Float32Array(height)
  for (let line = high; line + high <= height; line++) {
    let [moving, net] = [0, 0]
    for (let column = 0; column < columns; column++) {
      const above = moves[(line - high) * columns + column] ?? 0
      const below = moves[line * columns + column] ?? 0
      if (Math.max(above, below) < enough) continue
      moving++
      if (above > factor * below) net++
      else if (below > factor * above) net--
    }
    profile[line] = 6 * moving >= columns ? net / moving : 0
  }
  return profile
}
