// How much each field of a stored frame differs from the same field before: by small grey pictures whose lines are still those of the file.

/** Samples to a cell's side. */
const cell = 8
/** Cells of a quarter of that, whose means tell slow movement under noise. */
const quarter = 4
/** Lines above, and below where tapes show their head switching, that are not looked at. */
const [above, below] = [0.04, 0.92]
/** Of the cells, in order of their change, these shares: what moves, without the few that flicker. */
const [low, high] = [0.85, 0.97]

/** Mean squares of differences in levels of 255: of samples, and of the means of small cells. */
export interface FieldChange {
  fine: number
  coarse: number
}

function movingMean(values: Float32Array): number {
  const sorted = values.toSorted()
  const to = Math.max(1, Math.floor(sorted.length * high))
  const from = Math.min(to - 1, Math.floor(sorted.length * low))
  return sorted.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from)
}

export interface Raster {
  width: number
  height: number
}

type Plane = Pick<Uint8Array, 'length' | number>

/** Sum of squares, and of the squared means of its quarters, of one cell's differences; `at`: its first sample. */
function cellChange(now: Plane, before: Plane, at: number, stride: number): FieldChange {
  let [fine, coarse] = [0, 0]
  for (let part = 0; part < (cell / quarter) ** 2; part++) {
    const from = at + (part >> 1) * quarter * stride + (part & 1) * quarter
    let sum = 0
    for (let y = 0; y < quarter; y++)
      for (let x = 0; x < quarter; x++) {
        const place = from + y * stride + x
        const difference = (now[place] ?? 0) - (before[place] ?? 0)
        fine += difference * difference
        sum += difference
      }
    coarse += (sum / quarter ** 2) ** 2
  }
  return { fine: fine / cell ** 2, coarse: coarse / (cell / quarter) ** 2 }
}

/** Of the lines 0, 2, 4 ... (`parity` 0, the top field) or 1, 3, 5 ... of two grey pictures of one size. */
export function fieldChange(
  now: Plane,
  before: Plane,
  { width, height }: Raster,
  parity: 0 | 1,
): FieldChange {
  const columns = Math.floor(width / cell)
  const rows = Math.floor(height / 2 / cell)
  const [first, last] = [Math.ceil(rows * above), Math.floor(rows * below)]
  const count = Math.max(0, (last - first) * columns)
  if (count === 0) return { fine: 0, coarse: 0 }
  const [fine, coarse] = [new Float32Array(count), new Float32Array(count)]
  for (let k = 0; k < count; k++) {
    const row = first + Math.floor(k / columns)
    const at = (row * cell * 2 + parity) * width + (k % columns) * cell
    const change = cellChange(now, before, at, 2 * width)
    fine[k] = change.fine
    coarse[k] = change.coarse
  }
  return { fine: movingMean(fine), coarse: movingMean(coarse) }
}
