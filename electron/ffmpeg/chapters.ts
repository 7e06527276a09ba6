// The chapters of a film: those of its sources, cut to what is kept of them and moved to where that stands.
import type { OutputSpec } from '../shared/contract/output.js'
import { toNumber } from '../shared/media/rational.js'
import type { Chapter, Source } from '../shared/media/source.js'
import type { Plan } from '../shared/planning/plan.js'
import { mergedRanges } from './audio.js'
import { filmLength, tempoOf } from './filmSound.js'
import { tagLine } from './tags.js'

interface PlacedChapter {
  title: string
  source: Source
  /** Among the chapters of its source. */
  index: number
  /** Where it stands in the film. */
  from: number
  to: number
  /** What of its source it holds, in seconds of that. */
  own: { from: number; to: number }
}

/** Of a range that begins at so many seconds of the film: what of its source's chapters lies in it. */
function chaptersIn(range: Plan['audio'][number], atSeconds: number): PlacedChapter[] {
  const { source, fromSeconds, toSeconds } = range
  const placed = (seconds: number): number => atSeconds + (seconds - fromSeconds) / tempoOf(range)
  return source.chapters
    .map(({ title, from, to }, index): PlacedChapter => {
      const own = { from: Math.max(from, fromSeconds), to: Math.min(to, toSeconds) }
      return { title, source, index, own, from: placed(own.from), to: placed(own.to) }
    })
    .filter(({ from, to }) => to - from > 0.001)
}

/** Whether a chapter goes on where another part of it ended: in the film, and but for a frame in its source, since a motion has frames of its own. */
const goesOn = (before: PlacedChapter, { source, index, from, own }: PlacedChapter): boolean =>
  before.source.id === source.id &&
  before.index === index &&
  Math.abs(from - before.to) < 0.001 &&
  Math.abs(own.from - before.own.to) < 1.001 / toNumber(source.video.frameRate)

/** The chapters of what is kept: each clip's, cut to it and moved to where it stands in the film; one where nothing was cut out of it. */
export function chaptersOf(plan: Pick<Plan, 'audio'>): Chapter[] {
  let start = 0
  const found: PlacedChapter[] = []
  for (const range of mergedRanges(plan)) {
    for (const part of chaptersIn(range, start)) {
      const before = found.findLast((one) => goesOn(one, part))
      if (before) Object.assign(before, { to: part.to, own: { ...before.own, to: part.own.to } })
      else found.push(part)
    }
    start += filmLength(range)
  }
  return found.map(({ title, from, to }) => ({ title, from, to }))
}

/** In ffmpeg's text form, for after the tags. MP4 and MOV have no gap before the first chapter: one without a title stands there. */
export function chapterText(chapters: readonly Chapter[], container: OutputSpec['container']): string {
  const ticks = (seconds: number): number => Math.round(seconds * 1e6)
  const first = chapters[0]?.from ?? 0
  const gap = container === 'mkv' || first < 0.001 ? [] : [{ from: 0, to: first, title: '' }]
  const text = [...gap, ...chapters].map(
    ({ from, to, title }) =>
      `[CHAPTER]\nTIMEBASE=1/1000000\nSTART=${ticks(from)}\nEND=${ticks(to)}\n${tagLine('title', title)}`,
  )
  return text.join('')
}
