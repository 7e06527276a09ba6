// Where the scenes of a finished film begin: ffmpeg compares small pictures of all of it.
import { basename } from 'node:path'
import { frameAt } from '../shared/media/frameTable.js'
import type { FrameTable } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import type { Tools } from './resolve.js'
import { ownInputArguments, run } from './run.js'

/** Of 100, by which a picture differs from the one before: less is movement. */
const threshold = 12

const cutLine = /^\[scdet @ \w+\] lavfi\.scd\.score: *[\d.]+, lavfi\.scd\.time: *(-?[\d.]+)/

/** The first frames of all scenes but the first, rising. */
export async function cutsIn(
  tools: Tools,
  path: string,
  table: FrameTable,
  signal?: AbortSignal,
): Promise<number[]> {
  const seconds: number[] = []
  const onLine = (line: string): void => {
    const [, time] = cutLine.exec(line) ?? []
    if (time !== undefined) seconds.push(Number(time))
  }
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', ...ownInputArguments(path)],
    ...[
      '-map',
      '0:v:0',
      '-vf',
      `scale=160:-2:flags=fast_bilinear,scdet=threshold=${threshold}`,
      '-f',
      'null',
      '-',
    ],
  ]
  await run(tools.ffmpeg, args, { what: phrase('doCheck', { name: basename(path) }), signal, onLine }).done
  // A frame's time is written with six digits: a hair before or behind it.
  const frames = seconds.map((time) => frameAt(table, time + 0.0005))
  return [...new Set(frames)].filter((frame) => frame > 0).toSorted((a, b) => a - b)
}
