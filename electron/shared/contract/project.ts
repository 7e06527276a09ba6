// The document as it is kept.
import { z } from 'zod'
import { Project } from '../document/document.js'
import { Failure } from './errors.js'

/** Names what is saved: changes with every save, whichever window it came from. Empty when nothing is. */
export const Revision = z.string().max(64)
export type Revision = z.infer<typeof Revision>

export const LoadedProject = z.object({
  project: Project.nullable(),
  revision: Revision,
  /** What a person should know of how it was found. */
  notes: z.array(Failure),
})
export type LoadedProject = z.infer<typeof LoadedProject>

export const projectRequests = {
  /** The project of the last time, if any. */
  load: { args: z.tuple([]), result: LoadedProject },
  /** Over the revision that was loaded or saved last, and no other: `project-changed` when another window saved meanwhile. */
  save: { args: z.tuple([Project, Revision]), result: Revision },
} as const
