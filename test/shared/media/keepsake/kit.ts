// A Keepsake box as tests write it.
import { type Keepsake } from '../../../../electron/shared/media/keepsake/keepsake.js'
import { runsOf } from '../../../../electron/shared/media/keepsake/quantiser.js'
import type { Scene } from '../../../../electron/shared/media/keepsake/scenes.js'

export const scene = (from: number, to: number, level = 0.01): Scene => ({
  ...{ from, to },
  grain: { levels: Array.from({ length: 8 }, (_, band) => level * (1 + band / 8)), size: 0.75, chroma: 0.5 },
})

/** Of a film of so many frames whose pictures and sound have these bytes. */
export function keepsakeFor(frames: number, media = { bytes: 1000, sha256: 'ab'.repeat(32) }): Keepsake {
  const half = Math.ceil(frames / 2)
  return {
    info: {
      writer: 'Heirloom 0.1.0',
      base: { mediaBytes: media.bytes, mediaSha256: media.sha256, frames, width: 64, height: 48 },
      encoder: { codec: 'av1', name: 'SVT-AV1', version: '1.4.1', settings: 'preset 6, crf 40' },
      sources: [{ fingerprint: 'cd'.repeat(32) }],
      seed: 7,
      model: null,
      invented: { inFilm: [], onTop: ['grain'] },
    },
    scenes: half < frames ? [scene(0, half), scene(half, frames, 0.02)] : [scene(0, frames)],
    quantiser: runsOf(Array.from({ length: frames }, (_, i) => (i % 10 === 0 ? 0.25 : 0.5))),
  }
}
