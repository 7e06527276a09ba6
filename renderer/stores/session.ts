// Where I am looking: forgotten on quit, never undone.
import { create } from 'zustand'
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import { Failure, toFailure } from '../../electron/shared/contract/errors.js'
import { SourceId } from '../../electron/shared/media/source.js'
import { Divider, divider } from './divider.js'
import { View, wholePicture } from './view.js'

/** In the order in which one goes round them. */
export const compareModes = ['divider', 'side', 'ab', 'difference'] as const
export type CompareMode = (typeof compareModes)[number]
/** By how much a difference is made brighter. */
export const gains = [1, 4, 16] as const
export type Side = 'original' | 'enhanced'
export type SettingsPage = 'general' | 'models'
export type DialogName =
  | 'open'
  | 'export'
  | 'photo'
  | 'scenes'
  | 'commands'
  | 'shortcuts'
  | 'settings'
  | 'jobs'
  | 'openProject'
  | 'saveProject'
  | 'cuts'
  | 'log'

/** News that asks for nothing: it leaves by itself. */
export type Information = 'connectedAgain' | 'filesArrived' | 'projectSaved' | 'cutsSaved'

export interface InformationValues {
  count?: number
  name?: string
}

/** What a failure is about. When that is over, or is tried once more, it is not true any more. */
export type About = 'clip' | 'opening' | 'saving' | 'project'

/** What went wrong stays until it is put away, or no longer applies. */
export type Notice = { id: number } & (
  { failure: Failure; about?: About } | { information: Information; values: InformationValues }
)

/** Frames [from, to) that playing stays in, and what happens at their end. */
export interface PlayRange {
  from: Frame
  to: Frame
  isLoop: boolean
}

export interface TimelineView {
  startSeconds: number
  /** Undefined: the whole film fits. */
  spanSeconds?: number
}

interface SessionState {
  selectedClipId?: ClipId
  /** Frame of the selected clip's source. */
  playhead: Frame
  /** The exact time that steps of a second have led to; it counts while the playhead stands on that frame. */
  moment?: { sourceId: SourceId; frame: Frame; seconds: number }
  /** Of the frames that the film shows, by its clip's motion, the one that is looked at; it counts while the playhead stands on that frame. */
  between?: { frame: Frame; index: number }
  isPlaying: boolean
  /** 1 = as filmed; negative = backwards. */
  rate: number
  range?: PlayRange
  isLooping: boolean
  isMuted: boolean
  volume: number
  compareMode: CompareMode
  gain: (typeof gains)[number]
  divider: Divider
  /** A/B: which side stays on screen. */
  side: Side
  /** The key or button that shows the original is down. */
  isHoldingOriginal: boolean
  view: View
  /** Of the strip: the source of the clip in hand. */
  timeline: TimelineView
  /** Of the lane: the whole film. */
  lane: TimelineView
  /** How the clip in hand is timed is on view. */
  isMotionOpen: boolean
  /** A handle is being dragged: the range it would give. */
  trimming?: { clipId: ClipId; from: Frame; to: Frame }
  previewSeconds: 1 | 2 | 4
  dialog?: DialogName
  /** That something was opened from last, where folders are walked through. */
  lastFolder?: string
  /** Opens as soon as all of the film has been read. */
  awaited?: DialogName
  settingsPage: SettingsPage
  isEditingTime: boolean
  /** Names of the files that are being opened. */
  opening: string[]
  notices: Notice[]
  /** Source whose film could not be played by the window itself, so that a proxy is used. */
  unplayable: string[]
}

export const sessionStart: SessionState = {
  playhead: 0,
  isPlaying: false,
  rate: 1,
  isLooping: false,
  isMuted: false,
  volume: 1,
  compareMode: 'divider',
  gain: 4,
  divider,
  side: 'enhanced',
  isHoldingOriginal: false,
  view: wholePicture,
  timeline: { startSeconds: 0 },
  lane: { startSeconds: 0 },
  isMotionOpen: false,
  previewSeconds: 2,
  settingsPage: 'general',
  isEditingTime: false,
  opening: [],
  notices: [],
  unplayable: [],
}

export const useSession = create<SessionState>()(() => sessionStart)
export const setSession = useSession.setState

export const openDialog = (dialog: DialogName): void => setSession({ dialog })
export const openSettings = (settingsPage: SettingsPage): void =>
  setSession({ dialog: 'settings', settingsPage })
export const closeDialog = (): void => setSession({ dialog: undefined })

let lastNotice = 0

const keyOf = (notice: Notice): string =>
  'failure' in notice ? notice.failure.message : JSON.stringify([notice.information, notice.values])

function show(notice: Notice): void {
  const { notices } = useSession.getState()
  if (!notices.some((other) => keyOf(other) === keyOf(notice))) setSession({ notices: [...notices, notice] })
}

/** Shows a failure until it is put away or settled, once however often it happens meanwhile. What a person cancelled is none. */
export function notify({ failure, about }: { failure: Failure; about?: About }): void {
  if (failure.code !== 'cancelled') show({ id: ++lastNotice, failure, about })
}

/** Failures about this apply no longer. */
export const settle = (about: About): void =>
  setSession(({ notices }) => ({
    notices: notices.filter((notice) => !('failure' in notice && notice.about === about)),
  }))

/** Shows news for a while. */
export const inform = (information: Information, values: InformationValues = {}): void =>
  show({ id: ++lastNotice, information, values })

export const notifyFailure = (error: unknown): void => notify({ failure: toFailure(error) })

export const notifyAbout =
  (about: About) =>
  (error: unknown): void =>
    notify({ failure: toFailure(error), about })

export const dismiss = (id: number): void =>
  setSession((state) => ({ notices: state.notices.filter((n) => n.id !== id) }))

/** Puts the newest notice away; answers whether there was one. */
export function dismissNewest(): boolean {
  const newest = useSession.getState().notices.at(-1)
  if (newest) dismiss(newest.id)
  return newest !== undefined
}
