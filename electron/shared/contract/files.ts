// Dialogs, folders and names: which files there are, and what may be written where.
import { z } from 'zod'
import { motionKinds } from '../document/motion.js'
import { type Clip, Frame, isUntouched } from '../document/project.js'
import { SourceId } from '../media/source.js'
import { Message } from '../words/sentences.js'
import { Language } from './app.js'
import { Path } from './path.js'
import { PhotoFormat, PhotoName } from './photo.js'

export const FolderEntry = z.object({
  name: z.string(),
  path: z.string(),
  isFolder: z.boolean(),
  /** Undefined: it cannot be looked at. */
  bytes: z.number().optional(),
})
export const FolderListing = z.object({
  path: z.string().optional(),
  parent: z.string().optional(),
  entries: z.array(FolderEntry),
})

export const OutputCheck = z.object({
  exists: z.boolean(),
  isSource: z.boolean(),
  /** Why no file can be written under that name, whatever is allowed. */
  refusal: Message.optional(),
  /** A job that waits or runs will write it. */
  isInWork: z.boolean(),
  /** A path beside it that is free, where this one is not. */
  freePath: Path.optional(),
  freeBytes: z.number().optional(),
})
export type OutputCheck = z.infer<typeof OutputCheck>

/** What a film's suggested name says was done to it: what it was enhanced by goes before its motion; `exported`: neither; `cuts`: of a film's cuts for other editors. */
export const OutputName = z.enum(['exported', 'enhanced', ...motionKinds, 'cuts'])
export type OutputName = z.infer<typeof OutputName>

export const outputNameOf = (clips: readonly Pick<Clip, 'enhance' | 'motion'>[]): OutputName =>
  clips.every(({ enhance }) => isUntouched(enhance))
    ? (clips.find(({ motion }) => motion)?.motion?.kind ?? 'exported')
    : 'enhanced'

export const filesRequests = {
  /** Native dialog; empty when the person cancelled. */
  chooseSources: { args: z.tuple([]), result: z.array(Path) },
  /** Native dialog; null when cancelled. */
  chooseOutput: { args: z.tuple([z.string().max(255)]), result: Path.nullable() },
  /** Native dialog; null when cancelled. */
  chooseProject: { args: z.tuple([]), result: Path.nullable() },
  /** Native dialog, which has asked whether a file that is there may be replaced; null when cancelled. */
  chooseProjectOutput: { args: z.tuple([z.string().max(4096)]), result: Path.nullable() },
  /** Native dialog for a folder; null when cancelled. */
  chooseFolder: { args: z.tuple([]), result: Path.nullable() },
  /** Browser host: what a shared folder holds; no argument lists the shared folders. */
  list: { args: z.tuple([Path.nullable()]), result: FolderListing },
  checkOutput: { args: z.tuple([Path]), result: OutputCheck },
  /** A free name beside the source, in this language (English if none is given): path of "name (enhanced).mp4". */
  suggestOutput: {
    /** The last two: which copy of the source, where several are open; what it is called, if not like the source. */
    args: z.tuple([
      SourceId,
      z.string().max(8),
      OutputName,
      Language.optional(),
      Path.optional(),
      z.string().max(255).optional(),
    ]),
    result: Path,
  },
  /** A free name beside the source: path of "name at 0-01-15.png"; a picture file keeps its own name, "name (enhanced).png". */
  suggestPhoto: {
    args: z.tuple([SourceId, Frame, PhotoFormat, PhotoName, Language.optional()]),
    result: Path,
  },
  /** A free name for a project beside the source, or, without one, where a person looks for films. */
  suggestProject: { args: z.tuple([SourceId.nullable(), Language.optional()]), result: Path },
  reveal: { args: z.tuple([Path]), result: z.null() },
  openOutput: { args: z.tuple([Path]), result: z.null() },
} as const
