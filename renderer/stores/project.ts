// What is saved and undone: the document and its history. Changed only by commands, undo, redo and loading. Beside each document
// of the history stands which clip was in hand when it was left: undo and redo take that one in hand again.
import { create } from 'zustand'
import { Clip, ClipId, Frame, Project, emptyProject } from '../../electron/shared/document/project.js'
import { Command, CommandLabel } from '../commands/command.js'
import { useSession } from './session.js'

/** The clip in hand and the playhead on it. */
export interface Place {
  clipId: ClipId
  playhead: Frame
}

interface Step {
  label: CommandLabel
  project: Project
  place?: Place
}

interface ProjectState {
  project: Project
  /** Documents before each edit, the oldest first. */
  past: Step[]
  /** Documents that were undone, the next one to redo last. */
  future: Step[]
}

const historyLength = 500
const start: ProjectState = { project: emptyProject, past: [], future: [] }

export const useProject = create<ProjectState>()(() => start)

const isSame = (a: Project, b: Project): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What is in hand now. */
function placeIn(project: Project): Place | undefined {
  const { selectedClipId, playhead } = useSession.getState()
  const clip = clipOf(project, selectedClipId)
  return clip && { clipId: clip.id, playhead }
}

/** Applies an edit; one that changes nothing leaves no step to undo. */
export function run(command: Command): void {
  const { project, past } = useProject.getState()
  const after = command.apply(project)
  if (isSame(project, after)) return
  useProject.setState({
    project: after,
    past: [...past, { label: command.label, project, place: placeIn(project) }].slice(-historyLength),
    future: [],
  })
}

/** Changes the document and those before and after it alike: no step of its own to undo, and none is lost. */
export function amend({ apply }: Pick<Command, 'apply'>): void {
  const amended = (step: Step): Step => ({ ...step, project: apply(step.project) })
  useProject.setState(({ project, past, future }) => ({
    project: apply(project),
    past: past.map(amended),
    future: future.map(amended),
  }))
}

/** As if what the document has lost with this had never been in it: steps that change nothing any more are gone too. */
export function retract(command: Command): void {
  amend(command)
  useProject.setState(({ project, past, future }) => {
    const changes = (steps: readonly Step[], i: number): boolean =>
      !isSame(steps[i]?.project ?? project, steps[i + 1]?.project ?? project)
    return {
      past: past.filter((_, i) => changes(past, i)),
      future: future.filter((_, i) => changes(future, i)),
    }
  })
}

/** Answers what was in hand when the edit was made. */
export function undo(): Place | undefined {
  const { project, past, future } = useProject.getState()
  const step = past.at(-1)
  if (!step) return undefined
  useProject.setState({
    project: step.project,
    past: past.slice(0, -1),
    future: [...future, { label: step.label, project, place: placeIn(project) }],
  })
  return step.place
}

/** Answers what was in hand when the edit was undone. */
export function redo(): Place | undefined {
  const { project, past, future } = useProject.getState()
  const step = future.at(-1)
  if (!step) return undefined
  useProject.setState({
    project: step.project,
    past: [...past, { label: step.label, project, place: placeIn(project) }],
    future: future.slice(0, -1),
  })
  return step.place
}

/** Takes over a saved document; its history begins here. */
export const replaceProject = (project: Project): void => useProject.setState({ ...start, project })

/** A clip as it is and as undo and redo would bring it back. */
export const versionsOf = ({ project, past, future }: ProjectState, id: ClipId): Clip[] =>
  [project, ...[...past, ...future].map((step) => step.project)].flatMap(({ clips }) =>
    clips.filter((clip) => clip.id === id),
  )

/** The clip that is looked at: the chosen one, else the first. */
export const clipOf = (project: Project, id: ClipId | undefined): Clip | undefined =>
  project.clips.find((clip) => clip.id === id) ?? project.clips[0]

export const newClipId = (): ClipId => crypto.randomUUID().slice(0, 13)
