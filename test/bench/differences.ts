// How near frames are to others: PSNR of luma, over all of it or where something moves. Pure.
export interface Plane {
  width: number
  height: number
}

/** Side of a cell, and by how many levels of 255 a sample in it must differ between two keys for it to move. */
const [cell, step] = [8, 8]

/** By sample of luma: 1 where its cell moves between two keys. */
export function movingMask(a: Uint8Array, b: Uint8Array, { width, height }: Plane): Uint8Array {
  const columns = Math.ceil(width / cell)
  const moves = new Uint8Array(columns * Math.ceil(height / cell))
  const cellOf = (at: number): number =>
    Math.floor(Math.floor(at / width) / cell) * columns + Math.floor((at % width) / cell)
  for (let at = 0; at < width * height; at++)
    if (Math.abs((a[at] ?? 0) - (b[at] ?? 0)) > step) moves[cellOf(at)] = 1
  return Uint8Array.from({ length: width * height }, (_, at) => moves[cellOf(at)] ?? 0)
}

/** Of luma, in dB; where `mask` is 1. Undefined: there is nothing to compare. The same to the bit: that of an error of a thousandth. */
export function psnrOf(
  one: Uint8Array,
  truth: Uint8Array,
  { width, height }: Plane,
  mask?: Uint8Array,
): number | undefined {
  let [sum, count] = [0, 0]
  for (let at = 0; at < width * height; at++) {
    if (mask?.[at] === 0) continue
    sum += ((one[at] ?? 0) - (truth[at] ?? 0)) ** 2
    count++
  }
  return count === 0 ? undefined : 10 * Math.log10(255 ** 2 / Math.max(sum / count, 1e-3))
}

/** The mean of two frames, rounded up. */
export const blended = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  a.map((value, at) => (value + (b[at] ?? 0) + 1) >> 1)

export function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
}
