// The document as it is kept.
import { z } from 'zod'
import { Project } from '../document/project.js'

export const projectRequests = {
  /** The autosaved project of the last time, if any. */
  load: { args: z.tuple([]), result: Project.nullable() },
  save: { args: z.tuple([Project]), result: z.null() },
} as const
