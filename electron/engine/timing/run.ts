// In what rhythm a film shows its frames: every one of them is decoded once, small.
import { decode } from '../../ffmpeg/decode.js'
import { storedLines } from '../../ffmpeg/geometry.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { runsOf } from '../../shared/media/runs.js'
import { lossesIn, ratesOf } from '../../shared/media/rates.js'
import { type Timing } from '../../shared/media/timing.js'
import { toNumber } from '../../shared/media/rational.js'
import type { OnProgress, TimingTask } from '../protocol.js'
import { readTable } from '../segment.js'
import { repeatedFrames, sectionsOf } from './cadences.js'
import { type FieldChange, type Raster, fieldChange } from './changes.js'
import { cutsOf, distance, thumbnail } from './cuts.js'
import { evidenceOf } from './evidence.js'

/** Columns of the small frames: enough to see an eye move, few enough to average the noise of a tape. */
const columns = 160
const progressEvery = 25

interface Seen {
  top: FieldChange[]
  bottom: FieldChange[]
  distances: { one: number[]; three: number[] }
}

const none: FieldChange = { fine: 0, coarse: 0 }

/** Takes frame after frame, and writes down how each differs from those before. */
function watcher(raster: Raster): { seen: Seen; look: (data: Uint8Array) => void } {
  const seen: Seen = { top: [], bottom: [], distances: { one: [], three: [] } }
  const thumbnails: Float32Array[] = []
  let before: Uint8Array | undefined
  return {
    seen,
    look(data) {
      seen.top.push(before ? fieldChange(data, before, raster, 0) : none)
      seen.bottom.push(before ? fieldChange(data, before, raster, 1) : none)
      const small = thumbnail(data, raster)
      const from = (back: number): number => {
        const earlier = thumbnails.at(-back)
        return earlier ? distance(small, earlier) : 0
      }
      seen.distances.one.push(from(1))
      seen.distances.three.push(from(3))
      thumbnails.push(small)
      if (thumbnails.length > 3) thumbnails.shift()
      before ??= new Uint8Array(data.length)
      before.set(data)
    },
  }
}

export async function runTiming(
  { source, tablePath }: TimingTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Timing> {
  const [tools, table] = await Promise.all([findTools(), readTable(tablePath)])
  const as = storedLines(source.video, columns)
  const { seen, look } = watcher(as.format)
  const range = { table, from: 0, to: frameCount(table) }
  for await (const { frame, data } of decode(tools, source, { ...range, signal, as }).frames) {
    look(data)
    if (frame % progressEvery === 0) onProgress(frame)
  }
  const film = { top: evidenceOf(seen.top), bottom: evidenceOf(seen.bottom) }
  const sections = sectionsOf(film, toNumber(source.video.frameRate))
  return {
    frames: seen.top.length,
    rates: ratesOf(table),
    sections,
    repeated: runsOf(repeatedFrames(film, sections)),
    torn: [],
    lost: lossesIn(table),
    cuts: cutsOf(seen.distances),
  }
}
