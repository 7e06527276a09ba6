// Whether pictures are woven of two fields, and which field came first: seen by ffmpeg's idet, because files are wrong about it.
import { FieldCounts, Source } from '../shared/source.js'
import { phrase } from '../shared/sentences.js'
import { checkUnchanged } from './probe.js'
import { Tools } from './resolve.js'
import { inputArguments, runText } from './run.js'

/** Where in the film is looked, clear of leaders and fades at both ends, and at how many pictures each time. */
const moments = [0.2, 0.5, 0.8]
const picturesEach = 30

/** The words that idet leaves with every picture. */
export function countsOf(text: string): FieldCounts {
  const count = (word: string): number => text.split(`multiple.current_frame=${word}`).length - 1
  return { top: count('tff'), bottom: count('bff'), whole: count('progressive') }
}

export async function fieldCounts(tools: Tools, source: Source, signal?: AbortSignal): Promise<FieldCounts> {
  await checkUnchanged(source)
  const texts: string[] = []
  for (const share of moments)
    texts.push(
      await runText(
        tools.ffmpeg,
        [
          ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-threads', '2'],
          ...['-ss', (share * source.durationSeconds).toFixed(3), ...inputArguments(source.path)],
          ...['-map', `0:${source.video.index}`, '-frames:v', String(picturesEach)],
          // "multiple" weighs the pictures before as well: a single one is often undecided.
          ...['-vf', 'idet,metadata=mode=print:key=lavfi.idet.multiple.current_frame:file=-'],
          ...['-f', 'null', '-'],
        ],
        { what: phrase('doRead', { name: source.name }), signal },
      ),
    )
  return countsOf(texts.join('\n'))
}
