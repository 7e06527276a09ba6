// A film's cuts for other editors: what does not go along is told before and after.
import { z } from 'zod'
import { Project } from '../document/document.js'
import { CutFormat } from '../interchange/formats.js'
import { Message } from '../words/sentences.js'
import { Path } from './path.js'

export const cutsRequests = {
  /** What a format does not carry of this project. */
  cutNotes: { args: z.tuple([Project, CutFormat]), result: z.array(Message) },
  /** Writes them; the same notes. Fails with `output-exists` unless it may be replaced (the last argument). */
  saveCuts: { args: z.tuple([Project, CutFormat, Path, z.boolean()]), result: z.array(Message) },
} as const
