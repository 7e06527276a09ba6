// The sound of a film: which tracks can be copied as they are, which are cut to the sample, and what is left out and said.
// Rule: a track is copied when the film is one unbroken range that starts at the first frame, the track starts with the picture
// and ends no later, has no hole and nothing that an edit list leaves out (before its first sound, where the container can hide
// that), and the container takes its codec (asked by writing its first packets). Everything else is decoded, cut and encoded; what cannot be decoded is left out.
import { Container, OutputSpec } from '../shared/contract/output.js'
import { Plan } from '../shared/planning/plan.js'
import { AudioStream, Source, TrackRole, mainTrack } from '../shared/media/source.js'
import { Message, message } from '../shared/words/sentences.js'
import { type Range, cutFrom, trackIn } from './cutSound.js'
import { filmLength, isRetimed, playAlike, soundChains, together } from './filmSound.js'
import type { GatheredTrack } from './gathered.js'
import { readArguments } from './reading.js'
import { Tools } from './resolve.js'
import { SoundTrack, heardFrom, primingSeconds, soundTracks } from './soundLook.js'
import { canDecode, canHold } from './soundTrial.js'
import { languageFor } from './tags.js'

export interface AudioPlan {
  /** Arguments of each input file, in order; the first one is ffmpeg's input 1. */
  inputs: string[][]
  /** Tracks of more ranges than one run of ffmpeg reads: each is gathered into a file first (gathered.ts), and these are the inputs then. */
  gathered: GatheredTrack[]
  /** -filter_complex, -map and codec arguments. */
  output: string[]
  /** Outputs of their own that decode what is copied and keep nothing of it: only so a damaged packet is noticed. */
  trials: string[]
  tracks: number
  /** Of all tracks together: what was counted where they are copied, else what the codec is asked for. */
  bytesPerSecond: number
  /** By source: which of its streams is heard in each track, -1 for none. */
  kept: Record<string, number[]>
  /** What each track is for. */
  roles: TrackRole[][]
  notes: Message[]
}

/** Ranges that continue each other become one: a cut that was not moved cannot be heard. */
export function mergedRanges(plan: Pick<Plan, 'audio'>): Range[] {
  const merged: Range[] = []
  for (const range of plan.audio) {
    const last = merged.at(-1)
    const isOne =
      last?.source.id === range.source.id &&
      last.clock?.section.frame === range.clock?.section.frame &&
      playAlike(last, range)
    if (last && isOne && Math.abs(last.toSeconds - range.fromSeconds) < 1e-6)
      merged[merged.length - 1] = together(last, range)
    else merged.push(range)
  }
  return merged
}

const holds: Record<Container, RegExp> = {
  mp4: /^(aac|mp3|ac3|eac3|alac|opus|flac)$/,
  mov: /^(aac|mp3|ac3|eac3|alac|pcm_(s16|s24|s32|f32|f64)(le|be)|pcm_(alaw|mulaw)|adpcm_ima_qt|amr_nb|amr_wb)$/,
  mkv: /^(aac|mp2|mp3|ac3|eac3|dts|alac|opus|vorbis|flac|truehd|pcm_(s16|s24|s32)le|pcm_u8)$/,
}

const isLossless = (codec: string): boolean =>
  /^(pcm_(?!alaw|mulaw).*|flac|alac|truehd|mlp|wavpack|tta|ape|tak|wmalossless|shorten)$/.test(codec)

/** Without loss where the source is and the container's players read it; else rates at which nobody hears a difference. */
function codecOf(spec: OutputSpec, channels: number, sampleRate: number, isExact: boolean): string[] {
  if (spec.codec === 'prores') return ['pcm_s16le']
  if (spec.codec === 'ffv1') return ['flac']
  if (isExact && channels <= 8 && spec.container !== 'mp4')
    return [spec.container === 'mkv' ? 'flac' : 'alac']
  return [
    'aac',
    '-b:a',
    `${Math.round((channels === 1 ? 128 : 96 * channels) * Math.min(1, sampleRate / 44100))}k`,
  ]
}

/** Lossless codecs keep about so much of music and speech. */
const losslessShare = 0.6

const ownRate = ({ bytes, from, to }: SoundTrack): number => bytes / Math.max(0.1, to - from)

/** Bytes per second of what is encoded. */
function rateOf([name = '', , bits]: readonly string[], channels: number, sampleRate: number): number {
  if (bits !== undefined) return parseInt(bits, 10) * 125
  return (name === 'pcm_s16le' ? 1 : losslessShare) * 2 * channels * sampleRate
}

const aacRates = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000]
const usableRate = (rate: number): number => (aacRates.includes(rate) ? rate : 48000)

/** A packet or two of sound after the last picture does no harm. */
const slack = 0.1

/** Seconds of packets that a decoder needs before the first sound. What an edit list leaves out is more. */
const warmUp = (track: AudioStream): number =>
  track.codec === 'aac'
    ? Math.max(0.12, primingSeconds(track) + 0.001)
    : /^(opus|vorbis|mp[23])$/.test(track.codec)
      ? 0.08
      : 0.02

const fits = (range: Range, { from, to, isWhole }: SoundTrack): boolean =>
  isWhole && range.fromSeconds === 0 && from >= -0.0005 && from <= slack && to <= range.toSeconds + slack

/** Matroska has no edit lists: what is before the first sound would be heard, and the picture come late by it. */
const canHide = (container: Container, { hidden }: SoundTrack, track: AudioStream): boolean =>
  container !== 'mkv' || hidden <= warmUp(track)

/** What an earlier try at the same film has brought to light. */
export interface KnownOfSound {
  /** Tracks that cannot be decoded everywhere (see trackKey): they are not copied. */
  damaged?: ReadonlySet<string>
  /** Files in which the sound of a range (see rangeKey) lies decoded, every track in one form. */
  evened?: ReadonlyMap<string, string>
}

export const trackKey = (source: Source, { index }: AudioStream): string => `${source.id}/${index}`

/** What becomes of one track. */
interface Fate {
  track: AudioStream
  place: SoundTrack | undefined
  by: 'copy' | 'encode' | 'leave'
}

async function fateOf(
  tools: Tools,
  range: Range,
  track: AudioStream,
  spec: OutputSpec,
  known: KnownOfSound,
  signal?: AbortSignal,
): Promise<Fate> {
  const { source } = range
  const found = (await soundTracks(tools, source, signal)).get(track.index)
  const isDamaged = known.damaged?.has(trackKey(source, track)) === true
  const place = found && isDamaged ? { ...found, isWhole: false } : found
  if (!place) return { track, place, by: 'leave' }
  if (
    range.clock === undefined &&
    !isRetimed(range) &&
    holds[spec.container].test(track.codec) &&
    fits(range, place) &&
    canHide(spec.container, place, track) &&
    (await canHold(tools, source, track, spec.container, signal))
  )
    return { track, place, by: 'copy' }
  return { track, place, by: (await canDecode(tools, source, track, signal)) ? 'encode' : 'leave' }
}

/** Language, title and role, as far as the container can say them. */
function words({ container }: OutputSpec, track: AudioStream, k: number, isDefault: boolean): string[] {
  // What players show that do not read the name of a track; a word in QuickTime has no room for more.
  const hasHandler = container !== 'mkv' && track.title && Buffer.byteLength(track.title) < 256
  const roles = [...(isDefault ? ['default'] : []), ...track.roles.filter((role) => role !== 'default')]
  return [
    ...(track.language ? [`-metadata:s:a:${k}`, `language=${languageFor(container, track.language)}`] : []),
    ...(track.title ? [`-metadata:s:a:${k}`, `title=${track.title}`] : []),
    ...(hasHandler ? [`-metadata:s:a:${k}`, `handler_name=${track.title ?? ''}`] : []),
    ...[`-disposition:a:${k}`, roles.join('+') || '0'],
  ]
}

const plays = (track: AudioStream): boolean => track.roles.includes('default')

const rounded = (seconds: number): string => String(Math.round(100 * seconds) / 100)

/** Sound where there is no picture is left out: so much of it. */
function aroundNotes({ source, clock, fromSeconds, toSeconds }: Range, fates: readonly Fate[]): Message[] {
  if (clock) return [] // of several recordings joined: their own clocks
  const places = fates.flatMap(({ place, by }) => (place && by !== 'leave' ? [place] : []))
  const before = Math.max(
    0,
    ...fates.map(({ track, place, by }) =>
      place && by !== 'leave' ? -heardFrom(source.container, track, place.from) : 0,
    ),
  )
  const after = Math.max(0, ...places.map(({ to }) => to - toSeconds))
  const isToEnd = toSeconds > source.durationSeconds - slack
  return [
    ...(fromSeconds === 0 && before > slack
      ? [message('noteSoundBefore', { name: source.name, seconds: rounded(before) })]
      : []),
    ...(isToEnd && after > slack
      ? [message('noteSoundAfter', { name: source.name, seconds: rounded(after) })]
      : []),
  ]
}

/** Codec arguments for output track k. */
const encoded = (codec: readonly string[], k: number): string[] => {
  const [name = 'aac', ...options] = codec
  return [`-c:a:${k}`, name, ...options.map((o) => (o === '-b:a' ? `-b:a:${k}` : o))]
}

const numberOf = (source: Source, track: AudioStream): number =>
  source.audio.findIndex(({ index }) => index === track.index) + 1

function lossNote(source: Source, track: AudioStream, codec: readonly string[], spec: OutputSpec): Message[] {
  return isLossless(track.codec) && codec[0] === 'aac'
    ? [
        message('noteSoundLossy', {
          ...{ name: source.name, track: numberOf(source, track), codec: track.codec.toUpperCase() },
          container: spec.container.toUpperCase(),
        }),
      ]
    : []
}

const leaveNote = (source: Source, track: AudioStream): Message =>
  message('noteSoundUnreadable', {
    ...{ name: source.name, track: numberOf(source, track), codec: track.codec },
  })

function oneRange(range: Range, spec: OutputSpec, fates: readonly Fate[], known: KnownOfSound): AudioPlan {
  const { source } = range
  const inputs: string[][] = []
  const filters: string[] = []
  const maps: string[] = []
  const trials: string[] = []
  const notes: Message[] = aroundNotes(range, fates)
  const input = (args: string[]): number => inputs.push(args)
  let bytesPerSecond = 0
  let [copyInput, cutInputIndex, trialInput]: (number | undefined)[] = []
  const used = fates.filter(({ by }) => by !== 'leave')
  const main = mainTrack(used.map(({ track }) => track))
  // Several may be meant to be played (each for its language); where none is, players take the first.
  const isDefault = (track: AudioStream): boolean => plays(track) || track === main
  for (const { track, by } of fates) if (by === 'leave') notes.push(leaveNote(source, track))
  const from = cutFrom(range, known.evened)
  const cut = (): number => (cutInputIndex ??= input(from.args))
  used.forEach(({ track, place, by }, k) => {
    if (by === 'copy') {
      bytesPerSecond += place ? ownRate(place) : 0
      copyInput ??= input(['-itsoffset', (-source.startSeconds).toFixed(6), ...readArguments(source)])
      maps.push(
        '-map',
        `${copyInput}:${track.index}`,
        `-c:a:${k}`,
        'copy',
        ...words(spec, track, k, isDefault(track)),
      )
      trialInput ??= input(readArguments(source)) // decoding beside it changes the times that ffmpeg gives to copied packets
      trials.push('-map', `${trialInput}:${track.index}`, '-f', 'null', '-')
      return
    }
    const rate = usableRate(track.sampleRate)
    const form = rate === track.sampleRate ? '' : `,aresample=${rate}`
    const samples = Math.round(filmLength(range) * rate)
    const index = place?.edits ? track.index : from.indexOf(track.index)
    filters.push(...soundChains(range, { index, place, rate, samples, form, label: `a${k}` }, cut, input))
    const codec = codecOf(spec, track.channels, rate, isLossless(track.codec))
    notes.push(...lossNote(source, track, codec, spec))
    const isPacked = /^(flac|alac)$/.test(codec[0] ?? '') && /^(flac|alac)$/.test(track.codec)
    bytesPerSecond += isPacked && place ? ownRate(place) : rateOf(codec, track.channels, rate)
    maps.push('-map', `[a${k}]`, ...encoded(codec, k), ...words(spec, track, k, isDefault(track)))
  })
  return {
    inputs,
    gathered: [],
    output: [...(filters.length > 0 ? ['-filter_complex', filters.join(';')] : []), ...maps],
    trials,
    tracks: used.length,
    bytesPerSecond,
    kept: { [source.id]: used.map(({ track }) => track.index) },
    roles: used.map(({ track }) => track.roles),
    notes,
  }
}

/** One track of a film of several ranges: which track of each is heard in it, and the form that all are brought to. */
interface Row {
  tracks: readonly (AudioStream | undefined)[]
  rate: number
  channels: number
  /** Of each range: boundaries are rounded, not lengths, so that errors do not add up. */
  samples: number[]
  codec: string[]
}

function rowOf(ranges: readonly Range[], tracks: Row['tracks'], spec: OutputSpec): Row {
  const sounding = tracks.flatMap((track) => track ?? [])
  const rate = usableRate(Math.max(...sounding.map((track) => track.sampleRate)))
  const channels = Math.max(...sounding.map((track) => track.channels)) > 1 ? 2 : 1
  let seconds = 0
  const samples = ranges.map((range) => {
    const start = Math.round(seconds * rate)
    seconds += filmLength(range)
    return Math.round(seconds * rate) - start
  })
  const isExact = sounding.every((track) => isLossless(track.codec))
  return { tracks, rate, channels, samples, codec: codecOf(spec, channels, rate, isExact) }
}

const rowNotes = (ranges: readonly Range[], { tracks, channels, codec }: Row, spec: OutputSpec): Message[] =>
  ranges.flatMap(({ source }, i): Message[] => {
    const track = tracks[i]
    if (!track) return []
    const isMixed = track.channels > channels
    return [
      ...lossNote(source, track, codec, spec),
      ...(isMixed ? [message('noteSoundMixed', { name: source.name, channels: track.channels })] : []),
    ]
  })

/** What a film's ranges are cut from: `fates` and `known` of all of them, in order. */
interface Cuts {
  ranges: readonly Range[]
  fates: readonly Fate[][]
  known: KnownOfSound
}

/** Where one run of ffmpeg reads them: `inputs` are its files from number `first` on. */
function inputsOf({ known }: Cuts, first: number) {
  const inputs: string[][] = []
  const numbers = new Map<Range, number>()
  const add = (args: string[]): number => first + inputs.push(args) - 1
  const input = (range: Range): number => {
    const number = numbers.get(range) ?? add(cutFrom(range, known.evened).args)
    numbers.set(range, number)
    return number
  }
  return { inputs, add, input }
}

/** Ranges [from, to) of a row: cut, brought to one form, padded to the length of their picture, one after the other; they end as [label]. */
function concatChains(
  { ranges, fates, known }: Cuts,
  { tracks, rate, channels, samples: all }: Row,
  { from, to, label }: { from: number; to: number; label: string },
  { add, input }: Pick<ReturnType<typeof inputsOf>, 'add' | 'input'>,
): string[] {
  const layout = channels === 2 ? 'stereo' : 'mono'
  const form = `,aresample=${rate},aformat=sample_rates=${rate}:channel_layouts=${layout}`
  const labels: string[] = []
  const chains = ranges.slice(from, to).flatMap((range, k) => {
    const [track, samples, own] = [tracks[from + k], all[from + k] ?? 0, `r${label}_${k}`]
    labels.push(`[${own}]`)
    const index = track && trackIn(range, track.index)
    if (!track || index === undefined)
      return [`anullsrc=r=${rate}:cl=${layout},atrim=end_sample=${samples}[${own}]`]
    const place = fates[from + k]?.find((fate) => fate.track.index === track.index)?.place
    const inFile = place?.edits ? index : cutFrom(range, known.evened).indexOf(index)
    const cut = { index: inFile, place, rate, samples, form, label: own }
    return soundChains(range, cut, () => input(range), add)
  })
  return [...chains, `${labels.join('')}concat=n=${labels.length}:v=0:a=1[${label}]`]
}

/** So many ranges are read by one run of ffmpeg, each by an input of its own: a command line has an end (32,767 characters on Windows). */
const rangesAtOnce = 16

function gatheredTrack(cuts: Cuts, row: Row): GatheredTrack {
  const { ranges } = cuts
  const { rate, channels, codec } = row
  const count = Math.ceil(ranges.length / rangesAtOnce)
  const parts = Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * rangesAtOnce, Math.min(ranges.length, (i + 1) * rangesAtOnce)]
    const reading = inputsOf(cuts, 0)
    const chains = concatChains(cuts, row, { from, to, label: 'gathered' }, reading)
    const samples = row.samples.slice(from, to).reduce((sum, count) => sum + count, 0)
    return {
      name: ranges[from]?.source.name ?? '',
      inputs: reading.inputs,
      filter: chains.join(';'),
      samples,
    }
  })
  const form = codec[0] === 'pcm_s16le' ? 's16le' : isLossless(codec[0] ?? '') ? 's32le' : 'f32le'
  return { rate, channels, form, parts }
}

/** Which tracks of the ranges are heard together: of one film all its tracks, of several films the main track of each. */
function rowsOf({ ranges, fates }: Cuts): { tracks: Row['tracks'][]; isOneFilm: boolean; notes: Message[] } {
  const readable = fates.map((all) => all.filter(({ by }) => by !== 'leave').map(({ track }) => track))
  const isOneFilm = new Set(ranges.map((range) => range.source.id)).size === 1
  const tracks = isOneFilm
    ? (readable[0] ?? []).map((track) => ranges.map(() => track))
    : [readable.map(mainTrack)].filter((row) => row.some((track) => track !== undefined))
  const notes = ranges.flatMap(({ source }, i): Message[] => {
    const kept = isOneFilm ? undefined : tracks[0]?.[i]
    return kept && (readable[i] ?? []).length > 1
      ? [message('noteFirstTrack', { name: source.name, track: numberOf(source, kept) })]
      : []
  })
  return { tracks, isOneFilm, notes }
}

/** Several ranges, one after the other. */
function manyRanges(cuts: Cuts, spec: OutputSpec): AudioPlan {
  const { ranges, fates } = cuts
  const { tracks, isOneFilm, notes: chosen } = rowsOf(cuts)
  const rows = tracks.map((row) => rowOf(ranges, row, spec))
  const around = ranges.flatMap((range, i) => [
    ...aroundNotes(range, fates[i] ?? []),
    ...(fates[i] ?? []).flatMap(({ track, by }) => (by === 'leave' ? [leaveNote(range.source, track)] : [])),
  ])
  const isGathered = ranges.length > rangesAtOnce
  const reading = inputsOf(cuts, 1)
  const chains = isGathered
    ? []
    : rows.flatMap((row, k) =>
        concatChains(cuts, row, { from: 0, to: ranges.length, label: `a${k}` }, reading),
      )
  const main = mainTrack(tracks.flatMap((row) => row.find((track) => track !== undefined) ?? []))
  const maps = rows.flatMap((row, k) => {
    const track = commonTrack(row.tracks)
    if (!track) return []
    const isDefault = !isOneFilm || track.index === main?.index || plays(track)
    const from = isGathered ? `${1 + k}:0` : `[a${k}]`
    return ['-map', from, ...encoded(row.codec, k), ...words(spec, track, k, isDefault)]
  })
  return {
    inputs: reading.inputs,
    gathered: isGathered ? rows.map((row) => gatheredTrack(cuts, row)) : [],
    output: [...(chains.length > 0 ? ['-filter_complex', chains.join(';')] : []), ...maps],
    trials: [],
    tracks: rows.length,
    bytesPerSecond: rows.reduce((sum, { codec, channels, rate }) => sum + rateOf(codec, channels, rate), 0),
    kept: Object.fromEntries(
      ranges.map(({ source }, i) => [source.id, tracks.map((row) => row[i]?.index ?? -1)]),
    ),
    roles: tracks.map((row) => commonTrack(row)?.roles ?? []),
    notes: unique([...around, ...rows.flatMap((row) => rowNotes(ranges, row, spec)), ...chosen]),
  }
}

/** The words that all of them share. */
function commonTrack(row: readonly (AudioStream | undefined)[]): AudioStream | undefined {
  const tracks = row.flatMap((track) => track ?? [])
  const [first] = tracks
  if (!first) return undefined
  const shared = (key: keyof AudioStream): boolean =>
    tracks.every((track) => JSON.stringify(track[key]) === JSON.stringify(first[key]))
  return {
    ...first,
    language: shared('language') ? first.language : undefined,
    title: shared('title') ? first.title : undefined,
    roles: shared('roles') ? first.roles : [],
  }
}

const unique = (notes: readonly Message[]): Message[] => [
  ...new Map(notes.map((note) => [JSON.stringify(note), note])).values(),
]

export async function audioPlan(
  tools: Tools,
  plan: Pick<Plan, 'audio'>,
  spec: OutputSpec,
  signal?: AbortSignal,
  known: KnownOfSound = {},
): Promise<AudioPlan> {
  const ranges = mergedRanges(plan)
  const [first] = ranges
  if (!spec.hasAudio || !first || ranges.every((range) => range.source.audio.length === 0))
    return {
      inputs: [],
      gathered: [],
      output: [],
      trials: [],
      tracks: 0,
      bytesPerSecond: 0,
      kept: {},
      roles: [],
      notes: [],
    }
  const fates: Fate[][] = []
  for (const range of ranges) {
    const each: Fate[] = []
    for (const track of range.source.audio) each.push(await fateOf(tools, range, track, spec, known, signal))
    fates.push(each)
  }
  return ranges.length > 1 || first.clock
    ? manyRanges({ ranges, fates, known }, spec)
    : oneRange(first, spec, fates[0] ?? [], known)
}
