// Whether a model gives pictures at all: one that is broken (weights of NaN, a card that computes wrongly) gives even grey or black, or the same
// picture again and again. Looks at a sparse grid of the luma only, and refuses what no good model makes of such a source; not a judge of quality.
import { type FrameFormat } from '../ffmpeg/format.js'
import type { Time } from '../shared/document/time.js'

export type Fault = 'flat' | 'frozen'

export interface Watch {
  /** Before a picture goes into the model. */
  pushed(frame: Uint8Array, time: Time): void
  /** What comes out is held against what was on show at its time. Pictures that only warm up are not judged. Throws what `fail` makes. */
  produced(frame: Uint8Array, time: Time, isKept: boolean): void
  finish(): void
}

const [columns, rows, samples] = [12, 8, 8]

/** Mean luma of each field of a grid, in codes of 8 bits. */
export function fieldsOf(data: Uint8Array, { width, height, bits }: FrameFormat): Float64Array {
  const luma = bits > 8 ? new Uint16Array(data.buffer, data.byteOffset, width * height) : data
  const codes = samples * samples * 2 ** (bits - 8)
  const fields = new Float64Array(columns * rows)
  for (let y = 0; y < rows * samples; y++) {
    const line = Math.floor(((y + 0.5) * height) / (rows * samples)) * width
    const first = Math.floor(y / samples) * columns
    for (let x = 0; x < columns * samples; x++) {
      const at = line + Math.floor(((x + 0.5) * width) / (columns * samples))
      const field = first + Math.floor(x / samples)
      fields[field] = (fields[field] ?? 0) + (luma[at] ?? 0) / codes
    }
  }
  return fields
}

function spread(fields: Float64Array): number {
  const mean = fields.reduce((sum, field) => sum + field, 0) / fields.length
  return Math.sqrt(fields.reduce((sum, field) => sum + (field - mean) ** 2, 0) / fields.length)
}

const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, field, i) => sum + Math.abs(field - (b[i] ?? 0)), 0) / a.length

const isEqual = (a: Float64Array, b: Float64Array): boolean => a.every((field, i) => field === b[i])

/** A source that shows something, far above what noise leaves in a field's mean, and a result that shows nothing at all. */
const [shows, showsNothing] = [8, 0.75]
/** A single flash in the dark may be lost; this many pictures in a row are not. */
const flatRun = 3
/** While the results stayed the same in every field, the source went on moving for so many pictures, and so far altogether. */
const [step, frozenSteps, moves] = [1, 8, 6]

export function createWatch(
  input: FrameFormat,
  output: FrameFormat,
  fail: (fault: Fault, frame: number) => Error,
): Watch {
  /** Of pictures that are in the model; the first is the one on show. */
  const sources: { number: number; time: Time; fields: Float64Array }[] = []
  let [number, kept] = [0, 0]
  /** Since the results show nothing. */
  let flat: { from: number; count: number } | undefined
  /** Since the result is the same. */
  let still: { from: number; source: Float64Array; result: Float64Array; steps: number } | undefined
  let before: Float64Array | undefined
  return {
    pushed: (frame, time) => void sources.push({ number: number++, time, fields: fieldsOf(frame, input) }),
    produced(frame, time, isKept) {
      for (let next = sources[1]; next && next.time <= time; next = sources[1]) sources.shift()
      const [shown] = sources
      if (!isKept || !shown) return
      kept++
      const { number: at, fields: source } = shown
      const result = fieldsOf(frame, output)
      if (spread(source) < shows || spread(result) >= showsNothing) flat = undefined
      else flat = { from: flat?.from ?? at, count: (flat?.count ?? 0) + 1 }
      if (flat?.count === flatRun) throw fail('flat', flat.from)
      if (!still || !isEqual(still.result, result)) still = { from: at, source, result, steps: 0 }
      else if (before && distance(before, source) >= step) still.steps++
      if (still.steps >= frozenSteps && distance(still.source, source) >= moves)
        throw fail('frozen', still.from)
      before = source
    },
    finish() {
      if (flat && flat.count === kept) throw fail('flat', flat.from) // fewer than a run, and not one shows anything
    },
  }
}
