// Takes one small frame of a film after the other and writes down how each differs from those before.
import { type FieldChange, type Raster, changeOf } from './changes.js'
import { distance, thumbnail } from './cuts.js'
import { tearFinder } from './torn.js'

/** Frame by frame; of the first there is nothing to say. */
export interface Seen {
  top: FieldChange[]
  bottom: FieldChange[]
  distances: { one: number[]; three: number[] }
  /** Complete once the last frame was looked at. */
  torn: () => number[]
}

const none: FieldChange = { fine: 0, coarse: 0 }

export function watcher(raster: Raster): { seen: Seen; look: (data: Uint8Array) => void } {
  const tears = tearFinder(raster)
  const seen: Seen = { top: [], bottom: [], distances: { one: [], three: [] }, torn: tears.found }
  const thumbnails: Float32Array[] = []
  let before: Uint8Array | undefined
  return {
    seen,
    look(data) {
      const change = before && changeOf(data, before, raster)
      if (before && change) tears.look(data, before, change)
      seen.top.push(change?.top ?? none)
      seen.bottom.push(change?.bottom ?? none)
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
