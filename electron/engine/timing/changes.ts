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

/** Rows of cells of a field that are looked at: [first, last). */
function rowsOf({ height }: Raster): { first: number; last: number } {
  const rows = Math.floor(height / 2 / cell)
  return { first: Math.ceil(rows * above), last: Math.floor(rows * below) }
}

/** Where a line of the picture lies among these rows: whole numbers are edges. */
export const rowOf = (raster: Raster, line: number): number => line / (2 * cell) - rowsOf(raster).first

/** Cells of one field, row by row. */
interface Cells {
  columns: number
  fine: Float32Array
  coarse: Float32Array
}

function cellsOf(now: Plane, before: Plane, raster: Raster, parity: 0 | 1): Cells {
  const { width } = raster
  const columns = Math.floor(width / cell)
  const { first, last } = rowsOf(raster)
  const count = Math.max(0, (last - first) * columns)
  const [fine, coarse] = [new Float32Array(count), new Float32Array(count)]
  for (let k = 0; k < count; k++) {
    const row = first + Math.floor(k / columns)
    const at = (row * cell * 2 + parity) * width + (k % columns) * cell
    const change = cellChange(now, before, at, 2 * width)
    fine[k] = change.fine
    coarse[k] = change.coarse
  }
  return { columns, fine, coarse }
}

const meanOf = ({ fine, coarse }: Cells): FieldChange =>
  fine.length === 0 ? { fine: 0, coarse: 0 } : { fine: movingMean(fine), coarse: movingMean(coarse) }

/** Of a field's cells in this order of change, so large a part is noise where anything stands still. */
const still = 0.05

/** Mean of every row of cells, from top to bottom, above what does not move; both fields. */
function rowsAbove(top: Cells, bottom: Cells, kind: keyof FieldChange): Float32Array {
  const [even, odd] = [top[kind], bottom[kind]]
  const { columns } = top
  const floorOf = (cells: Float32Array): number => cells.toSorted()[Math.floor(still * cells.length)] ?? 0
  const floor = floorOf(even) + floorOf(odd)
  const rows = new Float32Array(even.length / Math.max(1, columns))
  for (let k = 0; k < even.length; k++) {
    const row = Math.floor(k / columns)
    rows[row] = (rows[row] ?? 0) + ((even[k] ?? 0) + (odd[k] ?? 0) - floor) / 2 / columns
  }
  return rows
}

/** Of two grey pictures of one size. */
export interface Change {
  /** Lines 0, 2, 4 ... */
  top: FieldChange
  /** Lines 1, 3, 5 ... */
  bottom: FieldChange
  /** By height, in rows of 16 lines: what moves there. */
  rows: { fine: Float32Array; coarse: Float32Array }
}

export function changeOf(now: Plane, before: Plane, raster: Raster): Change {
  const [top, bottom] = [cellsOf(now, before, raster, 0), cellsOf(now, before, raster, 1)]
  const rows = { fine: rowsAbove(top, bottom, 'fine'), coarse: rowsAbove(top, bottom, 'coarse') }
  return { top: meanOf(top), bottom: meanOf(bottom), rows }
}
