// The contract: one table of requests with their argument and result types, and one union of events.
// Main, server, CLI and the renderer's fake all implement `Api`; every door parses with these schemas.
import { z } from 'zod'
import { Damage } from '../media/damage.js'
import { EnhanceSettings, Frame, Project } from '../document/project.js'
import { ChosenFields, FieldCounts, FrameTable, Source, SourceId } from '../media/source.js'
import { Failure } from './errors.js'
import { JobId, JobState } from './job.js'
import { MemoryAnswer } from './memory.js'
import {
  DownloadOffer,
  DownloadRequest,
  FoundWeights,
  ImportRequest,
  ModelInfo,
  ModelWork,
  UnusableModel,
} from './models.js'
import { OutputSpec } from './output.js'
import { PhotoFormat, PhotoName, PhotoRequest } from './photo.js'
import { Said } from '../words/sentences.js'

const Path = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'a path has no NUL')

export const DeviceInfo = z.object({
  id: z.string(),
  name: z.string(),
  simd: z.string(),
  threads: z.number().int(),
  memoryBytes: z.number(),
  /** How it can compute: "fp32", "bf16", "fp16", "fp8"; written behind its id ("cuda:0 fp8") to be chosen. */
  precisions: z.array(z.string()),
})
export type DeviceInfo = z.infer<typeof DeviceInfo>

export const AppInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser', 'cli']),
  /** Native open and save dialogs exist (Electron); else the file picker page is used. */
  hasDialogs: z.boolean(),
  canReveal: z.boolean(),
  ffmpeg: z.object({ path: z.string(), version: z.string(), from: z.string() }).optional(),
  /** Why the picture engine is not there; undefined when it is. */
  engineFailure: Failure.optional(),
  devices: z.array(DeviceInfo),
  models: z.array(ModelInfo),
  /** What lies where models lie and cannot be used: damaged, altered, of no known kind. */
  unusable: z.array(UnusableModel),
  samplePath: z.string().optional(),
})
export type AppInfo = z.infer<typeof AppInfo>

/** A language that Heirloom speaks. */
export const Language = z.enum(['en', 'ja'])
export type Language = z.infer<typeof Language>

export const Preferences = z.object({
  language: z.enum(['system', ...Language.options]),
  theme: z.enum(['system', 'light', 'dark']),
})
export type Preferences = z.infer<typeof Preferences>

export const EditWords = z.object({
  undo: z.string().max(200).nullable(),
  redo: z.string().max(200).nullable(),
})
export type EditWords = z.infer<typeof EditWords>

export const RecentFile = z.object({ path: z.string(), name: z.string(), openedMs: z.number() })
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

/** How the viewer can play a source: the file itself, or a proxy that a job is making. */
export const Playable = z.object({
  kind: z.enum(['file', 'proxy', 'pending']),
  /** Path of the route (see routes.ts), when there is something to play. */
  route: z.string().optional(),
  jobId: JobId.optional(),
})
export type Playable = z.infer<typeof Playable>

export const Waveform = z.object({ peaksPerSecond: z.number(), peaks: z.array(z.number().min(0).max(1)) })
export type Waveform = z.infer<typeof Waveform>

export const PreviewRequest = z.object({
  sourceId: SourceId,
  from: Frame,
  to: Frame,
  enhance: EnhanceSettings,
})
export type PreviewRequest = z.infer<typeof PreviewRequest>

export const ExportRequest = z.object({ project: Project, output: OutputSpec })
export type ExportRequest = z.infer<typeof ExportRequest>

/** An export that ended without being done or cancelled: Heirloom was closed or killed, or the computer went off. */
export const UnfinishedExport = z.object({
  id: z.string().min(1).max(64),
  /** Of the film that it was to make. */
  name: z.string(),
  path: z.string(),
  /** Finished and kept: not made again when it goes on. */
  framesDone: z.number().int().nonnegative(),
  framesTotal: z.number().int().nonnegative(),
})
export type UnfinishedExport = z.infer<typeof UnfinishedExport>

export const Estimate = z.object({
  width: z.number().int(),
  height: z.number().int(),
  frames: z.number().int(),
  seconds: z.number(),
  /** Milliseconds of work on this computer, from a short measurement or the last jobs; undefined when unknown. */
  workMs: z.number().optional(),
  bytes: z.number(),
  /** The range that it is likely to lie in, where pictures of this film were looked at. */
  bytesFrom: z.number().optional(),
  bytesTo: z.number().optional(),
  freeBytes: z.number().optional(),
  /** What cannot be kept or will be changed. */
  notes: z.array(Said),
})
export type Estimate = z.infer<typeof Estimate>

export const OutputCheck = z.object({
  exists: z.boolean(),
  isSource: z.boolean(),
  /** Why no file can be written under that name, whatever is allowed. */
  refusal: Said.optional(),
  /** A job that waits or runs will write it. */
  isInWork: z.boolean(),
  /** A path beside it that is free, where this one is not. */
  freePath: Path.optional(),
  freeBytes: z.number().optional(),
})
export type OutputCheck = z.infer<typeof OutputCheck>

export const requests = {
  appInfo: { args: z.tuple([]), result: AppInfo },
  preferences: { args: z.tuple([]), result: Preferences },
  setPreferences: { args: z.tuple([Preferences]), result: z.null() },
  /** Native dialog; empty when the person cancelled. */
  chooseSources: { args: z.tuple([]), result: z.array(Path) },
  /** Native dialog; null when cancelled. */
  chooseOutput: { args: z.tuple([z.string().max(255)]), result: Path.nullable() },
  /** Native dialog for a folder; null when cancelled. */
  chooseFolder: { args: z.tuple([]), result: Path.nullable() },
  /** Browser host: what a shared folder holds; no argument lists the shared folders. */
  listFolder: { args: z.tuple([Path.nullable()]), result: FolderListing },
  /** The films in a folder and in those inside it; fails with `not-found` when there are none. */
  filmsIn: { args: z.tuple([Path]), result: z.array(Path) },
  recentFiles: { args: z.tuple([]), result: z.array(RecentFile) },
  openSource: { args: z.tuple([Path]), result: Source },
  /** What some tens of its pictures show of fields, whatever the file says of them. */
  fieldCounts: { args: z.tuple([SourceId]), result: FieldCounts },
  /** An open source with its fields read as chosen (null: as the file says), under an identity of its own. The file stays as it is. */
  readFields: { args: z.tuple([SourceId, ChosenFields.nullable()]), result: Source },
  /** Of several films in an open file (`Source.films`) the one at a track, as a source of its own. */
  chooseFilm: { args: z.tuple([SourceId, z.number().int().nonnegative()]), result: Source },
  frameTable: { args: z.tuple([SourceId]), result: FrameTable },
  /** What it suffers from, by a few of its pictures: a second or two of work. */
  damage: { args: z.tuple([SourceId]), result: Damage },
  /** The source was closed: nobody waits for `damage` any more, which ends as cancelled. */
  cancelDamage: { args: z.tuple([SourceId]), result: z.null() },
  waveform: { args: z.tuple([SourceId]), result: Waveform },
  /** Second argument: the browser has tried the file and could not play it. */
  playable: { args: z.tuple([SourceId, z.boolean()]), result: Playable },
  /** The autosaved project of the last time, if any. */
  loadProject: { args: z.tuple([]), result: Project.nullable() },
  saveProject: { args: z.tuple([Project]), result: z.null() },
  /** Resolve when queued; progress arrives as job events. */
  preview: { args: z.tuple([PreviewRequest]), result: JobId },
  export: { args: z.tuple([ExportRequest]), result: JobId },
  /** Of earlier times, that could go on. */
  unfinishedExports: { args: z.tuple([]), result: z.array(UnfinishedExport) },
  /** Goes on where it ended. Resolves when queued. */
  resumeExport: { args: z.tuple([z.string().max(64)]), result: JobId },
  /** Throws away what was finished of it. Neither its sources nor any film is touched. */
  forgetExport: { args: z.tuple([z.string().max(64)]), result: z.null() },
  photo: { args: z.tuple([PhotoRequest]), result: JobId },
  estimate: { args: z.tuple([ExportRequest]), result: Estimate },
  /** The notes of `estimate`, without working out what it costs. */
  exportNotes: { args: z.tuple([ExportRequest]), result: z.array(Said) },
  /** How these settings fit into memory. */
  memoryPlan: { args: z.tuple([SourceId, EnhanceSettings]), result: MemoryAnswer },
  checkOutput: { args: z.tuple([Path]), result: OutputCheck },
  /** A free name beside the first source, in this language (English if none is given): path of "name (enhanced).mp4". */
  suggestOutput: { args: z.tuple([SourceId, z.string().max(8), Language.optional()]), result: Path },
  /** A free name beside the source: path of "name at 0-01-15.png"; a picture file keeps its own name, "name (enhanced).png". */
  suggestPhoto: {
    args: z.tuple([SourceId, Frame, PhotoFormat, PhotoName, Language.optional()]),
    result: Path,
  },
  models: { args: z.tuple([]), result: z.array(ModelInfo) },
  /** Removes a model that was added. What it was made from is never touched. */
  removeModel: { args: z.tuple([z.string().max(120)]), result: z.null() },
  /** Reads every byte of the weights in a folder: minutes, told by events. Refuses what cannot be used, with the reason. */
  inspectModel: { args: z.tuple([Path]), result: FoundWeights },
  /** Resolve when begun; what follows is told by events. */
  importModel: { args: z.tuple([ImportRequest]), result: z.null() },
  /** What can be downloaded, from this address or from where it is published. Nothing is requested. */
  downloadOffers: { args: z.tuple([z.string().max(2000).nullable()]), result: z.array(DownloadOffer) },
  /** Begins, or goes on where an earlier try ended. Resolves when begun. */
  startDownload: { args: z.tuple([DownloadRequest]), result: z.null() },
  /** Stops a download so that it can go on, after a restart too. */
  pauseDownload: { args: z.tuple([]), result: z.null() },
  /** Throws away what a download that does not run has fetched so far. */
  discardDownload: { args: z.tuple([z.string().max(120)]), result: z.null() },
  modelWork: { args: z.tuple([]), result: ModelWork.nullable() },
  /** Stops the work on models. What a download has fetched stays for a later try. */
  cancelModelWork: { args: z.tuple([]), result: z.null() },
  /** What undo and redo are called in the window now, null where there is nothing; the desktop's menu says the same. */
  editWords: { args: z.tuple([EditWords]), result: z.null() },
  jobs: { args: z.tuple([]), result: z.array(JobState) },
  cancelJob: { args: z.tuple([JobId]), result: z.null() },
  reveal: { args: z.tuple([Path]), result: z.null() },
  openOutput: { args: z.tuple([Path]), result: z.null() },
} as const

export type RequestName = keyof typeof requests
export type Api = {
  [Name in RequestName]: (
    ...args: z.output<(typeof requests)[Name]['args']>
  ) => Promise<z.output<(typeof requests)[Name]['result']>>
}

export const ApiEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: JobState }),
  /** One of them goes on, or was forgotten. */
  z.object({ type: z.literal('unfinished'), exports: z.array(UnfinishedExport) }),
  /** A model came or went. */
  z.object({
    ...{ type: z.literal('models'), models: z.array(ModelInfo), unusable: z.array(UnusableModel) },
  }),
  z.object({ type: z.literal('modelWork'), work: ModelWork.nullable() }),
  /** A menu item of the desktop window was chosen; `command` is one of the renderer's command names. */
  z.object({ type: z.literal('menu'), command: z.string() }),
  /** Files came in from outside (command line, dock, second start). */
  z.object({ type: z.literal('open'), paths: z.array(z.string()) }),
])
export type ApiEvent = z.infer<typeof ApiEvent>

/** The wire form of calls and answers, the same over Electron IPC and WebSocket. */
export const CallMessage = z.object({
  id: z.number().int(),
  name: z.enum(Object.keys(requests) as [RequestName, ...RequestName[]]),
  args: z.array(z.unknown()),
})
export type CallMessage = z.infer<typeof CallMessage>
