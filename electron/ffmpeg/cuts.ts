// Where the scenes of a finished film begin: ffmpeg compares small pictures of all of it, and says so line by line.
import { frameAt } from '../shared/media/frameTable.js'
import type { FrameTable } from '../shared/media/source.js'

/** Of 100, by which a picture differs from the one before: less is movement. */
const threshold = 12

/** ffmpeg's filter that says where cuts are. */
export const cutFilter = `scale=160:-2:flags=fast_bilinear,scdet=threshold=${threshold}`

const cutLine = /^\[[\w@ ]*scdet\w* @ \w+\] lavfi\.scd\.score: *[\d.]+, lavfi\.scd\.time: *(-?[\d.]+)/

/** Takes the lines of that filter; gives the first frames of all scenes but the first, rising. */
export function cutReader(table: FrameTable): { take: (line: string) => void; cuts: () => number[] } {
  const seconds: number[] = []
  return {
    take(line) {
      const [, time] = cutLine.exec(line) ?? []
      if (time !== undefined) seconds.push(Number(time))
    },
    cuts() {
      // A frame's time is written with six digits: a hair before or behind it.
      const frames = seconds.map((time) => frameAt(table, time + 0.0005))
      return [...new Set(frames)].filter((frame) => frame > 0).toSorted((a, b) => a - b)
    },
  }
}
