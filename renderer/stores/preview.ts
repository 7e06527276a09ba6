// The preview in hand: one at a time, the newest wish wins, and always of the settings that are shown. One that cannot begin
// yet, because its film is still being read or its settings were changed just now, is remembered and begins by itself.
import { create } from 'zustand'
import { durationOf, firstFrameFrom, secondsOf, frameCount } from '../../electron/shared/media/frameTable.js'
import { JobId, JobState, isEnded } from '../../electron/shared/contract/job.js'
import { ClipMotion } from '../../electron/shared/document/motion.js'
import { Clip, ClipId, EnhanceSettings, Frame } from '../../electron/shared/document/project.js'
import { FrameTable, SourceId } from '../../electron/shared/media/source.js'
import { isWorkedOn, previewRange } from './compare.js'
import { chosenByHand } from './damage.js'
import { api } from './host.js'
import { useJobs } from './jobs.js'
import { clipOf, useProject } from './project.js'
import { notifyAbout, notifyFailure, setSession, settle, useSession } from './session.js'
import { useSources } from './sources.js'
import { shownTimes } from './speeds.js'

interface Range {
  from: Frame
  to: Frame
}

/** What the host was asked for; it has a job as soon as the host has answered. */
interface Asked extends Range {
  clipId: ClipId
  sourceId: SourceId
  enhance: EnhanceSettings
  motion?: ClipMotion | undefined
  jobId?: JobId
}

interface PreviewState {
  asked?: Asked
  /** A wish that waits. Without a range it is for where the playhead will be. */
  wish?: { clipId: ClipId; range?: Range }
}

export const previewStart: PreviewState = { asked: undefined, wish: undefined }
export const usePreview = create<PreviewState>()(() => previewStart)

/** Settings that are moved one after the other make one new preview. */
const restMs = 300
let timer: ReturnType<typeof setTimeout> | undefined

type Made = Pick<Clip, 'enhance' | 'motion'>
const isSame = (a: Made, b: Made): boolean =>
  JSON.stringify([a.enhance, a.motion]) === JSON.stringify([b.enhance, b.motion])

const jobOf = ({ jobId }: Asked): JobState | undefined =>
  useJobs.getState().jobs.find((job) => job.id === jobId)

/** The host has not ended it, as far as is known here. */
function isUnderWay(asked: Asked): boolean {
  const job = jobOf(asked)
  return job === undefined || !isEnded(job)
}

/** Ends the preview that this window asked for, if there is one. */
function giveUp(): void {
  const { asked } = usePreview.getState()
  usePreview.setState({ asked: undefined })
  // One that has no job yet is ended when the host answers.
  if (asked?.jobId !== undefined && isUnderWay(asked)) api().jobs.cancel(asked.jobId).catch(notifyFailure)
}

/** Neither what is under way nor what is remembered is wanted any more; nor this job, which an earlier window may have begun. */
export function stopPreview(running?: JobId): void {
  clearTimeout(timer)
  timer = undefined
  const { asked } = usePreview.getState()
  usePreview.setState({ wish: undefined })
  giveUp()
  if (running !== undefined && running !== asked?.jobId) api().jobs.cancel(running).catch(notifyFailure)
}

const isInHand = (clip: Clip): boolean =>
  clipOf(useProject.getState().project, useSession.getState().selectedClipId)?.id === clip.id

/** A preview of as many seconds of the film as are chosen, from the playhead. */
function rangeAt(clip: Clip, filmed: FrameTable): Range {
  const { document, project } = useProject.getState()
  const { shown: table } = shownTimes(document, project.clips, clip, filmed)
  const { previewSeconds: seconds, playhead: at } = useSession.getState()
  const playhead = Math.min(isInHand(clip) ? at : clip.from, frameCount(table) - 1)
  const count = firstFrameFrom(table, secondsOf(table, playhead) + seconds) - playhead
  // Near the end of the film the count from the playhead is short: measure it from the front instead.
  const full = Math.max(count, firstFrameFrom(table, Math.min(seconds, durationOf(table))))
  return previewRange(playhead, clip, full)
}

async function ask(clip: Clip, range: Range): Promise<void> {
  giveUp()
  settle('clip')
  const { sourceId, enhance, motion } = clip
  const mine: Asked = { clipId: clip.id, sourceId, enhance, motion, ...range }
  usePreview.setState({ asked: mine, wish: undefined })
  try {
    const jobId = await api().render.preview({ sourceId, ...range, enhance, ...(motion ? { motion } : {}) })
    if (usePreview.getState().asked === mine) usePreview.setState({ asked: { ...mine, jobId } })
    else await api().jobs.cancel(jobId) // another wish came meanwhile
  } catch (error) {
    if (usePreview.getState().asked === mine) usePreview.setState({ asked: undefined })
    notifyAbout('clip')(error)
  }
}

/** Begins what waits, if it can: its film has been read and no setting is being moved. */
function begin(): void {
  const { wish } = usePreview.getState()
  const clip = useProject.getState().project.clips.find((c) => c.id === wish?.clipId)
  const table = clip && useSources.getState().tables[clip.sourceId]
  if (!wish || timer !== undefined) return
  if (!clip || !isWorkedOn(clip) || useSources.getState().missing[clip.sourceId])
    return usePreview.setState({ wish: undefined })
  if (!table) return
  const range = wish.range ?? rangeAt(clip, table)
  // What is made of a clip is seen where the clip is.
  if (!wish.range && isInHand(clip))
    setSession(({ playhead }) => ({ playhead: Math.max(clip.from, Math.min(playhead, clip.to - 1)) }))
  void ask(clip, range)
}

/** Shows a few seconds of a clip from the playhead on: at once, or as soon as its film has been read. */
export function startPreview(clip: Clip): void {
  if (!isWorkedOn(clip)) return
  chosenByHand(clip.id) // what is being made is of these settings: no suggestion comes over them
  setSession({ isPlaying: false, range: undefined, rate: 1 })
  clearTimeout(timer)
  timer = undefined
  usePreview.setState({ wish: { clipId: clip.id } })
  begin()
}

/** What is being made is of other settings by now, or of a clip that has gone. */
function follow(): void {
  const { asked } = usePreview.getState()
  if (!asked || !isUnderWay(asked)) return
  const clip = useProject.getState().project.clips.find((c) => c.id === asked.clipId)
  if (!clip || !isWorkedOn(clip)) return stopPreview()
  const isSameFilm = clip.sourceId === asked.sourceId
  if (isSameFilm && isSame(clip, asked)) return
  giveUp()
  const { from, to } = asked
  usePreview.setState({ wish: { clipId: clip.id, range: isSameFilm ? { from, to } : undefined } })
}

/** Keeps the preview to the settings that are shown. Answers a function that stops that. */
export function followSettings(): () => void {
  const stops = [
    useProject.subscribe(({ project }, before) => {
      if (project === before.project) return
      follow()
      if (!usePreview.getState().wish) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        timer = undefined
        begin()
      }, restMs)
    }),
    useSources.subscribe(begin),
  ]
  return () => {
    clearTimeout(timer)
    timer = undefined
    for (const stop of stops) stop()
  }
}
