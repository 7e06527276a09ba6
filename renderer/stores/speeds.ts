// How fast the clips of the film play, and when it shows their frames, of the document as it is.
import { useMemo } from 'react'
import { Project } from '../../electron/shared/document/document.js'
import { filmTrack } from '../../electron/shared/document/cutList.js'
import { Clip, ClipId } from '../../electron/shared/document/project.js'
import { secondsOf } from '../../electron/shared/media/frameTable.js'
import { Ratio } from '../../electron/shared/media/rational.js'
import { FrameTable } from '../../electron/shared/media/source.js'
import { useProject } from './project.js'
import { SpedPart, countedTable, shownTable } from './shownTimes.js'

type Speeds = ReadonlyMap<ClipId, Ratio>
const known = new WeakMap<Project, Speeds>()

/** Of the clips that play at another speed than their own. */
function speedsOf(document: Project): Speeds {
  const before = known.get(document)
  if (before) return before
  const items = filmTrack(document)?.items ?? []
  const speeds = new Map(items.flatMap(({ id, speed }) => (speed ? [[id, speed] as const] : [])))
  known.set(document, speeds)
  return speeds
}

/** Seconds of the film that a clip takes. */
export function lastingOf(document: Project, { id, from, to }: Clip, table: FrameTable): number {
  const speed = speedsOf(document).get(id)
  const seconds = secondsOf(table, to) - secondsOf(table, from)
  return speed ? (seconds * speed.den) / speed.num : seconds
}

/** The clips of a source that play at another speed; the one in hand first. */
export function spedParts(document: Project, clips: readonly Clip[], { id, sourceId }: Clip): SpedPart[] {
  const speeds = speedsOf(document)
  if (speeds.size === 0) return []
  const parts = clips.flatMap((clip) => {
    const speed = clip.sourceId === sourceId ? speeds.get(clip.id) : undefined
    const isUnstretched = clip.motion && 'sound' in clip.motion && clip.motion.sound !== 'stretched'
    const times = clip.motion?.kind === 'slow' ? clip.motion.factor : undefined
    return speed ? [{ id: clip.id, from: clip.from, to: clip.to, speed, times, isUnstretched }] : []
  })
  return parts.toSorted((a, b) => Number(b.id === id) - Number(a.id === id))
}

export interface ShownTimes {
  /** The source's frames at the times of the film. */
  shown: FrameTable
  /** The film's frames at the same times: those of a slowed clip are as many times more. */
  counted: FrameTable
  parts: readonly SpedPart[]
}

interface Asked {
  document: Project
  clips: readonly Clip[]
  clip: Clip
  table: FrameTable
}
let last: (Asked & { times: ShownTimes }) | undefined

/** Asked for at every step of the playhead: the same objects as long as nothing of it is another. */
export function shownTimes(
  document: Project,
  clips: readonly Clip[],
  clip: Clip,
  table: FrameTable,
): ShownTimes {
  const isSame =
    last?.document === document && last.clips === clips && last.clip === clip && last.table === table
  if (last && isSame) return last.times
  const times = timesOf({ document, clips, clip, table })
  last = { document, clips, clip, table, times }
  return times
}

function timesOf({ document, clips, clip, table }: Asked): ShownTimes {
  const parts = spedParts(document, clips, clip)
  const shown = shownTable(table, parts)
  return { parts, shown, counted: countedTable(shown, parts) }
}

export function useShownTimes(clip: Clip, table: FrameTable): ShownTimes {
  const document = useProject((s) => s.document)
  const clips = useProject((s) => s.project.clips)
  return useMemo(() => shownTimes(document, clips, clip, table), [document, clips, clip, table])
}
