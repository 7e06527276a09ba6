// What a clip suffers from, by a few pairs of neighbouring pictures from its course, as the models would be shown them.
import { frameCount } from '../shared/media/frameTable.js'
import { decodedFormat } from '../ffmpeg/decode.js'
import { readerOf } from '../ffmpeg/readers.js'
import { findTools } from '../ffmpeg/resolve.js'
import type { Damage } from '../shared/media/damage.js'
import { fromNative, loadAddon } from './addon.js'
import type { DamageTask } from './protocol.js'
import { readTable } from './segment.js'

/** Where in the clip is looked: clear of leaders and fades at both ends. */
const moments = [0.2, 0.5, 0.8]

/** The first pictures of the pairs; a clip of one or two pictures has one pair. */
export const pairsOf = (frames: number): number[] => [
  ...new Set(moments.map((share) => Math.max(Math.min(Math.floor(frames * share), frames - 2), 0))),
]

export async function runDamage(
  { source, tablePath, folder }: DamageTask,
  signal: AbortSignal,
): Promise<Damage> {
  const [tools, table] = await Promise.all([findTools(), readTable(tablePath)])
  const frames: Uint8Array[] = []
  for (const from of pairsOf(frameCount(table))) {
    const pair: Uint8Array[] = []
    const to = Math.min(from + 2, frameCount(table))
    for await (const { data } of readerOf(source).decode(tools, source, { table, from, to, signal }).frames)
      pair.push(Uint8Array.from(data))
    const [first, second = first] = pair
    if (first && second) frames.push(first, second) // a photo beside itself
  }
  const work = loadAddon().estimateDamage(folder, decodedFormat(source), frames)
  const cancel = (): void => work.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await work.done
  } catch (error) {
    throw fromNative(error)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
