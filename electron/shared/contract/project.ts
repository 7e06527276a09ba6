// The document as it is kept: each project in a file of its own, whether a person has given it a name or not.
import { z } from 'zod'
import { Project } from '../document/document.js'
import { cutsRequests } from './cuts.js'
import { Failure } from './errors.js'
import { Path } from './path.js'

/** What the names of project files end in, after a dot. */
export const projectEnding = 'heirloom'
export const isProjectName = (name: string): boolean => name.toLowerCase().endsWith(`.${projectEnding}`)

/** Names what is saved: changes with every save, whichever window it came from. Empty when nothing is. */
export const Revision = z.string().max(64)
export type Revision = z.infer<typeof Revision>

/** The file that a project is kept in. */
export const ProjectFile = z.object({
  path: Path,
  /** Without its ending; null: nobody has named it, and it lies among what is Heirloom's own. */
  name: z.string().nullable(),
})
export type ProjectFile = z.infer<typeof ProjectFile>

export const LoadedProject = z.object({
  file: ProjectFile,
  /** null: nothing has been saved under it yet. */
  project: Project.nullable(),
  revision: Revision,
  /** What a person should know of how it was found. */
  notes: z.array(Failure),
  /** No project was ever saved here, and no other begun. */
  isFirst: z.boolean(),
})
export type LoadedProject = z.infer<typeof LoadedProject>

export const SavedProject = z.object({
  revision: Revision,
  /** Why its file could not be written: what was saved is kept by Heirloom meanwhile. */
  kept: Failure.optional(),
})
export type SavedProject = z.infer<typeof SavedProject>

export const RecentProject = ProjectFile.extend({
  /** Of one without a name: what tells it from others, the name of its first media. */
  about: z.string().optional(),
  openedMs: z.number(),
  isThere: z.boolean(),
})
export type RecentProject = z.infer<typeof RecentProject>

export const projectRequests = {
  ...cutsRequests,
  /** The project in this file; null: the one that was open last. It is open from now on. */
  load: { args: z.tuple([Path.nullable()]), result: LoadedProject },
  /** Over the revision that was loaded or saved last, and no other: `project-changed` when another window saved meanwhile. */
  save: { args: z.tuple([Path, Project, Revision]), result: SavedProject },
  /** A project without a name. Nothing is written before it is saved. */
  begin: { args: z.tuple([]), result: ProjectFile },
  /** From the first file, as what it is now, into the second. Fails with `output-exists` unless it may be replaced (the last argument). */
  saveAs: {
    args: z.tuple([Path, Path, Project, z.boolean()]),
    result: z.object({ file: ProjectFile, revision: Revision }),
  },
  /** Off the list of recent projects. Its file is not touched; one without a name stays, for it is found nowhere else. */
  forget: { args: z.tuple([Path]), result: z.null() },
  /** The newest first. */
  recent: { args: z.tuple([]), result: z.array(RecentProject) },
} as const
