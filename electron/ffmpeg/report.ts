// The report of an export: the finished file is opened and read as any other, and laid beside its sources.
// It judges nothing but sameness; what must never differ (pictures, their times, their size) is checked in written.ts.
import { toNumber } from '../shared/media/rational.js'
import { OutputSpec } from '../shared/contract/output.js'
import { Plan } from '../shared/planning/plan.js'
import { Report, ReportRow } from '../shared/contract/report.js'
import { Message, SentenceKey, message } from '../shared/words/sentences.js'
import { Chapter, Source } from '../shared/media/source.js'
import { formatTenths } from '../shared/media/timecode.js'
import { compositionsOf } from './compositions.js'
import { otherWords } from './otherTracks.js'
import { probe } from './probe.js'
import { isRange, lengthRows } from './reportLength.js'
import { State, nearly, pictureRows, row, short } from './reportRow.js'
import { KeptTracks, soundRows } from './reportSound.js'
import { Tools } from './resolve.js'
import { type Listener, soundTracks } from './soundLook.js'
import { momentWords } from './tags.js'

/** Rounded: containers write 0.999 for 1. */
const clock = (seconds: number): string => formatTenths(Math.max(0, seconds) + 0.05)

/** "2: Garden (0:00.0-0:02.0), Lake (0:02.0-0:04.5)" */
function chapterWords(chapters: readonly Chapter[]): string {
  const each = chapters.map(({ title, from, to }) => `${title} (${clock(from)}-${clock(to)})`.trim())
  return each.length === 0 ? '' : `${each.length}: ${each.join(', ')}`
}

/** A picture is the finest that a chapter can begin at; containers round, and Matroska shows its first picture some milliseconds late. */
const chapterWithin = ({ video }: Source): number => Math.max(0.05, 1 / toNumber(video.frameRate))

/** MP4 and MOV know no gaps: there a chapter lasts until the next one. */
function areSame(found: readonly Chapter[], wanted: readonly Chapter[], made: Source): boolean {
  const within = chapterWithin(made)
  const isOpen = /\bmov\b/.test(made.container)
  return (
    found.length === wanted.length &&
    found.every(({ title, from, to }, i) => {
      const other = wanted[i]
      return (
        other !== undefined &&
        title === other.title &&
        nearly(from, other.from, within) &&
        (nearly(to, other.to, within) || (isOpen && to > other.to))
      )
    })
  )
}

/** MP4 and MOV fill the gap before the first chapter with one without a title. */
const named = (chapters: readonly Chapter[], wanted: readonly Chapter[]): readonly Chapter[] =>
  chapters.length === wanted.length + 1 && chapters[0]?.title === '' ? chapters.slice(1) : chapters

function chapterRow(
  sources: readonly Source[],
  made: Source,
  wanted: readonly Chapter[],
  why: SentenceKey[],
): ReportRow[] {
  const all = sources.flatMap(({ chapters }) => chapters)
  if (all.length === 0) return []
  const found = named(made.chapters, wanted)
  const [isSame, isPlanned] = [areSame(found, all, made), areSame(found, wanted, made)]
  const state: State = isPlanned ? 'planned' : 'lost'
  return [row('reportChapters', chapterWords(all), chapterWords(found), state, { isSame, why })]
}

/** MKV and the header of MP4 know UTC only: a clock without a zone comes back as one. */
const isMoment = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a ?? '').replace(/Z$/, '') === (b ?? '').replace(/Z$/, '')

const unique = (values: readonly string[]): string[] => [...new Set(values)]

const tagKeys: Readonly<Record<string, SentenceKey>> = {
  ...{
    title: 'tagTitle',
    artist: 'tagArtist',
    author: 'tagAuthor',
    album: 'tagAlbum',
    comment: 'tagComment',
  },
  ...{ description: 'tagDescription', copyright: 'tagCopyright', keywords: 'tagKeywords', date: 'tagDate' },
  ...{
    location: 'tagLocation',
    make: 'tagMake',
    model: 'tagModel',
    software: 'tagSoftware',
    genre: 'tagGenre',
  },
}

function tagRows(
  sources: readonly Source[],
  made: Source,
  wanted: Pick<Wanted, 'tags' | 'date'>,
  why: SentenceKey[],
): ReportRow[] {
  const dates = unique(sources.flatMap(({ createdAt }) => createdAt ?? []))
  const is = made.createdAt ?? ''
  const date = row(
    'reportDate',
    dates.map(momentWords),
    momentWords(is),
    isMoment(wanted.date, is) ? 'planned' : 'lost',
    { isSame: dates.length === 1 && isMoment(dates[0], is), why: dates.length > 1 ? ['whyEarliest'] : why },
  )
  const names = unique(sources.flatMap(({ tags }) => Object.keys(tags)))
  const tags = names.map((name) => {
    const values = unique(sources.flatMap(({ tags }) => tags[name] ?? []))
    const isShared = values.length === 1 && sources.every(({ tags }) => tags[name] !== undefined)
    const other = made.tags[name] ?? ''
    // Of several sources only what all of them say is kept, and that is told.
    const isWanted = isShared ? other !== '' && (other === wanted.tags[name] || name === 'date') : true
    const state: State = isWanted ? 'planned' : 'lost'
    const isSame = isShared && values[0] === other
    const isNoted = name === 'comment' && isShared && values[0] !== wanted.tags[name]
    const reason: SentenceKey[] = isNoted ? ['whyNoted'] : isShared ? why : ['whySeveral']
    return row(tagKeys[name] ?? 'reportTag', values.map(short), other, state, {
      ...{ values: { of: name }, isSame, why: reason },
    })
  })
  return [...(dates.length === 0 ? [] : [date]), ...tags]
}

/** Of one source each row as it is; rows of several that are about the same thing are one, with all that they say. */
function merged(rows: readonly ReportRow[]): ReportRow[] {
  const worst = (a: State, b: State): State =>
    [a, b].includes('lost') ? 'lost' : [a, b].includes('planned') ? 'planned' : 'same'
  const known = new Map<string, ReportRow>()
  const only = <T>(values: readonly T[]): T[] => [
    ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
  ]
  for (const next of rows) {
    const key = JSON.stringify(next.what)
    const last = known.get(key)
    known.set(
      key,
      last
        ? {
            ...{ ...next, state: worst(last.state, next.state) },
            source: only([...last.source, ...next.source]),
            why: only([...last.why, ...next.why]),
          }
        : next,
    )
  }
  return [...known.values()]
}

export interface Wanted {
  chapters: readonly Chapter[]
  tags: Readonly<Record<string, string>>
  date: string | undefined
  kept: KeptTracks
  /** What was said of the sound. */
  told: readonly Message[]
  /** Where the sound of the film lies. */
  heard: Listener
}

/** Of a file that lies complete under another name yet. What is lost without a reason is told as notes, too. */
export async function compare(
  tools: Tools,
  part: string,
  plan: Plan,
  spec: OutputSpec,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<{ report: Report; notes: Message[] }> {
  const made = await probe(tools, part, signal, { sounding: wanted.heard.heard() })
  const sources = [...new Map(plan.segments.map(({ source }) => [source.id, source])).values()]
  const told = [...(plan.notes ?? []), ...sources.flatMap(({ warnings }) => warnings), ...wanted.told]
  const why: SentenceKey[] = [
    ...(sources.length > 1 ? (['whySeveral'] as const) : []),
    ...(isRange(plan) ? (['whyRange'] as const) : []),
  ]
  const places = await wanted.heard.tracks(made)
  const compositions = compositionsOf(plan, spec.codec)
  const composed = new Set(plan.segments.filter((_, i) => compositions[i]).map(({ source }) => source.id))
  const ofPictures = sources.flatMap((source) => pictureRows(source, made, composed.has(source.id)))
  const ofSound: ReportRow[] = []
  const isOneOfSeveral = sources.length > 1
  for (const source of sources) {
    const before =
      source.audio.length > 0 ? await soundTracks(tools, source, signal) : new Map<number, never>()
    const beside = { plan, kept: wanted.kept, hasAudio: spec.hasAudio, told, isOneOfSeveral }
    ofSound.push(...soundRows(source, made, [before, places], beside))
  }
  const others = sources.flatMap((source) =>
    source.others.map((other) =>
      row('reportTrack', [otherWords(other)], [], 'planned', { why: ['whyCannot'] }),
    ),
  )
  const report = [
    ...lengthRows(plan, sources, made, told),
    ...merged(ofPictures),
    ...(isOneOfSeveral ? merged(ofSound) : ofSound),
    ...chapterRow(sources, made, wanted.chapters, why),
    ...tagRows(sources, made, wanted, why),
    ...others,
  ]
  const notes = report
    .filter(({ state }) => state === 'lost')
    .map(({ what, source: was, output }) =>
      message(output.length === 0 ? 'noteLost' : 'noteDiffers', {
        what,
        was,
        is: output,
      }),
    )
  return { report, notes }
}
