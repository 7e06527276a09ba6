// What a file holds beside its film and sound, as it is named where it cannot be carried over.
import { type Phrase, phrase } from '../shared/words/sentences.js'
import type { ProbedStream } from './headers.js'
import { codecName } from './reportRow.js'

/** "subtitle subrip", "timecode 01:02:03;04" */
function otherOf(s: ProbedStream): string {
  const timecode = s.codec_tag_string === 'tmcd' ? s.tags?.['timecode'] : undefined
  return timecode === undefined
    ? `${s.codec_type ?? 'unknown'} ${s.codec_name ?? s.codec_tag_string ?? ''}`.trim()
    : `timecode ${timecode}`
}

/** Of these streams; a clock of the tape that has no track of its own (DV, MXF, Matroska) stands among the tags. */
export function othersOf(streams: readonly ProbedStream[], tags: Readonly<Record<string, string>>): string[] {
  const others = streams.map(otherOf)
  const timecode = Object.entries(tags).find(([key]) => /^timecode$/i.test(key))?.[1]
  const isTold = timecode === undefined || others.some((other) => other.startsWith('timecode '))
  return isTold ? others : [...others, `timecode ${timecode}`]
}

/** "subtitle subrip" -> subtitles (subrip) */
export function otherWords(other: string): Phrase {
  const [kind = '', what = ''] = other.split(' ')
  if (kind === 'timecode') return phrase('cellTimecode', { at: what })
  const key = ({ subtitle: 'cellSubtitles', video: 'cellVideo', attachment: 'cellAttachment' } as const)[kind]
  return key ? phrase(key, { codec: codecName(what) }) : phrase('cellData', { codec: what || kind })
}
