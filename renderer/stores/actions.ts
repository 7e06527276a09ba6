// Every command name and what it does. Menus, keys and buttons all come through here.
import { Panel } from '../../electron/shared/contract/app.js'
import { CommandName } from '../../electron/shared/words/commandNames.js'
import { toFailure } from '../../electron/shared/contract/errors.js'
import { durationOf, frameAt, secondsOf, frameCount } from '../../electron/shared/media/frameTable.js'
import { Clip, Frame } from '../../electron/shared/document/project.js'
import { moveClip } from '../commands/moveClip.js'
import { removeClip } from '../commands/removeClip.js'
import { setEnhance } from '../commands/setEnhance.js'
import { splitClip } from '../commands/splitClip.js'
import { trimClip } from '../commands/trimClip.js'
import { playRange } from './compare.js'
import { isWorking, renderedNow } from './coverage.js'
import { flip } from './divider.js'
import { api } from './host.js'
import { chooseFilms, openSample } from './open.js'
import { MotionKind, chooseMotion } from './motion.js'
import { openWhenRead } from './reading.js'
import { fold, isFolded, usePreferences } from './preferences.js'
import { isPhoto, savePair, saveSnapshot } from './photo.js'
import { startPreview, stopPreview } from './preview.js'
import { UndoPosition, newClipId, redo, run, undo, useProject } from './project.js'
import { chooseProject, newProject, saveProject, saveProjectAs } from './projectFiles.js'
import {
  CompareMode,
  compareModes,
  notify,
  openDialog,
  openSettings,
  setSession,
  useSession,
} from './session.js'
import { Scene, goTo, inHand, lookAt, pause, scene, selectClip, withClip, withScene } from './scene.js'
import { useSources } from './sources.js'
import { goBy, goToCut, goToEdge, neighbour, step } from './steps.js'
import { wholePicture } from './view.js'
import { lead } from './wayBack.js'

/** An edit after which the playhead is at the same moment, if the clip in hand has other frames by then. */
export function keepMoment(edit: () => void): void {
  pause()
  const before = scene()
  edit()
  const after = scene()
  if (before && after && after.clip.id === before.clip.id && after.table !== before.table)
    setSession({ playhead: frameAt(after.table, secondsOf(before.table, before.playhead)) })
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
  const { clip, frames, playhead } = s
  const range = playRange({ playhead, clip, frames, isLooping, rendered: renderedNow(clip) })
  const isAtEnd = rate > 0 && playhead >= range.to - 1
  const goesOn = isAtEnd && !isLooping && isWholeClip(range, clip)
  // At the very end there is nothing left to play: begin again.
  if (goesOn && !neighbour(clip, 1) && neighbour(clip, -1)) {
    goToEdge('start')()
    return play(rate)
  }
  const isOver = isAtEnd && !(goesOn && neighbour(clip, 1))
  setSession({ isPlaying: true, rate, range, playhead: isOver ? range.from : playhead })
}

const isWholeClip = (range: { from: Frame; to: Frame }, { from, to }: Clip): boolean =>
  range.from === from && range.to === to

const faster = (direction: 1 | -1): void => {
  const { isPlaying, rate } = useSession.getState()
  const isSameWay = isPlaying && Math.sign(rate) === direction
  play(direction * (isSameWay ? Math.min(8, Math.abs(rate) * 2) : 1))
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
  const next = isWholeClip(range, s.clip) ? neighbour(s.clip, 1) : undefined
  if (!next) return goTo(range.to - 1)
  lookAt(next, next.from)
  play(rate)
}

/** The same backwards, from the first frame of its range: on with the clip before it, or stop there. */
export function reachedStart(): void {
  const { range, rate } = useSession.getState()
  const s = scene()
  if (!range || !s) return pause()
  const before = isWholeClip(range, s.clip) ? neighbour(s.clip, -1) : undefined
  if (!before) return goTo(range.from)
  lookAt(before, before.to - 1)
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
  saveCuts: withClip(() => openDialog('cuts')),
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
  splitAtScenes: withClip((clip) => {
    const isThere = useSources.getState().sources[clip.sourceId] && !isPhoto(clip.sourceId)
    if (!isThere) return // there is nothing to cut
    pause()
    openDialog('scenes')
  }),
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
  previousCut: goToCut(-1),
  nextCut: goToCut(1),
  goToStart: goToEdge('start'),
  goToEnd: goToEdge('end'),
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
    // The section is open only after the next paint.
    requestAnimationFrame(() => {
      const section = document.querySelector('[data-motion]')
      const list = section?.querySelector('select')
      if (section && list) lead(section, list)
    })
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
  compareDifference: setMode('difference'),
  cycleCompare: () =>
    setSession(({ compareMode }) => ({
      compareMode: compareModes[(compareModes.indexOf(compareMode) + 1) % compareModes.length] ?? 'divider',
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
  timelineZoomFit: () => setSession({ timeline: { startSeconds: 0 }, lane: { startSeconds: 0 } }),
  fullScreen: () => void toggleFullScreen(),
  jobs: () => openDialog('jobs'),
  commands: () => openDialog('commands'),
  shortcuts: () => openDialog('shortcuts'),
  showLog: () => openDialog('log'),
}
