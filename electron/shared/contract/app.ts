// What Heirloom says of itself, and what a person sets once.
import { z } from 'zod'
import { commandNames } from '../words/commandNames.js'
import { ChosenKeys } from '../words/keys.js'
import { Failure } from './errors.js'
import { ModelInfo, UnusableModel } from './models.js'

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
  /** Those that make Keepsake photos and show them. */
  photoModels: z.array(ModelInfo),
  /** What lies where models lie and cannot be used: damaged, altered, of no known kind. */
  unusable: z.array(UnusableModel),
  /** Of the weights that frames between two others are estimated with; undefined where they are not there. */
  motionHash: z.string().optional(),
  /** Why they are not; undefined where they are. */
  motionFailure: Failure.optional(),
  samplePath: z.string().optional(),
})
export type AppInfo = z.infer<typeof AppInfo>

/** A language that Heirloom speaks. */
export const Language = z.enum(['en', 'ja'])
export type Language = z.infer<typeof Language>

/** What stands beside the picture. */
export const Panel = z.enum(['clips', 'enhance'])
export type Panel = z.infer<typeof Panel>

export const Preferences = z.object({
  language: z.enum(['system', ...Language.options]),
  theme: z.enum(['system', 'light', 'dark']),
  /** Panels that are folded away, so that the picture has their room. Absent: none. */
  folded: z.array(Panel).max(Panel.options.length).optional(),
  /** Keys of commands that have others than they came with. Absent: none has. */
  keys: ChosenKeys.optional(),
})
export type Preferences = z.infer<typeof Preferences>

export const EditWords = z.object({
  undo: z.string().max(200).nullable(),
  redo: z.string().max(200).nullable(),
})
export type EditWords = z.infer<typeof EditWords>

/** What the desktop's menu says of the window's commands. */
export const MenuState = z.object({
  words: EditWords,
  /** Those that have nothing to do, and those that are on. */
  idle: z.array(z.enum(commandNames)).max(commandNames.length),
  on: z.array(z.enum(commandNames)).max(commandNames.length),
  /** As in the preferences. */
  keys: ChosenKeys.optional(),
})
export type MenuState = z.infer<typeof MenuState>

export const LogText = z.object({
  /** The newest of its files. */
  path: z.string(),
  /** Its last lines. */
  text: z.string(),
  /** The same to be passed on: without names of files, folders and the person. */
  blanked: z.string(),
})
export type LogText = z.infer<typeof LogText>

export const appRequests = {
  info: { args: z.tuple([]), result: AppInfo },
  preferences: { args: z.tuple([]), result: Preferences },
  setPreferences: { args: z.tuple([Preferences]), result: z.null() },
  /** How the window's commands stand now; the desktop's menu says the same. */
  menuState: { args: z.tuple([MenuState]), result: z.null() },
  log: { args: z.tuple([]), result: LogText },
  /** Shows the log in its folder, where there are windows of the system. */
  revealLog: { args: z.tuple([]), result: z.null() },
} as const
