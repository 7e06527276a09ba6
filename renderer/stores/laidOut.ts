// What the film shows of a clip with a motion, frame by frame: where each stands in its source, and which picture it is. Known when its source was looked at.
import { useMemo } from 'react'
import { Clip, Frame } from '../../electron/shared/document/project.js'
import { frameAt, secondsOf } from '../../electron/shared/media/frameTable.js'
import { FrameTable, Source } from '../../electron/shared/media/source.js'
import { Laid, laid, wayOf } from '../../electron/shared/planning/motion.js'
import { FoundTiming } from './findings.js'
import { setSession, useSession } from './session.js'
import { useSources } from './sources.js'
import { useTimings } from './timings.js'

/** A frame of the film: the source's frame `key`, or an estimate so many millionths of the way from it to the next. */
export interface LaidFrame {
  key: Frame
  way: number
  /** Its place in the source, in seconds. */
  at: number
  /** Of the source, the frame in whose time it is asked for: the one that a preview's range goes by. */
  during: Frame
}

export interface LaidOut {
  frames: readonly LaidFrame[]
  table: FrameTable
  /** Of the clip in the film. */
  seconds: number
  estimates: number
}

/** Of one that was asked for within a millisecond of a frame, that frame is shown: its own time is another then. A tempo asks for no times of the source. */
function askedAt({ by, seconds, endSeconds, sound }: Laid, index: number): number | undefined {
  const speed = (sound.to - sound.from) / endSeconds
  return by.kind === 'tempo' ? undefined : sound.from + (seconds[index] ?? 0) * speed
}

const framesOf = (made: Laid, table: FrameTable): LaidFrame[] =>
  made.shown.map((frame, index) => {
    const from = secondsOf(table, frame.key)
    const gap = frame.next === undefined ? 0 : secondsOf(table, frame.next) - from
    const asked = askedAt(made, index)
    return {
      ...{ key: frame.key, way: wayOf(frame), at: from + frame.t * gap },
      during: asked === undefined ? frame.key : frameAt(table, asked),
    }
  })

type Range = Pick<Clip, 'from' | 'to' | 'motion'>

/** Undefined for a clip as filmed, and where it cannot be told: then the work that is begun says why. */
export function layOut(
  { from, to, motion }: Range,
  source: Source,
  table: FrameTable,
  found: FoundTiming,
): LaidOut | undefined {
  if (!motion) return undefined
  try {
    const made = laid(motion, { source, table, timing: found.timing, from, to })
    const estimates = made.shown.filter(({ t }) => t > 0).length
    return { frames: framesOf(made, table), table, seconds: made.endSeconds, estimates }
  } catch {
    return undefined
  }
}

const known = new WeakMap<Clip, { found: FoundTiming; laid: LaidOut | undefined }>()

/** Of a clip of the document, now; undefined also until its source was looked at. */
export function laidNow(clip: Clip): LaidOut | undefined {
  const { sources, tables } = useSources.getState()
  const [source, table] = [sources[clip.sourceId], tables[clip.sourceId]]
  const found = useTimings.getState().found[clip.sourceId]
  if (!clip.motion || !source || !table || !found) return undefined
  const before = known.get(clip)
  if (before?.found === found) return before.laid
  const made = layOut(clip, source, table, found)
  known.set(clip, { found, laid: made })
  return made
}

/** The same for a component. */
export function useLaidOut(clip: Clip): LaidOut | undefined {
  const table = useSources((s) => s.tables[clip.sourceId])
  const found = useTimings((s) => s.found[clip.sourceId])
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what `laidNow` reads
  return useMemo(() => laidNow(clip), [clip, table, found])
}

/** The place in the list of the last frame that is shown at or before a moment of the source; of the first one before all of them. */
export function indexAt({ frames }: Pick<LaidOut, 'frames'>, seconds: number): number {
  let [low, high] = [0, frames.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((frames[middle]?.at ?? Infinity) <= seconds + 1e-6) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

type Standing = Pick<ReturnType<typeof useSession.getState>, 'playhead' | 'between'>

/** The place in the list that was stepped or played to; undefined where it was one of another clip, or of another motion. */
export function indexBetween(laidOut: LaidOut, { playhead, between }: Standing): number | undefined {
  const place = between?.frame === playhead ? laidOut.frames[between.index] : undefined
  const isThere = place !== undefined && frameAt(laidOut.table, place.at) === playhead
  return isThere ? between?.index : undefined
}

/** The place in the list of what is looked at. */
export const indexInHand = (laidOut: LaidOut, standing: Standing): number =>
  indexBetween(laidOut, standing) ?? indexAt(laidOut, secondsOf(laidOut.table, standing.playhead))

/** Looks at a frame of the film: the playhead stands on the source's frame at or before it. */
export function lookAtLaid({ frames, table }: LaidOut, index: number): void {
  const place = frames[index]
  if (!place) return
  const frame = frameAt(table, place.at)
  setSession({ playhead: frame, between: { frame, index }, moment: undefined })
}
