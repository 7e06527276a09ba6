// What the app and the engine host say to each other; both sides parse every message with these schemas.
// Frames are never among them: a segment's pictures are decoded, enhanced and encoded inside the host.
import { z } from 'zod'
import { DeviceInfo } from '../shared/contract/app.js'
import { Damage } from '../shared/media/damage.js'
import { Timing } from '../shared/media/timing.js'
import { MemoryPlan } from '../shared/contract/memory.js'
import { FlashVsrVersion } from '../shared/contract/models.js'
import { Failure } from '../shared/contract/errors.js'
import { EncoderQuality, VideoCodec } from '../shared/contract/output.js'
import { PhotoRequest } from '../shared/contract/photo.js'
import { Composition } from '../shared/planning/composition.js'
import { DeviceChoice } from '../shared/planning/device.js'
import { FrameRange } from '../shared/planning/photo.js'
import { EnhanceUnit } from '../shared/planning/plan.js'
import { EnhanceNumbers, Frame } from '../shared/document/project.js'
import { UnsureGap } from '../shared/contract/unsure.js'
import { NamedModel } from '../shared/media/keepsake/info.js'
import { Rational } from '../shared/media/rational.js'
import { Source } from '../shared/media/source.js'
import { ModelContract } from '../shared/document/modelContract.js'
import { EngineMessage } from '../shared/words/engineMessage.js'

/** A segment file that appears under its name when it is whole. */
export const FileSink = z.object({
  kind: z.literal('file'),
  path: z.string(),
  codec: VideoCodec,
  quality: EncoderQuality,
  /** The frames as well, without loss: a file that appears together with the segment. */
  framesPath: z.string().optional(),
  /** Of the film, the same for all of its segments: a hint for rate control. */
  frameRate: Rational,
  /** How the unit's frames are brought to the form of the film, where they are not of it. Kept frames are not composed. */
  composition: Composition.optional(),
})
export type FileSink = z.infer<typeof FileSink>

export const SinkSpec = z.discriminatedUnion('kind', [
  FileSink,
  /** `<folder>/<frame number>.jpg`, one after the other. */
  z.object({ kind: z.literal('pictures'), folder: z.string() }),
  /** Pictures are counted and forgotten: measuring. */
  z.object({ kind: z.literal('count') }),
])
export type SinkSpec = z.infer<typeof SinkSpec>

export const ModelOnDevice = z.object({ folder: z.string(), device: DeviceChoice })
export type ModelOnDevice = z.infer<typeof ModelOnDevice>

export const SegmentTask = z.object({
  kind: z.literal('segment'),
  unit: EnhanceUnit,
  /** JSON file of the source's frame table: too long for a message. */
  tablePath: z.string(),
  /** Undefined: the pictures pass through untouched. */
  model: ModelOnDevice.optional(),
  /** Of frames between two others, where the unit's motion has any. */
  motionModel: ModelOnDevice.optional(),
  sink: SinkSpec,
  /** 0: all cores. */
  threads: z.number().int().nonnegative(),
  /** Bytes; 0: the engine's own limit. */
  memoryLimit: z.number().nonnegative(),
  /** Modes below the best that fits: 1 after the system refused memory in the middle. */
  stepDown: z.number().int().nonnegative().optional(),
  /** The source was read twice before, and differently each time: what is missing now is told, not tried again. */
  isLastTry: z.boolean().optional(),
  /** A person waits for its frames: segments that nobody waits for stand aside meanwhile. */
  isUrgent: z.boolean().optional(),
})
export type SegmentTask = z.infer<typeof SegmentTask>

/** Frames of a unit that were kept, encoded: nothing is read of the source. */
export const EncodeTask = z.object({
  kind: z.literal('encode'),
  unit: EnhanceUnit,
  /** The file of frames, and which of the source's it holds: those of the unit, or more. */
  kept: z.object({ path: z.string(), from: Frame, to: Frame }),
  sink: FileSink,
})
export type EncodeTask = z.infer<typeof EncodeTask>

/** Frames of a unit that were kept, as pictures for a person who waits: no model works again. */
export const PicturesTask = z.object({
  kind: z.literal('pictures'),
  unit: EnhanceUnit,
  kept: z.object({ path: z.string(), from: Frame, to: Frame }),
  /** The frames lie as they are delivered in it. */
  codec: VideoCodec,
  folder: z.string(),
})
export type PicturesTask = z.infer<typeof PicturesTask>

/** One picture of a source into a picture file. */
/** Of Keepsake photos, and what their files call it. */
export const StillModel = ModelOnDevice.extend({ named: NamedModel })

export const PhotoTask = z.object({
  kind: z.literal('photo'),
  source: Source,
  tablePath: z.string(),
  frame: Frame,
  /** The frames that are laid over each other, and those that go through the model: the frame alone, or some around it. */
  merged: FrameRange,
  streamed: FrameRange,
  enhance: EnhanceNumbers,
  /** Undefined: the picture is not enhanced. */
  model: ModelOnDevice.optional(),
  /** Of an output that is a Keepsake photo. */
  still: StillModel.optional(),
  /** How much of it was drawn on the Keepsake photo that is read; undefined for any other source. */
  detail: z.number().min(0).max(1).optional(),
  output: PhotoRequest.shape.output,
  /** What the file shall say about itself, beside what was done to it. */
  facts: z.object({
    software: z.string(),
    takenAt: z.string().optional(),
    make: z.string().optional(),
    model: z.string().optional(),
    place: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  }),
  threads: z.number().int().nonnegative(),
  memoryLimit: z.number().nonnegative(),
  isLastTry: z.boolean().optional(),
})
export type PhotoTask = z.infer<typeof PhotoTask>

/** The picture of a Keepsake photo as a file that ffmpeg reads. */
export const StillTask = z.object({
  kind: z.literal('still'),
  path: z.string(),
  /** How much of what was not photographed is drawn on it, 0..1. */
  alpha: z.number().min(0).max(1),
  model: ModelOnDevice,
  /** A PNG, which appears when it is whole. */
  destination: z.string(),
  threads: z.number().int().nonnegative(),
  memoryLimit: z.number().nonnegative(),
})
export type StillTask = z.infer<typeof StillTask>

/** What a clip suffers from. */
export const DamageTask = z.object({
  kind: z.literal('damage'),
  source: Source,
  tablePath: z.string(),
  /** Of the estimator's weights. */
  folder: z.string(),
})
export type DamageTask = z.infer<typeof DamageTask>

/** In what rhythm a film shows its frames. */
export const TimingTask = z.object({
  kind: z.literal('timing'),
  /** As stored: its fields are not taken apart. */
  source: Source,
  tablePath: z.string(),
})
export type TimingTask = z.infer<typeof TimingTask>

/** The memory that one stream would hold, and how; with estimates behind it, that of both. */
export const MemoryTask = z.object({
  kind: z.literal('memory'),
  /** One of the two at least. */
  model: ModelOnDevice.optional(),
  motionModel: ModelOnDevice.optional(),
  source: Source,
  enhance: EnhanceNumbers,
  memoryLimit: z.number().nonnegative(),
})
export type MemoryTask = z.infer<typeof MemoryTask>

export const Task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('devices') }),
  /** Load a model and say what it is. */
  z.object({ kind: z.literal('model'), model: ModelOnDevice }),
  MemoryTask,
  /** How long one output megapixel takes, from about a second of work on noise. */
  z.object({ kind: z.literal('measure'), model: ModelOnDevice, scale: z.number().int() }),
  /** Look at weight files without loading them: every byte is read. `knownFiles`: path of the table of known files. */
  z.object({ kind: z.literal('inspect'), folder: z.string(), knownFiles: z.string() }),
  /** Make published weight files ready in `destination`, which must not exist. */
  z.object({
    kind: z.literal('import'),
    folder: z.string(),
    destination: z.string(),
    version: FlashVsrVersion.optional(),
    knownFiles: z.string(),
  }),
  SegmentTask,
  EncodeTask,
  PicturesTask,
  PhotoTask,
  StillTask,
  DamageTask,
  TimingTask,
])
export type Task = z.infer<typeof Task>

export const LoadedInfo = z.object({
  name: z.string(),
  graph: z.string(),
  hash: z.string(),
  scales: z.array(z.number().int()),
  parameters: z.number(),
  startUpFrames: z.number().int(),
  contract: ModelContract,
})
export type LoadedInfo = z.infer<typeof LoadedInfo>

/** What a segment lacks, in the source's frame numbers. */
export const Lost = z.object({
  /** Frames that could not be decoded and repeat the one before. */
  repeated: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
  /** Some of its data is damaged: its pictures are all there, but may look wrong. */
  isDamaged: z.boolean(),
  /** Pictures that the file gives and its table does not know. */
  surplus: z.number().int(),
  /** Where, as nearly as is known; empty: anywhere in the segment. */
  damaged: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
})
export type Lost = z.infer<typeof Lost>

/** Of a unit's estimates: how many, the mean share of their cells that were made, and where the nearest key is shown in place of one. */
export const MotionMade = z.object({
  frames: z.number().int(),
  need: z.number(),
  unsure: z.number(),
  /** Time inside their model. */
  ms: z.number(),
  /** Of each gap between two keys in which any was unsure, in order. */
  gaps: z.array(UnsureGap),
})
export type MotionMade = z.infer<typeof MotionMade>

export const SegmentResult = Lost.extend({
  motion: MotionMade.optional(),
  frames: z.number().int(),
  totalMs: z.number(),
  /** Time inside the model; the rest of the total is what decoding and encoding cost. Time spent standing aside is in neither. */
  modelMs: z.number(),
  /** Memory of the host's process when the segment was done. */
  residentBytes: z.number(),
})
export type SegmentResult = z.infer<typeof SegmentResult>

/** Of what it lacks only the chosen picture counts: neighbours that could not be read change nothing. */
export const PhotoResult = Lost.extend({
  width: z.number().int(),
  height: z.number().int(),
  /** Pictures that went into it, and neighbours that showed something else. */
  merged: z.number().int(),
  dropped: z.number().int(),
})
export type PhotoResult = z.infer<typeof PhotoResult>

/** Parts of the picture, in pixels, that could not be read. `isWhole`: every byte is as it was written. */
export const StillResult = z.object({
  tiles: z.number().int(),
  broken: z.array(
    z.object({
      ...{ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() },
      state: z.enum(['changed', 'cut-off', 'lost', 'unreadable']),
    }),
  ),
  isWhole: z.boolean(),
})
export type StillResult = z.infer<typeof StillResult>

/** As the addon gives them (addon.ts says what they mean). */
export const Inspection = z.object({
  kind: z.enum(['published', 'imported', 'none']),
  files: z.array(
    z.object({
      name: z.string(),
      bytes: z.number(),
      hash: z.string(),
      version: z.enum(['', 'v1', 'v1.1', 'both']),
      problem: EngineMessage.nullable(),
    }),
  ),
  missing: z.array(z.string()),
  version: z.enum(['v1', 'v1.1', 'unknown']),
  hint: z.enum(['', 'v1', 'v1.1']),
  isPublishedSize: z.boolean(),
  parameters: z.number(),
  importBytes: z.number(),
  problem: EngineMessage.nullable(),
})
export type Inspection = z.infer<typeof Inspection>

export const Imported = z.object({
  name: z.string(),
  version: z.string(),
  hash: z.string(),
  bytes: z.number(),
})
export type Imported = z.infer<typeof Imported>

export const WorkProgress = z.object({
  step: z.enum(['hash', 'convert']),
  /** Bytes. */
  done: z.number().nonnegative(),
  total: z.number().nonnegative(),
})
export type WorkProgress = z.infer<typeof WorkProgress>

export const Results = {
  devices: z.array(DeviceInfo),
  model: LoadedInfo,
  memory: MemoryPlan,
  measure: z.object({ msPerMegapixel: z.number().positive() }),
  segment: SegmentResult,
  encode: z.object({ frames: z.number().int(), totalMs: z.number() }),
  pictures: z.object({ frames: z.number().int(), totalMs: z.number() }),
  photo: PhotoResult,
  still: StillResult,
  damage: Damage,
  timing: Timing,
  inspect: Inspection,
  import: Imported,
} as const
export type ResultOf<T extends Task> = z.infer<(typeof Results)[T['kind']]>

/** ffmpeg as the app has found it (resolve.ts). */
export const ToldTools = z.object({
  ffmpeg: z.string(),
  ffprobe: z.string(),
  version: z.string(),
  from: z.enum(['FFMPEG_BIN', 'ffmpeg-static', 'PATH']),
  encoders: z.array(z.string()),
})

export const ToHost = z.discriminatedUnion('type', [
  /** Before the first task, where it is known by then. */
  z.object({ type: z.literal('tools'), tools: ToldTools }),
  z.object({ type: z.literal('run'), id: z.number().int(), task: Task }),
  z.object({ type: z.literal('cancel'), id: z.number().int() }),
])
export type ToHost = z.infer<typeof ToHost>

/** Frames so far, and for how many milliseconds others went first. */
export type OnProgress = (frames: number, asideMs?: number) => void

/** How often a host that has work says that it is there. */
export const beatMs = 2000

export const FromHost = z.discriminatedUnion('type', [
  /** While a task runs: the process has not been stopped. */
  z.object({ type: z.literal('beat') }),
  z.object({
    ...{ type: z.literal('progress'), id: z.number().int(), frames: z.number().int() },
    /** Since the task was sent: how long others went first. */
    asideMs: z.number().nonnegative(),
  }),
  z.object({ type: z.literal('work'), id: z.number().int(), work: WorkProgress }),
  z.object({ type: z.literal('done'), id: z.number().int(), result: z.unknown() }),
  z.object({ type: z.literal('failed'), id: z.number().int(), failure: Failure }),
])
export type FromHost = z.infer<typeof FromHost>
