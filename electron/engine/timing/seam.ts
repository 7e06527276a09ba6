// The line at which parts of two frames meet, as it is seen in the picture itself: there lines beside each other differ along the whole width, in the whole frame
// next to it they do not.
import type { Raster } from './changes.js'

type Plane = Pick<Uint8Array, number>

/** Lines on either side among which the plainest is looked for: movement tells the place only roughly. */
const near = 6
/** Lines away from a seam that are as the picture is everywhere. */
const away = 2

/** Mean difference, in levels of 255, of a line from the one above. */
function stepAt(plane: Plane, line: number, { width }: Raster): number {
  let sum = 0
  for (let at = line * width; at < (line + 1) * width; at++)
    sum += Math.abs((plane[at] ?? 0) - (plane[at - width] ?? 0))
  return sum / width
}

/** By how many levels a line near `line` stands out of `one`: from what lies around it, and from the same line of `other`. */
function plainest(one: Plane, other: Plane, line: number, raster: Raster): number {
  let most = -Infinity
  const first = Math.max(away + 1, line - near)
  const last = Math.min(raster.height - 1 - away, line + near)
  for (let at = first; at <= last; at++) {
    const around = (stepAt(one, at - away, raster) + stepAt(one, at + away, raster)) / 2
    const usual = Math.max(stepAt(other, at, raster), around)
    most = Math.max(most, stepAt(one, at, raster) - usual)
  }
  return most
}

/** By how many levels more a seam is seen in one of two frames that follow each other than in the other. */
export const seamIn = (one: Plane, other: Plane, line: number, raster: Raster): number =>
  plainest(one, other, line, raster) - plainest(other, one, line, raster)
