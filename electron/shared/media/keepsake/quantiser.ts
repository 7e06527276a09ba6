// How coarsely the encoder wrote each frame of a Keepsake film, 0 (finest) to 1 (coarsest), as run lengths in the order of showing.

/** So many frames that follow each other, all of one value. */
export interface QuantiserRun {
  frames: number
  value: number
}

const runBytes = 6
const unit = 65_535

/** As they are kept: in steps of 1/65,535. */
export function runsOf(values: Iterable<number>): QuantiserRun[] {
  const runs: QuantiserRun[] = []
  for (const each of values) {
    const value = Math.round(Math.min(1, Math.max(0, each)) * unit) / unit
    const last = runs.at(-1)
    if (last?.value === value) last.frames++
    else runs.push({ frames: 1, value })
  }
  return runs
}

export function writeQuantiser(runs: readonly QuantiserRun[]): Uint8Array {
  const bytes = new Uint8Array(4 + runs.length * runBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, runs.length)
  runs.forEach(({ frames, value }, i) => {
    view.setUint32(4 + i * runBytes, frames)
    view.setUint16(8 + i * runBytes, Math.round(value * unit))
  })
  return bytes
}

/** Undefined where the bytes do not say it of exactly so many frames. */
export function readQuantiser(data: Uint8Array, frames: number): QuantiserRun[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const count = data.length < 4 ? 0 : view.getUint32(0)
  if (data.length !== 4 + count * runBytes) return undefined
  const runs = Array.from({ length: count }, (_, i) => ({
    frames: view.getUint32(4 + i * runBytes),
    value: view.getUint16(8 + i * runBytes) / unit,
  }))
  const sum = runs.reduce((all, run) => all + run.frames, 0)
  return sum === frames && runs.every((run) => run.frames > 0) ? runs : undefined
}
