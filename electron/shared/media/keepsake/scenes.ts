// The scenes of a Keepsake film and the grain that each was filmed with: a table of records of one length.
import { z } from 'zod'

export const lumaBands = 8

export const Grain = z.object({
  /** Standard deviation of luma's grain, in shares of white (0..1), by the brightness it lies on: eight bands of equal width. */
  levels: z.array(z.number().min(0).max(1)).length(lumaBands),
  /** How wide a grain is, in pixels of this film: the standard deviation of the blur that makes white noise alike; 0 where neighbours have nothing in common. */
  size: z.number().min(0).max(16),
  /** Standard deviation of chroma's grain as a share of luma's. */
  chroma: z.number().min(0).max(4),
})
export type Grain = z.infer<typeof Grain>

/** Frames [from, to) of the film as it is shown. */
export const Scene = z.object({
  from: z.number().int().nonnegative(),
  to: z.number().int().positive(),
  grain: Grain,
})
export type Scene = z.infer<typeof Scene>

/** Whether there is any to be drawn. */
export const hasGrain = (scenes: readonly Scene[]): boolean =>
  scenes.some(({ grain }) => grain.levels.some((level) => level > 0))

/** from, to (u32), levels (u16, of 65,535), size and chroma (u16, of 4,096). */
const recordBytes = 8 + 2 * lumaBands + 4
const levelUnit = 65_535
const shareUnit = 4_096
export const mostScenes = 1 << 16

const clamped = (value: number): number => Math.min(65_535, Math.max(0, Math.round(value)))

/** In the units in which it is kept, which are the engine's. */
export const scaledGrain = ({ levels, size, chroma }: Grain) => ({
  levels: levels.map((level) => clamped(level * levelUnit)),
  ...{ size: clamped(size * shareUnit), chroma: clamped(chroma * shareUnit) },
})

export function writeScenes(scenes: readonly Scene[]): Uint8Array {
  const bytes = new Uint8Array(4 + scenes.length * recordBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, scenes.length)
  scenes.forEach(({ from, to, grain }, i) => {
    const at = 4 + i * recordBytes
    view.setUint32(at, from)
    view.setUint32(at + 4, to)
    const { levels, size, chroma } = scaledGrain(grain)
    levels.forEach((level, band) => view.setUint16(at + 8 + 2 * band, level))
    view.setUint16(at + 8 + 2 * lumaBands, size)
    view.setUint16(at + 10 + 2 * lumaBands, chroma)
  })
  return bytes
}

/** Undefined where they are no table of scenes that follow each other from the first frame to the last. */
export function readScenes(data: Uint8Array, frames: number): Scene[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const count = data.length < 4 ? 0 : view.getUint32(0)
  if (count > mostScenes || data.length !== 4 + count * recordBytes) return undefined
  const scenes = Array.from({ length: count }, (_, i): Scene => {
    const at = 4 + i * recordBytes
    const levels = Array.from(
      { length: lumaBands },
      (_, band) => view.getUint16(at + 8 + 2 * band) / levelUnit,
    )
    const size = view.getUint16(at + 8 + 2 * lumaBands) / shareUnit
    const chroma = view.getUint16(at + 10 + 2 * lumaBands) / shareUnit
    return { from: view.getUint32(at), to: view.getUint32(at + 4), grain: { levels, size, chroma } }
  })
  const isInOrder = scenes.every(({ from, to }, i) => from === (scenes[i - 1]?.to ?? 0) && to > from)
  const isSane = scenes.every(({ grain }) => Grain.safeParse(grain).success)
  return isInOrder && isSane && scenes.at(-1)?.to === frames ? scenes : undefined
}
