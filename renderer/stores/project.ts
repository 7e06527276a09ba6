// What is saved and undone: the document and its history. Changed only by commands, undo, redo, loading, and by what turns out
// about its media. Beside each document of the history stands which clip was in hand when it was left: undo and redo take that one
// in hand again. `project` is the film that the window shows of it.
import { create } from 'zustand'
import { Project, emptyProject } from '../../electron/shared/document/document.js'
import { Edit } from '../../electron/shared/document/edits/change.js'
import { correctFacts, rename, settle } from '../../electron/shared/document/edits/media.js'
import { KnownTimes, cutListOf } from '../../electron/shared/document/cutList.js'
import { FrameTimes } from '../../electron/shared/document/frames.js'
import { Clip, ClipId, CutList, Frame, SourceReference } from '../../electron/shared/document/project.js'
import { Command, StepLabel } from '../commands/command.js'
import { useSession } from './session.js'

/** The clip in hand and the playhead on it. */
export interface UndoPosition {
  clipId: ClipId
  playhead: Frame
}

interface Step {
  label: StepLabel
  document: Project
  place?: UndoPosition
}

interface ProjectState {
  document: Project
  /** Its clips and sources in frames: always of `document` and `known`. */
  project: CutList
  /** When the frames of media are shown, as far as their tables have been read. */
  known: KnownTimes
  /** Documents before each edit, the oldest first. */
  past: Step[]
  /** Documents that were undone, the next one to redo last. */
  future: Step[]
}

const historyLength = 500
const start: ProjectState = {
  ...{ document: emptyProject, project: cutListOf(emptyProject, {}), known: {} },
  ...{ past: [], future: [] },
}

export const useProject = create<ProjectState>()(() => start)

function set(change: Partial<Omit<ProjectState, 'project'>>): void {
  const after = { ...useProject.getState(), ...change }
  useProject.setState({ ...change, project: cutListOf(after.document, after.known) })
}

/** What is in hand now. */
function placeIn(project: CutList): UndoPosition | undefined {
  const { selectedClipId, playhead } = useSession.getState()
  const clip = clipOf(project, selectedClipId)
  return clip && { clipId: clip.id, playhead }
}

/** Applies an edit; one that changes nothing leaves no step to undo. */
export function run(command: Command): void {
  const { document, project, known, past } = useProject.getState()
  const after = command.apply(document, known)
  if (after === document) return
  const step = { label: command.label, document, place: placeIn(project) }
  set({ document: after, past: [...past, step].slice(-historyLength), future: [] })
}

/** The document and those before and after it, each changed alike. */
function everywhere(edit: Edit): Pick<ProjectState, 'document' | 'past' | 'future'> {
  const { document, past, future } = useProject.getState()
  const edited = (step: Step): Step => ({ ...step, document: edit(step.document) })
  return { document: edit(document), past: past.map(edited), future: future.map(edited) }
}

/** Changes the document and those before and after it alike: no step of its own to undo, and none is lost. */
export function amend({ apply }: Pick<Command, 'apply'>): void {
  const { known } = useProject.getState()
  set(everywhere((document) => apply(document, known)))
}

/**
 * A frame table has been read: what shows its media gets the times of its frames, in every document of the history; or the length that
 * the media has by now, where it had times.
 */
export function learnTimes(id: SourceReference['id'], times: FrameTimes): void {
  const facts = { duration: times.timeOf(times.count), frames: times.count }
  const learn: Edit = (document) => correctFacts(id, facts)(settle(id, times)(document))
  set({ ...everywhere(learn), known: { ...useProject.getState().known, [id]: times } })
}

/** A media is called otherwise now, in every document of the history; the times of its frames have been read under that name. */
export function learnName(id: SourceReference['id'], to: SourceReference['id']): void {
  set(everywhere(rename(id, to)))
  const times = useProject.getState().known[to]
  if (times) learnTimes(to, times)
}

const isSame = (a: Project, b: Project): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** As if what the document has lost with this had never been in it: steps that change nothing any more are gone too. */
export function retract(command: Command): void {
  amend(command)
  const { document, past, future } = useProject.getState()
  const changes = (steps: readonly Step[], i: number): boolean =>
    !isSame(steps[i]?.document ?? document, steps[i + 1]?.document ?? document)
  set({ past: past.filter((_, i) => changes(past, i)), future: future.filter((_, i) => changes(future, i)) })
}

/** Answers what was in hand when the edit was made. */
export function undo(): UndoPosition | undefined {
  const { document, project, past, future } = useProject.getState()
  const step = past.at(-1)
  if (!step) return undefined
  const undone = { label: step.label, document, place: placeIn(project) }
  set({ document: step.document, past: past.slice(0, -1), future: [...future, undone] })
  return step.place
}

/** Answers what was in hand when the edit was undone. */
export function redo(): UndoPosition | undefined {
  const { document, project, past, future } = useProject.getState()
  const step = future.at(-1)
  if (!step) return undefined
  const done = { label: step.label, document, place: placeIn(project) }
  set({ document: step.document, past: [...past, done], future: future.slice(0, -1) })
  return step.place
}

/** Takes over a saved document; its history begins here. */
export const replaceProject = (document: Project): void => set({ document, known: {}, past: [], future: [] })

/** What another window has saved of this project: one step, which is undone like those of this window. */
export function followProject(after: Project): void {
  const { document, project, past } = useProject.getState()
  const step: Step = { label: 'elsewhere', document, place: placeIn(project) }
  set({ document: after, known: {}, past: [...past, step].slice(-historyLength), future: [] })
}

/** A clip as it is and as undo and redo would bring it back. */
export const versionsOf = ({ document, known, past, future }: ProjectState, id: ClipId): Clip[] =>
  [document, ...[...past, ...future].map((step) => step.document)].flatMap((one) =>
    cutListOf(one, known).clips.filter((clip) => clip.id === id),
  )

/** The clip that is looked at: the chosen one, else the first. */
export const clipOf = (project: CutList, id: ClipId | undefined): Clip | undefined =>
  project.clips.find((clip) => clip.id === id) ?? project.clips[0]

export const newClipId = (): ClipId => crypto.randomUUID().slice(0, 13)
