// What is drawn on the frames of a Keepsake film as its part says: the quantisers that a model is told, and grain as the last layer over what is shown.
// The part is read off the film itself, which is a unit's source (docs/decisions/0025).
import { failing } from '../shared/contract/errors.js'
import type { FrameTimes } from '../shared/document/frames.js'
import { type EnhanceSettings, type Frame, drawsGrain } from '../shared/document/project.js'
import type { Time } from '../shared/document/time.js'
import type { Keepsake } from '../shared/media/keepsake/keepsake.js'
import { type Scene, scaledGrain } from '../shared/media/keepsake/scenes.js'
import type { Source } from '../shared/media/source.js'
import type { UnitMotion } from '../shared/planning/motionUnits.js'
import type { FrameFormat } from '../ffmpeg/format.js'
import { readKeepsake } from '../ffmpeg/keepsakeBox.js'
import { type GrainLayer, type StreamOptions, fromNative, loadAddon } from './addon.js'
import type { Sink } from './pipeline.js'

/** Undefined where nothing of it is drawn. Fails where it was whole when this was planned and no longer is. */
export async function keepsakeFor(
  { path, name }: Pick<Source, 'path' | 'name'>,
  { isEnabled, grain }: EnhanceSettings,
): Promise<Keepsake | undefined> {
  if (!isEnabled || grain === undefined) return undefined
  const keepsake = await readKeepsake(path)
  if (!keepsake) throw failing('keepsake-damaged', 'keepsakeOther', { name })
  return keepsake
}

/** Of frames [from, to), by the time at which each run of one quantiser begins. */
export function quantisersOf(
  { quantiser }: Pick<Keepsake, 'quantiser'>,
  times: FrameTimes,
  { from, to }: { from: Frame; to: Frame },
): NonNullable<StreamOptions['quantisers']> {
  const found: { from: Time; quantiser: number }[] = []
  let first = 0
  for (const { frames, value } of quantiser) {
    const end = first + frames
    if (end > from && first < to) found.push({ from: times.timeOf(Math.max(first, from)), quantiser: value })
    first = end
  }
  return found
}

/** Where in its film what is shown lies: at a frame, or so many millionths of the way to the next that is there. */
export interface Drawn {
  frame: Frame
  way: number
}

/** Of a motion, what is shown has its place in it for a time. */
export const drawnAt =
  (times: FrameTimes, motion: UnitMotion | undefined) =>
  (time: Time): Drawn => {
    const shown = motion?.shown[time]
    if (!motion) return { frame: times.frameAt(time), way: 0 }
    return { frame: shown?.key ?? 0, way: Math.round(1e6 * (shown?.t ?? 0)) }
  }

function painter({ info, scenes }: Pick<Keepsake, 'info' | 'scenes'>, layer: GrainLayer) {
  let last: Scene | undefined
  return async (picture: Uint8Array, { frame, way }: Drawn): Promise<void> => {
    if (!last || frame < last.from || frame >= last.to)
      last = scenes.find(({ from, to }) => frame >= from && frame < to)
    if (!last) return // the film has more frames than its part knows of
    const place = { seed: info.seed, frame, way }
    await layer.draw(picture, scaledGrain(last.grain), place).catch((error: unknown) => {
      throw fromNative(error)
    })
  }
}

/** Grain over all that is written. A copy is drawn on: the same frame may be shown again. */
export function grainSink(
  inner: Sink,
  keepsake: Keepsake,
  { format, threads, placeOf }: { format: FrameFormat; threads: number; placeOf: (time: Time) => Drawn },
): Sink {
  const draw = painter(keepsake, loadAddon().openGrain(format, threads))
  let own: Uint8Array | undefined
  return {
    ...inner,
    async write(data, time) {
      own ??= new Uint8Array(data.length)
      own.set(data)
      await draw(own, placeOf(time))
      await inner.write(own, time)
    },
  }
}

/** Grain over one picture, in place. */
export async function drawGrain(
  picture: Uint8Array,
  keepsake: Keepsake | undefined,
  enhance: EnhanceSettings,
  { format, threads, frame }: { format: FrameFormat; threads: number; frame: Frame },
): Promise<void> {
  if (!keepsake || !drawsGrain(enhance)) return
  await painter(keepsake, loadAddon().openGrain(format, threads))(picture, { frame, way: 0 })
}
