// A film as the window shows it and the planner takes it: clips in frame numbers of their sources (see FrameTable). It is made of the
// document (cutList.ts), which is what is saved and undone.
import { z } from 'zod'
import { Look, LookNumbers } from './looks.js'
import { ClipMotion } from './motion.js'
import { ChosenFields, SourceId } from '../media/source.js'
import { Fit, SequenceSettings } from './sequence.js'

export const ClipId = z.string().min(1).max(64)
export type ClipId = z.infer<typeof ClipId>
export const Frame = z.number().int().nonnegative()
export type Frame = z.infer<typeof Frame>

export const EnhanceSettings = z.object({
  isEnabled: z.boolean(),
  /** Folder name of the model, e.g. `heirloom-s`. */
  model: z.string().min(1).max(120),
  scale: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  look: Look,
  /** Instead of the look's, 0..1: 0 = untouched, 1 = full. Models that were not trained for values between refuse them. */
  strength: z.number().min(0).max(1).optional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  device: z.string().min(1).max(40),
  /** Of a Keepsake alone: whether its grain is drawn (restoring.ts). */
  grain: z.boolean().optional(),
})
export type EnhanceSettings = z.infer<typeof EnhanceSettings>

/** Settings with the numbers that their look has with their model (looks.ts): what the engine is told. */
export const EnhanceNumbers = EnhanceSettings.extend(LookNumbers.shape)
export type EnhanceNumbers = z.infer<typeof EnhanceNumbers>

export const defaultEnhance: EnhanceSettings = {
  isEnabled: true,
  model: 'heirloom-s',
  scale: 2,
  look: 'natural',
  seed: 0,
  device: 'auto',
}

/** Stands for a model in the step that draws what a Keepsake's part says: which one that is, its film decides (restoring.ts). */
export const keepsakeModel = 'keepsake'

/** Frames go through a model. */
export const isModelled = ({ isEnabled, strength, scale }: EnhanceSettings): boolean =>
  isEnabled && !(strength === 0 && scale === 1)

export const drawsGrain = ({ isEnabled, grain }: EnhanceSettings): boolean => isEnabled && grain === true

/** Off, or nothing to do: pictures pass through untouched. */
export const isUntouched = (enhance: EnhanceSettings): boolean => !isModelled(enhance) && !drawsGrain(enhance)

export const Clip = z.object({
  id: ClipId,
  sourceId: SourceId,
  name: z.string(),
  /** In and out: frames [from, to) of the source. */
  from: Frame,
  to: Frame,
  enhance: EnhanceSettings,
  /** How it comes into a film of another size. Absent: `fit`. */
  fit: Fit.optional(),
  /** How its frames are timed. Absent: as filmed. */
  motion: ClipMotion.optional(),
  /** Its recipe asks for something besides that is not known here, and it is shown without. Absent: it does not. */
  hasUnknown: z.literal(true).optional(),
})
export type Clip = z.infer<typeof Clip>

export const SourceReference = z.object({
  id: SourceId,
  path: z.string(),
  name: z.string(),
  frames: z.number().int().positive(),
  /** Its track in the file, where a person has chosen among several films; undefined: the one that opens by itself. */
  track: z.number().int().nonnegative().optional(),
  /** How its fields are read by a person's choice; undefined: as the file says. */
  fields: ChosenFields.optional(),
})
export type SourceReference = z.infer<typeof SourceReference>

/** Ids held the date of the file until a source was its content alone: 32 digits, and two more with chosen fields. */
const isDated = (id: SourceId): boolean => id.length <= 34

/** Whether the source at a reference's path, of so many frames, is the one that was meant. An id with a date in it cannot tell: frames must. */
export const isMeant = (reference: SourceReference, id: SourceId, frames: number): boolean =>
  reference.id === id || (isDated(reference.id) && reference.frames === frames)

export const CutList = z.object({
  sources: z.array(SourceReference),
  /** One clip after the other, in playing order. */
  clips: z.array(Clip),
  /** Of the film. Absent: what the first clip is after its recipe. */
  size: SequenceSettings.pick({ width: true, height: true }).optional(),
})
export type CutList = z.infer<typeof CutList>

/** By the id that a source has now. */
export const renamed = ({ sources, clips, ...rest }: CutList, from: SourceId, to: SourceId): CutList => ({
  ...rest,
  sources: sources.map((source) => (source.id === from ? { ...source, id: to } : source)),
  clips: clips.map((clip) => (clip.sourceId === from ? { ...clip, sourceId: to } : clip)),
})
