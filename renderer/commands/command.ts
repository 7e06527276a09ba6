// An undoable edit: a name for the undo menu and a pure function from document to document.
import { Project } from '../../electron/shared/document/project.js'

export type CommandLabel =
  'addSource' | 'trimClip' | 'splitClip' | 'removeClip' | 'moveClip' | 'setEnhance' | 'reread' | 'chooseFilm'

export interface Command {
  /** Key under `edit` in the locale files. */
  label: CommandLabel
  apply: (project: Project) => Project
}
