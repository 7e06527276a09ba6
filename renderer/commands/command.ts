// An undoable edit: a name for the undo menu and a pure function from document to document.
import { Project } from '../../electron/shared/document/document.js'
import { KnownTimes } from '../../electron/shared/document/cutList.js'

export type CommandLabel =
  | 'addSource'
  | 'trimClip'
  | 'splitClip'
  | 'splitAtScenes'
  | 'removeClip'
  | 'moveClip'
  | 'setEnhance'
  | 'reread'
  | 'chooseFilm'
  | 'setFit'
  | 'setFilmSize'
  | 'setMotion'

/** What stands in the history: edits of this window, and what another window has changed. */
export type StepLabel = CommandLabel | 'elsewhere'

export interface Command {
  /** Key under `edit` in the catalogue. */
  label: CommandLabel
  /** One that changes nothing gives the same document back. `known`: when the frames of media are shown, where that has been read. */
  apply: (document: Project, known: KnownTimes) => Project
}
