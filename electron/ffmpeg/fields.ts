// Whether pictures are interlaced, and which field came first: seen by ffmpeg's idet, because files are wrong about it.
import { durationOf, frameAt, keyFrameAt, secondsOf, stretches } from '../shared/media/frameTable.js'
import { FieldCounts, FrameTable, Source } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { Tools } from './resolve.js'
import { runText } from './run.js'
import { sectionArguments } from './sections.js'
import { checkUnchanged } from './unchanged.js'

/** Where in the film is looked, clear of leaders and fades at both ends, and at how many pictures each time. */
const moments = [0.2, 0.5, 0.8]
const picturesEach = 30

/** The words that idet leaves with every picture. */
export function countsOf(text: string): FieldCounts {
  const count = (word: string): number => text.split(`multiple.current_frame=${word}`).length - 1
  return { top: count('tff'), bottom: count('bff'), whole: count('progressive') }
}

/** The recording that lies at a moment of the film, opened at a key picture some way before it, and its picture. */
function at(source: Source, table: FrameTable, seconds: number): { args: string[]; stream: number } {
  const [stretch] = stretches(table, seconds, durationOf(table))
  const { section, atSeconds } = stretch?.clock ?? { section: undefined, atSeconds: 0 }
  const stream = section ? (section.streams[source.video.index] ?? -1) : source.video.index
  const [first, last] = [section?.frame ?? 0, frameAt(table, seconds)]
  // A stream without an index is entered a little late: the key picture before the last one is still reached.
  const before = keyFrameAt(table, last, 1)
  const key = before !== undefined && before >= first ? before : undefined
  const from =
    key === undefined ? (table.keyFrames.length === 0 ? seconds : atSeconds) : secondsOf(table, key)
  const seek = from > atSeconds ? ['-ss', (from - atSeconds).toFixed(3)] : []
  return { args: [...seek, ...sectionArguments(source, section)], stream }
}

/** `table`: says where the recordings of a joined file lie. */
export async function fieldCounts(
  tools: Tools,
  source: Source,
  table: FrameTable,
  signal?: AbortSignal,
): Promise<FieldCounts> {
  await checkUnchanged(source)
  const texts: string[] = []
  for (const share of moments) {
    const { args, stream } = at(source, table, share * durationOf(table))
    texts.push(
      await runText(
        tools.ffmpeg,
        [
          ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-threads', '2'],
          ...[...args, '-map', `0:${stream}`, '-frames:v', String(picturesEach)],
          // "multiple" weighs the pictures before as well: a single one is often undecided.
          ...['-vf', 'idet,metadata=mode=print:key=lavfi.idet.multiple.current_frame:file=-'],
          ...['-f', 'null', '-'],
        ],
        { what: phrase('doRead', { name: source.name }), signal },
      ),
    )
  }
  return countsOf(texts.join('\n'))
}
