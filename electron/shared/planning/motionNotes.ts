// What a person should know before a clip is shown by its motion: how many frames are estimated or left out, its length, its sound.
import { type ClipMotion, isEstimating } from '../document/motion.js'
import { frameCount, secondsOf, ticksOf } from '../media/frameTable.js'
import { toNumber } from '../media/rational.js'
import type { Source } from '../media/source.js'
import { formatTenths } from '../media/timecode.js'
import { type Message, type Phrase, message, phrase } from '../words/sentences.js'
import { filmedInFields } from './filmFrames.js'
import { type Asked, type Laid, readingOf } from './motion.js'
import { isEstimate } from './motionUnits.js'

interface Told extends Asked {
  source: Source
}

const written = (seconds: number): string => String(Math.round(100 * seconds) / 100)

/** What is spoken of: all of a source, or a part of it. */
export function spokenOf({ source: { name }, table, from, to }: Asked): Phrase {
  if (from === 0 && to === frameCount(table)) return phrase('spokenWhole', { name })
  const [begin, end] = [from, to].map((frame) => formatTenths(secondsOf(table, frame))) as [string, string]
  return phrase('spokenPart', { name, from: begin, to: end })
}

/** Times of films are often written in whole milliseconds. */
const sameSeconds = 0.0011

/** Whether the film shows the clip as it is without a motion: every frame once, itself, at its time. */
export function changesNothing({ shown, seconds, endSeconds }: Laid, { table, from, to }: Asked): boolean {
  const own = (frame: number): number => secondsOf(table, frame) - secondsOf(table, from)
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) < sameSeconds
  if (shown.length !== to - from || !isNear(endSeconds, own(to))) return false
  return shown.every(
    ({ key, t }, i) => key === from + i && t === 0 && isNear(seconds[i] ?? Infinity, own(from + i)),
  )
}

/** Frames of the source that the film shows nowhere. */
function leftOut({ from, to }: Told, { shown }: Laid): number {
  const keys = new Set(shown.flatMap(({ key, next }) => (next === undefined ? [key] : [key, next])))
  return Array.from({ length: to - from }, (_, i) => from + i).filter((frame) => !keys.has(frame)).length
}

function frameNotes(motion: ClipMotion, told: Told, found: Laid): Message[] {
  const { kind } = motion
  const name = spokenOf(told)
  const [total, count] = [found.shown.length, found.shown.filter(isEstimate).length]
  if (kind === 'repair')
    return [
      count > 0 ? message('noteEstimated', { name, count, total }) : message('noteNothingToRepair', { name }),
    ]
  const without = leftOut(told, found)
  return [
    ...(count > 0 ? [message('noteEstimated', { name, count, total })] : []),
    ...(count === 0 && isEstimating(motion) ? [message('noteNothingEstimated', { name })] : []),
    ...(without > 0 ? [message('noteLeftOut', { name, count: without, total: told.to - told.from })] : []),
    ...(without === 0 && (kind === 'unique' || kind === 'tempo') ? [message('noteNoRepeats', { name })] : []),
  ]
}

function soundNotes(motion: ClipMotion, told: Told, isLonger: boolean): Message[] {
  if (!('sound' in motion) || told.source.audio.length === 0) return []
  const name = spokenOf(told)
  if (motion.sound === 'silent') return [message('noteSoundSilenced', { name })]
  if (!isLonger) return []
  return [message(motion.sound === 'stretched' ? 'noteSoundStretched' : 'noteSoundApart', { name })]
}

export function motionNotes(motion: ClipMotion, told: Told, found: Laid): Message[] {
  const { table, from, to } = told
  const name = spokenOf(told)
  const own = (ticksOf(table, to) - ticksOf(table, from)) * toNumber(table.timeBase)
  const isOther = Math.abs(found.endSeconds - own) > 0.1
  const count = filmedInFields(readingOf(told), from, to)
  return [
    ...frameNotes(motion, told, found),
    ...(count > 0 && motion.kind !== 'repair' ? [message('noteFilmedInFields', { name, count })] : []),
    ...(isOther
      ? [message('noteOtherLength', { name, own: written(own), film: written(found.endSeconds) })]
      : []),
    ...soundNotes(motion, told, isOther),
  ]
}
