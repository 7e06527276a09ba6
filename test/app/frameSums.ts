// Checksums of a film's frames, in order: which are the same to the bit.
import { tool } from '../engine/bundle.js'

export const frameSums = (path: string): string[] =>
  tool('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:v',
    '-fps_mode',
    'passthrough',
    '-f',
    'framemd5',
    '-',
  ])
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').at(-1)!.trim())
