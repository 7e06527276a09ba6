// The sound tracks of a finished film beside those of what it was made from: what they are, how long, and where they begin.
import { Plan } from '../shared/planning/plan.js'
import { ReportRow } from '../shared/contract/report.js'
import { phrase, Message, SentenceKey, Words } from '../shared/words/sentences.js'
import { AudioStream, Source, TrackRole, mainTrack } from '../shared/media/source.js'
import { tempoOf } from './filmSound.js'
import { isInMotion, isRange } from './reportLength.js'
import { codecName, nearly, row, seconds } from './reportRow.js'
import { SoundTrack, heardFrom } from './soundLook.js'
import { isSameLanguage } from './tags.js'

/** By source: which of its streams is heard in each track of the film, -1 for none. */
export type KeptTracks = Readonly<Record<string, readonly number[]>>

type Places = ReadonlyMap<number, SoundTrack>

const roleWords: Record<TrackRole, SentenceKey> = {
  ...{ default: 'cellDefault', comment: 'cellComment', forced: 'cellForced', dub: 'cellDub' },
  ...{ hearing_impaired: 'cellHearing', visual_impaired: 'cellSeeing', original: 'cellOriginal' },
}

/** What it is for; that one is played first means nothing where it is the only one. */
function rolesOf(track: AudioStream, all: readonly AudioStream[]): TrackRole[] {
  const others = track.roles.filter((role) => role !== 'default')
  const isDefault = track.roles.includes('default') || track === mainTrack(all)
  return all.length > 1 && isDefault ? ['default', ...others] : others
}

function trackWords(track: AudioStream, all: readonly AudioStream[]): Words {
  const { codec, channels, sampleRate, language = 'und', title } = track
  const spread = channels === 1 ? phrase('cellMono') : phrase('cellChannels', { channels })
  return [
    ...[codecName(codec), channels === 2 ? phrase('cellStereo') : spread, `${sampleRate / 1000} kHz`],
    ...[{ language }, ...(title === undefined ? [] : [title])],
    ...rolesOf(track, all).map((role) => phrase(roleWords[role])),
  ]
}

function placeWords(place: { from: number; to: number } | undefined): Words {
  if (!place) return []
  const length = seconds(Math.max(0, place.to - place.from), 1) // packets make hundredths of it
  if (nearly(place.from, 0, startWithin)) return [length]
  const key = place.from < 0 ? 'cellBefore' : 'cellFrom'
  return [length, phrase(key, { at: Math.abs(place.from).toFixed(2) })]
}

/** Codecs begin and end with whole packets. */
const [startWithin, endWithin] = [0.05, 0.1]

/** How long a track should be, and whether silence may fill it. */
function placeRow(
  plan: Plan,
  of: string,
  before: SoundTrack | undefined,
  after: SoundTrack | undefined,
): ReportRow {
  const [range, ...more] = plan.audio
  const isOne = range !== undefined && more.length === 0
  const total = plan.seconds
  const inside = (s: number): number =>
    range ? Math.min(total, Math.max(0, (s - range.fromSeconds) / tempoOf(range))) : total
  const [from, to] = isOne && before ? [inside(before.from), inside(before.to)] : [0, total]
  const begins =
    after !== undefined && (nearly(after.from, from, startWithin) || nearly(after.from, 0, startWithin))
  const ends = after !== undefined && (nearly(after.to, to, endWithin) || nearly(after.to, total, endWithin))
  const isSame =
    before !== undefined &&
    after !== undefined &&
    nearly(after.from, before.from, startWithin) &&
    nearly(after.to, before.to, endWithin)
  const isJoined = plan.audio.some(({ clock }) => clock !== undefined)
  const isAround =
    before !== undefined && (before.from < -startWithin || before.to > (range?.toSeconds ?? 0) + endWithin)
  const isFilled =
    before !== undefined &&
    after !== undefined &&
    (after.from < from - startWithin || after.to > to + endWithin)
  const why: SentenceKey[] = [
    ...(isJoined ? (['whyClock'] as const) : []),
    ...(isInMotion(plan) ? (['whyMotion'] as const) : []),
    ...(isRange(plan) ? (['whyRange'] as const) : isAround && isOne ? (['whySoundAround'] as const) : []),
    ...(isFilled && isOne ? (['whySilence'] as const) : []),
  ]
  return row(
    'reportSoundLength',
    isJoined ? [phrase('cellJoined')] : placeWords(before),
    placeWords(after),
    begins && ends ? 'planned' : 'lost',
    { values: { of }, isSame: isSame && !isJoined, why },
  )
}

function heard({ container }: Source, track: AudioStream, places: Places): SoundTrack | undefined {
  const place = places.get(track.index)
  return place && { ...place, from: heardFrom(container, track, place.from) }
}

/** Tracks that could not be opened at all: what was said of each. */
const droppedKeys: Partial<Record<SentenceKey, SentenceKey>> = {
  ...{
    noteSoundEmpty: 'cellEmpty',
    noteSoundUnreadable: 'cellUnreadable',
    noteSoundEncrypted: 'cellEncrypted',
  },
}

const droppedIn = (source: Source): Map<number, Words> =>
  new Map(
    source.warnings.flatMap(({ key, values }) => {
      const cell = droppedKeys[key]
      const codec = typeof values['codec'] === 'string' ? [values['codec']] : []
      return cell ? [[Number(values['track']), [...codec, phrase(cell)]] as const] : []
    }),
  )

export interface SoundBeside {
  plan: Plan
  kept: KeptTracks
  hasAudio: boolean
  told: readonly Message[]
  /** One of several sources: they have one track together. */
  isOneOfSeveral: boolean
}

/** Why a track is not in the film; undefined where nobody said it. */
function whyLeft(source: Source, track: AudioStream, beside: SoundBeside): SentenceKey | undefined {
  if (!beside.hasAudio) return 'whyNoSound'
  if (beside.isOneOfSeveral) return 'whySeveral'
  const number = source.audio.indexOf(track) + 1
  const isUnreadable = beside.told.some(
    ({ key, values }) =>
      key === 'noteSoundUnreadable' && values['name'] === source.name && values['track'] === number,
  )
  return isUnreadable ? 'whyUnreadable' : undefined
}

/** A track beside the one that it has become. */
function keptRow(
  key: SentenceKey,
  values: Record<string, string>,
  [track, all]: readonly [AudioStream, readonly AudioStream[]],
  [other, others]: readonly [AudioStream, readonly AudioStream[]],
  { plan, isOneOfSeveral }: SoundBeside,
): ReportRow {
  const isMixed = plan.audio.length > 1 && other.channels < track.channels
  // Which of them is played first is no question any more where one is left.
  const beside = others.length > 1 ? all : [track]
  const isKept =
    (other.channels === track.channels || isMixed) &&
    isSameLanguage(other.language, track.language) &&
    (other.title ?? '') === (track.title ?? '') &&
    (isOneOfSeveral || rolesOf(track, beside).join() === rolesOf(other, others).join())
  const isSame = isKept && !isMixed && other.codec === track.codec && other.sampleRate === track.sampleRate
  const state = isKept || isOneOfSeveral ? 'planned' : 'lost'
  const isRecoded = other.codec !== track.codec || other.sampleRate !== track.sampleRate || isMixed
  const why: SentenceKey[] = isOneOfSeveral ? ['whySeveral'] : isRecoded ? ['whyRecoded'] : []
  return row(key, trackWords(track, all), trackWords(other, others), state, { values, isSame, why })
}

/** Of each track of a source, in the file's order. */
export function soundRows(
  source: Source,
  made: Source,
  [before, after]: readonly [Places, Places],
  beside: SoundBeside,
): ReportRow[] {
  const dropped = droppedIn(source)
  const key = beside.isOneOfSeveral ? 'reportSoundOf' : 'reportSound'
  const tracks = source.audio.values()
  return Array.from({ length: source.audio.length + dropped.size }, (_, i) => i + 1).flatMap((number) => {
    const of = String(number)
    const values: Record<string, string> = beside.isOneOfSeveral ? { of, name: source.name } : { of }
    const gone = dropped.get(number)
    if (gone) return [row(key, gone, [], 'planned', { values })]
    const track = tracks.next().value
    if (!track) return []
    const other = made.audio[(beside.kept[source.id] ?? []).indexOf(track.index)]
    if (!other) {
      const why = whyLeft(source, track, beside)
      const state = why === undefined ? 'lost' : 'planned'
      return [row(key, trackWords(track, source.audio), [], state, { values, why: why ? [why] : [] })]
    }
    const places = [heard(source, track, before), heard(made, other, after)] as const
    return [
      keptRow(key, values, [track, source.audio], [other, made.audio], beside),
      placeRow(beside.plan, beside.isOneOfSeveral ? String(made.audio.indexOf(other) + 1) : of, ...places),
    ]
  })
}
