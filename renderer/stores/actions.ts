// Every command name and what it does. Menus, keys and buttons all come through here.
import { Panel } from '../../electron/shared/contract/app.js'
import { CommandName } from '../../electron/shared/words/commandNames.js'
import { toFailure } from '../../electron/shared/contract/errors.js'
import { durationOf, frameAt, secondsOf, frameCount } from '../../electron/shared/media/frameTable.js'
import { Clip, ClipId } from '../../electron/shared/document/project.js'
import { FrameTable } from '../../electron/shared/media/source.js'
import { parseTimecode } from '../../electron/shared/media/timecode.js'
import { moveClip } from '../commands/moveClip.js'
import { removeClip } from '../commands/removeClip.js'
import { setEnhance } from '../commands/setEnhance.js'
import { splitClip } from '../commands/splitClip.js'
import { trimClip } from '../commands/trimClip.js'
import { isRendered, playRange } from './compare.js'
import { isWorking, renderedNow } from './coverage.js'
import { Film, frameInHand, momentInHand } from './filmClock.js'
import { flip } from './divider.js'
import { api } from './host.js'
import { chooseFilms, openSample } from './open.js'
import { indexAt, indexInHand, laidNow, lookAtLaid } from './laidOut.js'
import { MotionKind, chooseMotion } from './motion.js'
import { openWhenRead } from './reading.js'
import { fold, isFolded, usePreferences } from './preferences.js'
import { isPhoto, savePair, saveSnapshot } from './photo.js'
import { startPreview, stopPreview } from './preview.js'
import { UndoPosition, clipOf, newClipId, redo, run, undo, useProject } from './project.js'
import { chooseProject, newProject, saveProject, saveProjectAs } from './projectFiles.js'
import { CompareMode, notify, openDialog, openSettings, setSession, useSession } from './session.js'
import { useSources } from './sources.js'
import { filmedAt, nearSeconds } from './shownTimes.js'
import { shownTimes } from './speeds.js'
import { wholePicture } from './view.js'

interface Scene {
  clip: Clip
  table: FrameTable
  /** The same frames at the times of the film, and the film's at the same. */
  shown: FrameTable
  counted: FrameTable
  frames: number
  playhead: number
}

/** The clip that is looked at, whether its frames are known yet or not. */
export const inHand = (): Clip | undefined =>
  clipOf(useProject.getState().project, useSession.getState().selectedClipId)

/** The clip that is looked at with its frames; undefined while there is nothing to look at. */
export function scene(): Scene | undefined {
  const session = useSession.getState()
  const clip = inHand()
  const table = clip && useSources.getState().tables[clip.sourceId]
  if (!clip || !table) return undefined
  const frames = frameCount(table)
  const { document, project } = useProject.getState()
  const { shown, counted } = shownTimes(document, project.clips, clip, table)
  return { clip, table, shown, counted, frames, playhead: Math.min(session.playhead, frames - 1) }
}

const withClip = (work: (clip: Clip) => void) => (): void => {
  const clip = inHand()
  if (clip) work(clip)
}

const withScene = (work: (s: Scene) => void) => (): void => {
  const s = scene()
  if (s) work(s)
}

export const pause = (): void => setSession({ isPlaying: false, range: undefined, rate: 1 })

/** Puts the playhead on a frame and stops there. */
export function goTo(frame: number): void {
  const s = scene()
  if (!s) return
  pause()
  const playhead = Math.min(Math.max(Math.round(frame), 0), s.frames - 1)
  setSession({ playhead, between: undefined, moment: undefined })
}

/** Frame by frame: of those that the film shows where they are there, of the source's elsewhere. */
const step = (by: 1 | -1) =>
  withScene(({ clip, playhead }) => {
    const isInside = playhead >= clip.from && playhead < clip.to
    const laidOut = isInside ? laidNow(clip) : undefined
    const { between } = useSession.getState()
    const index = laidOut && indexInHand(laidOut, { playhead, between }) + by
    const next = index === undefined ? undefined : laidOut?.frames[index]
    if (!laidOut || index === undefined || !next || !isRendered(renderedNow(clip), next.key))
      return goTo(playhead + by)
    pause()
    lookAtLaid(laidOut, index)
  })

/** An edit after which the playhead is at the same moment, if the clip in hand has other frames by then. */
export function keepMoment(edit: () => void): void {
  pause()
  const before = scene()
  edit()
  const after = scene()
  if (before && after && after.clip.id === before.clip.id && after.table !== before.table)
    setSession({ playhead: frameAt(after.table, secondsOf(before.table, before.playhead)) })
}

/** To a moment of the film: the source's frame that it shows then, and of a clip's motion what it shows of that, be it so many seconds later. */
function goToMoment({ clip, table, shown }: Scene, seconds: number, near = 0): void {
  const frame = frameAt(shown, seconds)
  goTo(frame)
  const laidOut = frame >= clip.from && frame < clip.to ? laidNow(clip) : undefined
  const between = laidOut && { frame, index: indexAt(laidOut, filmedAt(table, shown, seconds + near)) }
  setSession({ between, moment: { sourceId: clip.sourceId, frame, seconds } })
}

/** The film that a scene shows, with what its clip's motion makes of it as far as that is known. */
const filmIn = ({ clip, table, shown }: Scene): Film => ({ clip, table, shown, laidOut: laidNow(clip) })

/**
 * Steps of whole seconds add up exactly, though no frame may begin there: as many back as forth lead to the frame they began
 * at. At the ends the film's own first and last frame count.
 */
const goBy = (seconds: number) =>
  withScene((s) => {
    const to = momentInHand(filmIn(s), { ...useSession.getState(), playhead: s.playhead }) + seconds
    if (to >= 0 && to < durationOf(s.shown)) goToMoment(s, to)
    else goTo(to < 0 ? 0 : s.frames - 1)
  })

/** To the frame of the film that a time means which was typed. Answers whether it means one. */
export function goToTyped(text: string): boolean {
  const s = scene()
  if (!s) return false
  const { counted } = s
  const now = frameInHand(filmIn(s), counted, { ...useSession.getState(), playhead: s.playhead })
  const frame = parseTimecode(counted, text, now)
  if (frame !== undefined) goToMoment(s, secondsOf(counted, frame), nearSeconds(s.shown, counted, frame))
  return frame !== undefined
}

/** Undo and redo: the clip that was in hand then is in hand again. */
function goBack(step: () => UndoPosition | undefined): void {
  const before = inHand()
  let place: UndoPosition | undefined
  keepMoment(() => (place = step()))
  const then = useProject.getState().project.clips.find((clip) => clip.id === place?.clipId)
  if (!place || !then || (before?.id === then.id && inHand()?.id === then.id)) return
  selectClip(then)
  setSession({ playhead: place.playhead })
}

function play(rate: number): void {
  const s = scene()
  if (!s) return
  const { isLooping } = useSession.getState()
  const { clip, frames } = s
  const range = playRange({ playhead: s.playhead, clip, frames, isLooping, rendered: renderedNow(s.clip) })
  // At the very end there is nothing left to play: begin again.
  const isAtEnd = rate > 0 && s.playhead >= range.to - 1
  setSession({ isPlaying: true, rate, range, playhead: isAtEnd ? range.from : s.playhead })
}

const faster = (direction: 1 | -1): void => {
  const { isPlaying, rate } = useSession.getState()
  const isSameWay = isPlaying && Math.sign(rate) === direction
  play(direction * (isSameWay ? Math.min(8, Math.abs(rate) * 2) : 1))
}

/** Cuts of the film that concern this source: starts and ends of its clips, and its own ends. */
function cuts({ clip, frames }: Scene): number[] {
  const own = useProject.getState().project.clips.filter((c) => c.sourceId === clip.sourceId)
  return [...new Set([0, frames - 1, ...own.flatMap((c) => [c.from, Math.min(c.to, frames - 1)])])].sort(
    (a, b) => a - b,
  )
}

export function selectClip(clip: Clip): void {
  const { playhead, selectedClipId } = useSession.getState()
  const { project } = useProject.getState()
  const before = clipOf(project, selectedClipId)
  const isSameFilm = before?.sourceId === clip.sourceId
  const isInside = isSameFilm && playhead >= clip.from && playhead < clip.to
  pause()
  setSession({ selectedClipId: clip.id, playhead: isInside ? playhead : clip.from })
  if (!isSameFilm) setSession({ timeline: { startSeconds: 0 }, view: wholePicture })
}

export function selectClipById(id: ClipId): void {
  const clip = useProject.getState().project.clips.find((c) => c.id === id)
  if (clip) selectClip(clip)
}

function removeSelected(clip: Clip): void {
  const { clips } = useProject.getState().project
  const at = clips.indexOf(clip)
  pause()
  run(removeClip(clip.id))
  const next = clips[at + 1] ?? clips[at - 1]
  if (next) selectClip(next)
}

/** Cuts what the playhead stands in: the clip in hand, else another of the same film. The later half is in hand then. */
function split({ clip, playhead }: Scene): void {
  const { clips } = useProject.getState().project
  const own = [clip, ...clips.filter((c) => c.sourceId === clip.sourceId)]
  const cut = own.find((c) => playhead > c.from && playhead < c.to)
  if (!cut) return
  const id = newClipId()
  run(splitClip(cut.id, playhead, id))
  setSession({ selectedClipId: id })
}

const move = (by: number) =>
  withClip((clip) => {
    const { clips } = useProject.getState().project
    const at = clips.findIndex((c) => c.id === clip.id) + by
    if (at >= 0 && at < clips.length) run(moveClip(clip.id, at))
  })

/** Playing has shown the last frame of its range: go round, go on with the next clip of the film, or stop there. */
export function reachedEnd(): void {
  const { range, rate } = useSession.getState()
  const s = scene()
  if (!range || !s) return pause()
  if (range.isLoop) return setSession({ playhead: range.from })
  const { clips } = useProject.getState().project
  const next = clips[clips.findIndex((c) => c.id === s.clip.id) + 1]
  if (!next || range.from !== s.clip.from || range.to !== s.clip.to) return goTo(range.to - 1)
  selectClip(next)
  setSession({ playhead: next.from })
  play(rate)
}

/** The preview that is being made of the clip in hand. */
function runningPreview() {
  const clip = inHand()
  return clip && renderedNow(clip).find(isWorking)?.job
}

export function cancelJob(id: string): void {
  api()
    .jobs.cancel(id)
    .catch((error: unknown) => notify({ failure: toFailure(error) }))
}

const motion = (kind: MotionKind) =>
  withClip((clip) => {
    fold('enhance', false)
    setSession({ isMotionOpen: true })
    chooseMotion(clip, kind)
  })

const toggle = (panel: Panel) => (): void => fold(panel, !isFolded(usePreferences.getState(), panel))

const modes: readonly CompareMode[] = ['divider', 'side', 'ab']
const setMode = (compareMode: CompareMode) => () => setSession({ compareMode, side: 'enhanced' })
const showSide = (side: 'original' | 'enhanced') => () => setSession({ compareMode: 'ab', side })

function zoomTimeline(factor: number): void {
  const s = scene()
  if (!s) return
  const whole = durationOf(s.shown)
  const { timeline } = useSession.getState()
  const span = Math.min(
    whole,
    Math.max(whole / frameCount(s.counted), (timeline.spanSeconds ?? whole) * factor),
  )
  const centre = secondsOf(s.shown, s.playhead)
  setSession({
    timeline: {
      spanSeconds: span >= whole ? undefined : span,
      startSeconds: Math.min(Math.max(0, centre - span / 2), whole - span),
    },
  })
}

async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await document.querySelector('[data-full-screen]')?.requestFullscreen()
  } catch {
    // The browser may refuse full screen; nothing is lost and the person sees that nothing happened.
  }
}

export const actions: Record<CommandName, () => void> = {
  open: () => void chooseFilms(),
  openSample: () => void openSample(),
  newProject: () => void newProject(),
  openProject: () => void chooseProject(),
  saveProject: () => void saveProject(),
  saveProjectAs: () => void saveProjectAs(),
  // A photo file has nothing that could be exported as a film.
  export: withClip((clip) => openWhenRead(isPhoto(clip.sourceId) ? 'photo' : 'export')),
  photo: withClip((clip) => {
    if (useSources.getState().missing[clip.sourceId]) return // there is nothing to save
    pause()
    openWhenRead('photo')
  }),
  snapshot: withScene((s) => void saveSnapshot(s)),
  snapshotPair: withScene((s) => void savePair(s)),
  models: () => openSettings('models'),
  settings: () => openSettings('general'),
  undo: () => goBack(undo),
  redo: () => goBack(redo),
  markIn: withScene(({ clip, playhead }) => run(trimClip(clip.id, { from: playhead }))),
  // The frame under the playhead is the last one that stays in.
  markOut: withScene(({ clip, playhead }) => run(trimClip(clip.id, { to: playhead + 1 }))),
  goToIn: withScene(({ clip }) => goTo(clip.from)),
  goToOut: withScene(({ clip }) => goTo(clip.to - 1)),
  split: withScene(split),
  delete: withClip(removeSelected),
  moveEarlier: move(-1),
  moveLater: move(1),
  playPause: () => (useSession.getState().isPlaying ? pause() : play(1)),
  shuttleBack: () => faster(-1),
  shuttleStop: pause,
  shuttleForward: () => faster(1),
  previousFrame: step(-1),
  nextFrame: step(1),
  secondBack: goBy(-1),
  secondForward: goBy(1),
  tenSecondsBack: goBy(-10),
  tenSecondsForward: goBy(10),
  previousCut: withScene((s) => goTo(cuts(s).findLast((frame) => frame < s.playhead) ?? 0)),
  nextCut: withScene((s) => goTo(cuts(s).find((frame) => frame > s.playhead) ?? s.frames - 1)),
  goToStart: withScene(() => goTo(0)),
  goToEnd: withScene(({ frames }) => goTo(frames - 1)),
  goToTime: withScene(() => setSession({ isEditingTime: true })),
  toggleLoop: () =>
    setSession(({ isLooping, range }) => ({
      isLooping: !isLooping,
      range: range && { ...range, isLoop: !isLooping },
    })),
  toggleMute: () => setSession(({ isMuted }) => ({ isMuted: !isMuted })),
  preview: withClip(startPreview),
  cancelPreview: () => stopPreview(runningPreview()?.id),
  toggleEnhance: withClip((clip) => run(setEnhance(clip.id, { isEnabled: !clip.enhance.isEnabled }))),
  showMotion: withClip(() => {
    fold('enhance', false)
    setSession({ isMotionOpen: true })
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-motion] select')?.focus())
  }),
  motionFilmed: motion('filmed'),
  motionUnique: motion('unique'),
  motionTempo: motion('tempo'),
  motionSmooth: motion('smooth'),
  motionSlow: motion('slow'),
  motionRepair: motion('repair'),
  compareDivider: setMode('divider'),
  compareSide: setMode('side'),
  compareAb: setMode('ab'),
  cycleCompare: () =>
    setSession(({ compareMode }) => ({
      compareMode: modes[(modes.indexOf(compareMode) + 1) % modes.length] ?? 'divider',
      side: 'enhanced',
    })),
  toggleOriginal: () =>
    setSession(({ compareMode, side }) => ({
      compareMode: 'ab',
      side: compareMode === 'ab' && side === 'enhanced' ? 'original' : 'enhanced',
    })),
  showOriginal: showSide('original'),
  showEnhanced: showSide('enhanced'),
  flipDivider: () => setSession(({ divider }) => ({ compareMode: 'divider', divider: flip(divider) })),
  toggleClips: toggle('clips'),
  toggleSettings: toggle('enhance'),
  zoomFit: () => setSession({ view: wholePicture }),
  zoom100: () => setSession(({ view }) => ({ view: { ...view, zoom: 1 } })),
  zoom200: () => setSession(({ view }) => ({ view: { ...view, zoom: 2 } })),
  timelineZoomIn: () => zoomTimeline(0.5),
  timelineZoomOut: () => zoomTimeline(2),
  timelineZoomFit: () => setSession({ timeline: { startSeconds: 0 } }),
  fullScreen: () => void toggleFullScreen(),
  jobs: () => openDialog('jobs'),
  commands: () => openDialog('commands'),
  shortcuts: () => openDialog('shortcuts'),
  showLog: () => openDialog('log'),
}
