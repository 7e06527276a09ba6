// The report of an export: the finished file is opened and read as any other, and laid beside its source.
// It judges nothing but sameness; what must never differ (pictures, their times, their size) is checked in join.ts.
import { basename } from 'node:path'
import { z } from 'zod'
import { OutputSpec } from '../shared/output.js'
import { Plan } from '../shared/plan.js'
import { Report, ReportRow } from '../shared/report.js'
import { phrase, Part, Said, SentenceKey, said } from '../shared/sentences.js'
import { AudioStream, Chapter, Source, displaySize, isInterlaced } from '../shared/source.js'
import { probe } from './probe.js'
import { Tools } from './resolve.js'
import { inputArguments, runText } from './run.js'
import { isSameLanguage } from './tags.js'

type State = ReportRow['state']

const Places = z.looseObject({
  streams: z.array(
    z.looseObject({
      index: z.number(),
      start_time: z.string().optional(),
      disposition: z.record(z.string(), z.number()).optional(),
    }),
  ),
})

interface Place {
  isDefault: boolean
  /** Seconds from the first picture. */
  from: number
}

/** Of each stream: whether it is the default one, and where it begins. */
async function places(tools: Tools, source: Source, signal?: AbortSignal): Promise<Map<number, Place>> {
  const entries = 'stream=index,start_time:stream_disposition=default'
  const text = await runText(
    tools.ffprobe,
    ['-v', 'error', '-show_entries', entries, '-of', 'json', ...inputArguments(source.path)],
    { what: phrase('doCheck', { name: source.name }), signal },
  )
  return new Map(
    Places.parse(JSON.parse(text)).streams.map(({ index, start_time, disposition }) => [
      index,
      {
        isDefault: disposition?.['default'] === 1,
        from: Number(start_time ?? NaN) - source.startSeconds,
      },
    ]),
  )
}

/** Tags may be books. */
const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text)

function row(
  key: SentenceKey,
  source: string,
  output: string,
  differing: State,
  values: Part['values'] = {},
  isSame = source === output,
): ReportRow {
  const state = isSame ? 'same' : differing
  return { what: { key, values }, source: short(source), output: short(output), state }
}

const seconds = (s: number): string => `${s.toFixed(3)} s`
const nearly = (a: number, b: number, within: number): boolean => Math.abs(a - b) <= within

/** Only the length of what is read; of several sources, only what they have in common is compared. */
function pictureRows(source: Source, made: Source): ReportRow[] {
  const [before, after] = [source.video, made.video]
  const [was, is] = [displaySize(before), displaySize(after)]
  const shape = (video: Source['video']): string => `${video.sampleAspect.num}:${video.sampleAspect.den}`
  const turn = (video: Source['video']): string => `${video.rotation}°${video.isMirrored ? ' ⇋' : ''}`
  const depth = (video: Source['video']): string => `${video.bits} bit ${video.chroma}`
  const fields = (video: Source['video']): string => (isInterlaced(video) ? video.fieldOrder : 'progressive')
  return [
    row('reportSize', `${was.width}x${was.height}`, `${is.width}x${is.height}`, 'planned'),
    row('reportPixels', shape(before), shape(after), shape(after) === '1:1' ? 'planned' : 'lost'),
    row('reportTurn', turn(before), turn(after), turn(after) === '0°' ? 'planned' : 'lost'),
    row('reportFields', fields(before), fields(after), isInterlaced(after) ? 'lost' : 'planned'),
    row('reportVideo', before.codec, after.codec, 'planned'),
    row('reportDepth', depth(before), depth(after), 'planned'),
    colourRow(before, after),
  ]
}

/** What the source does not say cannot be lost. */
function colourRow(before: Source['video'], after: Source['video']): ReportRow {
  const words = (video: Source['video']): string =>
    [video.matrix, video.range, video.primaries ?? '', video.transfer ?? ''].join(' ').trim()
  const isKept = (key: 'primaries' | 'transfer'): boolean =>
    before[key] === undefined || before[key] === after[key]
  const isSame =
    before.matrix === after.matrix &&
    before.range === after.range &&
    isKept('primaries') &&
    isKept('transfer')
  return row('reportColour', words(before), words(after), 'lost', {}, isSame)
}

const trackWords = (track: AudioStream, place: Place | undefined): string =>
  [
    `${track.codec}, ${track.channels} × ${track.sampleRate} Hz`,
    ...[track.language ?? [], track.title ?? []].flat(),
    ...(place?.isDefault ? ['default'] : []),
    ...(place && Math.abs(place.from) > 0.05 ? [`from ${place.from.toFixed(2)} s`] : []),
  ].join(', ')

/** A track that was encoded anew has another codec; everything else of it should be as it was. */
function soundRows(
  source: Source,
  made: Source,
  [before, after]: readonly [Map<number, Place>, Map<number, Place>],
  { isCut, hasAudio }: { isCut: boolean; hasAudio: boolean },
): ReportRow[] {
  return source.audio.map((track, i) => {
    const other = made.audio[i]
    const was = before.get(track.index)
    const is = other && after.get(other.index)
    const isKept =
      other !== undefined &&
      other.channels === track.channels &&
      isSameLanguage(other.language, track.language) &&
      (other.title ?? '') === (track.title ?? '') &&
      (source.audio.length === 1 || was?.isDefault === is?.isDefault) &&
      (isCut ||
        nearly(Math.max(0, was?.from ?? 0), Math.max(0, is?.from ?? 0), 0.05) ||
        (is?.from ?? 1) <= 0.05)
    const isSame = isKept && other.codec === track.codec && other.sampleRate === track.sampleRate
    const state = isKept || !hasAudio ? 'planned' : 'lost'
    const output = other ? trackWords(other, is) : ''
    return row('reportSound', trackWords(track, was), output, state, { of: String(i + 1) }, isSame)
  })
}

const chapterWords = (chapters: readonly Chapter[]): string =>
  chapters.length === 0 ? '' : `${chapters.length}: ${chapters.map(({ title }) => title).join(', ')}`

/** MP4 and MOV fill the gap before the first chapter with one without a title. */
const named = (chapters: readonly Chapter[], wanted: readonly Chapter[]): readonly Chapter[] =>
  chapters.length === wanted.length + 1 && chapters[0]?.title === '' ? chapters.slice(1) : chapters

function chapterRow(source: Source, made: Source, wanted: readonly Chapter[]): ReportRow[] {
  if (source.chapters.length === 0) return []
  const [was, should, is] = [source.chapters, wanted, named(made.chapters, wanted)].map(chapterWords)
  return [row('reportChapters', was ?? '', is ?? '', is === should ? 'planned' : 'lost')]
}

/** MKV and the header of MP4 know UTC only: a clock without a zone comes back as one. */
const isMoment = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a ?? '').replace(/Z$/, '') === (b ?? '').replace(/Z$/, '')

function tagRows(
  source: Source,
  made: Source,
  wanted: { tags: Readonly<Record<string, string>>; date: string | undefined },
): ReportRow[] {
  const [was, is] = [source.createdAt ?? '', made.createdAt ?? '']
  const date = row(
    'reportDate',
    was,
    is,
    isMoment(wanted.date, is) ? 'planned' : 'lost',
    {},
    isMoment(was, is),
  )
  const tags = Object.entries(source.tags).map(([name, value]) => {
    const other = made.tags[name] ?? ''
    const isWanted = other !== '' && (other === wanted.tags[name] || name === 'date')
    return row('reportTag', value, other, isWanted ? 'planned' : 'lost', { of: name }, value === other)
  })
  return [...(was === '' ? [] : [date]), ...tags]
}

export interface Wanted {
  chapters: readonly Chapter[]
  tags: Readonly<Record<string, string>>
  date: string | undefined
}

/** Of a file that lies complete under another name yet. What is lost without a reason is told as notes, too. */
export async function compare(
  tools: Tools,
  part: string,
  plan: Plan,
  spec: OutputSpec,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<{ report: Report; notes: Said[] }> {
  const made = await probe(tools, part, signal)
  const sources = [...new Map(plan.segments.map(({ source }) => [source.id, source])).values()]
  const [source] = sources
  if (!source) return { report: [], notes: [] }
  const [is, whole] = [made.durationSeconds, sources.reduce((sum, s) => sum + s.durationSeconds, 0)]
  const lengthState = nearly(is, plan.seconds, 0.1) ? 'planned' : 'lost'
  const length = row('reportLength', seconds(whole), seconds(is), lengthState, {}, nearly(is, whole, 0.05))
  const shown = row('reportPictures', String(plan.frames), String(plan.frames), 'lost') // counted by the check before
  const ofOne = async (): Promise<ReportRow[]> => {
    const found = [await places(tools, source, signal), await places(tools, made, signal)] as const
    const isCut = plan.audio.length !== 1 || (plan.audio[0]?.fromSeconds ?? 0) > 0
    return [
      ...pictureRows(source, made),
      ...soundRows(source, made, found, { isCut, hasAudio: spec.hasAudio }),
      ...chapterRow(source, made, wanted.chapters),
      ...tagRows(source, made, wanted),
      ...source.others.map((other) => row('reportTrack', other, '', 'planned')),
    ]
  }
  const report = [length, shown, ...(sources.length === 1 ? await ofOne() : [])]
  const notes = report
    .filter(({ state }) => state === 'lost')
    .map(({ what, source: was, output }) =>
      said(output === '' ? 'noteLost' : 'noteDiffers', { what, was, is: output, name: basename(spec.path) }),
    )
  return { report, notes }
}
