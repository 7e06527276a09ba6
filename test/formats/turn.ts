// Films that are turned for showing, whatever ffmpeg is there: the option that writes the turn has changed with its versions.
import { readFileSync, writeFileSync } from 'node:fs'

/** a, b, c, d of the display matrix: x' = a x + c y, y' = b x + d y. */
const turns = { 90: [0, 1, -1, 0], 180: [-1, 0, 0, -1], 270: [0, -1, 1, 0] } as const

/** The first track of an MP4 of ffmpeg's is shown turned clockwise by so many degrees from now on; gives the path. */
export function turn(path: string, degrees: 90 | 180 | 270): string {
  const bytes = readFileSync(path)
  const head = bytes.indexOf('tkhd')
  if (head < 0 || bytes[head + 4] !== 0) throw new Error(`${path} has no track header of version 0`)
  const matrix = head + 44
  turns[degrees].forEach((value, i) =>
    bytes.writeInt32BE(value * 0x10000, matrix + 12 * (i >> 1) + 4 * (i & 1)),
  )
  writeFileSync(path, bytes)
  return path
}
