// The sound of a film: which tracks can be copied as they are, and the filters that cut the others to the sample.
// Rule: a track is copied when the film is one unbroken range that starts at the first frame, the track starts no earlier
// and ends no later than the picture, and the container can hold its codec. Everything else is decoded, cut and encoded.
import { z } from 'zod'
import { AppError } from '../shared/errors.js'
import { Container, OutputSpec } from '../shared/output.js'
import { Plan } from '../shared/plan.js'
import { Source } from '../shared/source.js'
import { Said, said } from '../shared/sentences.js'
import { Tools } from './resolve.js'
import { languageFor } from './tags.js'
import { inputArguments, runText } from './run.js'
import { sectionArguments } from './sections.js'

export interface AudioPlan {
  /** Arguments of each input file, in order; the first one is ffmpeg's input 1. */
  inputs: string[][]
  /** -filter_complex, -map and codec arguments. */
  output: string[]
  tracks: number
  notes: Said[]
}

export type Range = Plan['audio'][number]

/** Ranges that continue each other become one: a cut that was not moved cannot be heard. */
export function mergedRanges(plan: Pick<Plan, 'audio'>): Range[] {
  const merged: Range[] = []
  for (const range of plan.audio) {
    const last = merged.at(-1)
    const isOne =
      last?.source.id === range.source.id && last.clock?.section.frame === range.clock?.section.frame
    if (last && isOne && Math.abs(last.toSeconds - range.fromSeconds) < 1e-6)
      merged[merged.length - 1] = { ...last, toSeconds: range.toSeconds }
    else merged.push(range)
  }
  return merged
}

const holds: Record<Container, RegExp> = {
  mp4: /^(aac|mp3|ac3|eac3|alac|opus|flac)$/,
  mov: /^(aac|mp3|ac3|eac3|alac|pcm_(s16|s24|s32|f32|f64)(le|be)|pcm_(alaw|mulaw)|adpcm_ima_qt|amr_nb|amr_wb)$/,
  mkv: /^(aac|mp2|mp3|ac3|eac3|dts|alac|opus|vorbis|flac|truehd|pcm_(s16|s24|s32)le|pcm_u8)$/,
}

/** Bytes of sound are small beside the picture: rates at which nobody hears a difference. */
function codecOf(spec: OutputSpec, channels: number, sampleRate: number): string[] {
  if (spec.codec === 'prores') return ['pcm_s16le']
  if (spec.codec === 'ffv1') return ['flac']
  return [
    'aac',
    '-b:a',
    `${Math.round((channels === 1 ? 128 : 96 * channels) * Math.min(1, sampleRate / 44100))}k`,
  ]
}

const aacRates = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000]
const usableRate = (rate: number): number => (aacRates.includes(rate) ? rate : 48000)

const Timing = z.looseObject({
  streams: z
    .array(
      z.looseObject({
        index: z.number(),
        start_time: z.string().optional(),
        duration: z.string().optional(),
      }),
    )
    .default([]),
  format: z.looseObject({ start_time: z.string().optional(), duration: z.string().optional() }).default({}),
})

interface Span {
  from: number
  to: number
}

/** Where each sound track lies, seconds from the first frame. */
async function spans(tools: Tools, source: Source, signal?: AbortSignal): Promise<Map<number, Span>> {
  const text = await runText(
    tools.ffprobe,
    [
      '-v',
      'error',
      '-show_entries',
      'stream=index,start_time,duration:format=start_time,duration',
      '-of',
      'json',
      ...inputArguments(source.path),
    ],
    { what: `read the sound of "${source.name}"`, signal },
  )
  let timing: z.infer<typeof Timing>
  try {
    timing = Timing.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('ffmpeg-failed', `ffprobe's answer about "${source.name}" cannot be understood.`, {
      cause,
    })
  }
  const fileEnd = Number(timing.format.start_time ?? 0) + Number(timing.format.duration ?? NaN)
  return new Map(
    timing.streams.map((stream) => {
      const from = Number(stream.start_time ?? NaN)
      const to = stream.duration === undefined ? fileEnd : from + Number(stream.duration)
      return [stream.index, { from: from - source.startSeconds, to: to - source.startSeconds }]
    }),
  )
}

/** A packet or two of sound after the last picture does no harm. */
const canCopy = (range: Range, span: Span | undefined): boolean =>
  range.clock === undefined &&
  range.fromSeconds === 0 &&
  span !== undefined &&
  span.from >= -0.0005 &&
  span.to <= range.toSeconds + 0.1

/** Decodes a little more than the range; seeking to sound is exact only to some packets. */
const lead = 5

/** Timestamp of the film's first frame on the clock of the range's recording. */
const clockStart = ({ source, clock }: Range): number => clock?.startSeconds ?? source.startSeconds

/** Index of a track in the range's recording; undefined when it has none such. */
function trackIn({ clock }: Range, index: number): number | undefined {
  const found = clock ? (clock.section.streams[index] ?? -1) : index
  return found < 0 ? undefined : found
}

function cutInput(range: Range): string[] {
  const from = clockStart(range) + range.fromSeconds - lead
  const canSeek = range.fromSeconds - (range.clock?.atSeconds ?? 0) > 2 * lead
  return [
    ...(canSeek ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', from.toFixed(6)] : []),
    ...sectionArguments(range.source, range.clock?.section),
  ]
}

/** Cut to the sample, silence where the track has gaps, times from 0. */
function cutFilter(range: Range): string {
  const from = clockStart(range) + range.fromSeconds
  const to = clockStart(range) + range.toSeconds
  const cut = `atrim=start=${from.toFixed(6)}:end=${to.toFixed(6)}`
  return `${cut},asetpts=PTS-round(${from.toFixed(9)}/TB),aresample=async=1:min_hard_comp=0.05:first_pts=0`
}

/** Silence where the sound is over before the picture; never a sample more than the range. */
const filled = (samples: number): string => `apad=whole_len=${samples},atrim=end_sample=${samples}`

function oneRange(range: Range, spec: OutputSpec, span: ReadonlyMap<number, Span>): AudioPlan {
  const { source } = range
  const inputs: string[][] = []
  const filters: string[] = []
  const maps: string[] = []
  const input = (args: string[]): number => inputs.push(args)
  let [copyInput, cutInputIndex]: [number | undefined, number | undefined] = [undefined, undefined]
  source.audio.forEach((track, k) => {
    const language = track.language
      ? [`-metadata:s:a:${k}`, `language=${languageFor(spec.container, track.language)}`]
      : []
    const title = track.title ? [`-metadata:s:a:${k}`, `title=${track.title}`] : []
    if (holds[spec.container].test(track.codec) && canCopy(range, span.get(track.index))) {
      copyInput ??= input(['-itsoffset', (-source.startSeconds).toFixed(6), ...inputArguments(source.path)])
      maps.push('-map', `${copyInput}:${track.index}`, `-c:a:${k}`, 'copy', ...language, ...title)
      return
    }
    cutInputIndex ??= input(cutInput(range))
    const rate = usableRate(track.sampleRate)
    const resample = rate === track.sampleRate ? '' : `,aresample=${rate}`
    const samples = Math.round((range.toSeconds - range.fromSeconds) * rate)
    filters.push(`[${cutInputIndex}:${track.index}]${cutFilter(range)}${resample},${filled(samples)}[a${k}]`)
    const [codec = 'aac', ...options] = codecOf(spec, track.channels, rate)
    maps.push(
      '-map',
      `[a${k}]`,
      `-c:a:${k}`,
      codec,
      ...options.map((o) => (o === '-b:a' ? `-b:a:${k}` : o)),
      ...language,
      ...title,
    )
  })
  return {
    inputs,
    output: [...(filters.length > 0 ? ['-filter_complex', filters.join(';')] : []), ...maps],
    tracks: source.audio.length,
    notes: [],
  }
}

/** One track of several ranges: cut, brought to one form, padded to the length of its picture, one after the other. */
function strungTrack(
  ranges: readonly Range[],
  k: number,
  spec: OutputSpec,
  input: (range: Range) => number,
): { chains: string[]; codec: string[] } {
  const sounding = ranges.flatMap((range) => range.source.audio.slice(k, k + 1))
  const rate = usableRate(Math.max(...sounding.map((track) => track.sampleRate)))
  const channels = Math.max(...sounding.map((track) => track.channels)) > 1 ? 2 : 1
  const layout = channels === 2 ? 'stereo' : 'mono'
  let seconds = 0
  const chains = ranges.map((range, i) => {
    // Boundaries are rounded, not lengths: errors do not add up.
    const start = Math.round(seconds * rate)
    seconds += range.toSeconds - range.fromSeconds
    const samples = Math.round(seconds * rate) - start
    const track = range.source.audio[k]
    const index = track && trackIn(range, track.index)
    const form = `aresample=${rate},aformat=sample_rates=${rate}:channel_layouts=${layout}`
    return index === undefined
      ? `anullsrc=r=${rate}:cl=${layout},atrim=end_sample=${samples}[r${k}_${i}]`
      : `[${input(range)}:${index}]${cutFilter(range)},${form},${filled(samples)}[r${k}_${i}]`
  })
  chains.push(`${ranges.map((_, i) => `[r${k}_${i}]`).join('')}concat=n=${ranges.length}:v=0:a=1[a${k}]`)
  return { chains, codec: codecOf(spec, channels, rate) }
}

/** Several ranges: of one film all its tracks, of several films the first track of each. */
function manyRanges(ranges: readonly Range[], spec: OutputSpec): AudioPlan {
  const isOneFilm = new Set(ranges.map((range) => range.source.id)).size === 1
  const count = isOneFilm ? (ranges[0]?.source.audio.length ?? 0) : 1
  const inputs: string[][] = []
  const numbers = new Map<Range, number>()
  const input = (range: Range): number => {
    const number = numbers.get(range) ?? inputs.push(cutInput(range))
    numbers.set(range, number)
    return number
  }
  const chains: string[] = []
  const maps: string[] = []
  for (let k = 0; k < count; k++) {
    const {
      chains: own,
      codec: [codec = 'aac', ...options],
    } = strungTrack(ranges, k, spec, input)
    chains.push(...own)
    maps.push('-map', `[a${k}]`, `-c:a:${k}`, codec, ...options.map((o) => (o === '-b:a' ? `-b:a:${k}` : o)))
    if (!isOneFilm) continue
    const { language, title } = ranges[0]?.source.audio[k] ?? {}
    if (language) maps.push(`-metadata:s:a:${k}`, `language=${languageFor(spec.container, language)}`)
    if (title) maps.push(`-metadata:s:a:${k}`, `title=${title}`)
  }
  const hasMore = ranges.some((range) => range.source.audio.length > count)
  return {
    inputs,
    output: ['-filter_complex', chains.join(';'), ...maps],
    tracks: count,
    notes: hasMore ? [said('noteFirstTrack')] : [],
  }
}

export async function audioPlan(
  tools: Tools,
  plan: Plan,
  spec: OutputSpec,
  signal?: AbortSignal,
): Promise<AudioPlan> {
  const ranges = mergedRanges(plan)
  const [first] = ranges
  if (!spec.hasAudio || !first || ranges.every((range) => range.source.audio.length === 0))
    return { inputs: [], output: [], tracks: 0, notes: [] }
  if (ranges.length > 1 || first.clock) return manyRanges(ranges, spec)
  return oneRange(first, spec, await spans(tools, first.source, signal))
}
