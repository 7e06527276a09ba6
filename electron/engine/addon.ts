// Loads the native engine and gives it types. The only file that touches the .node; runs in the engine host alone.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { AppError, ErrorCode, failing } from '../shared/contract/errors.js'
import type { DeviceInfo } from '../shared/contract/app.js'
import type { Damage } from '../shared/media/damage.js'
import type { MemoryPlan } from '../shared/contract/memory.js'
import { EngineMessage, enginePhrase, engineSaid } from '../shared/words/engineMessage.js'
import { message } from '../shared/words/sentences.js'
import type { ModelContract } from '../shared/document/modelContract.js'
import type { Time } from '../shared/document/time.js'
import type { FrameFormat } from '../ffmpeg/format.js'
import { numerics } from './facts.js'

export interface StreamOptions {
  input: FrameFormat
  output: FrameFormat
  scale: number
  strength: number
  /** How much of the fine structure that the model took away comes back, 0..1. */
  detail: number
  seed: number
  /** For a model that is told how coarsely the film was encoded, 0..1, from the frame of each time on; none: its default. */
  quantisers?: readonly { from: number; quantiser: number }[]
  colour: 'default'
  /** One of the model's; none: its first. */
  decoder?: string
  /** 0: all cores. */
  threads: number
  /** Bytes; 0: 90 % of what the machine has free. */
  memoryLimit: number
  /** Modes below the best that fits. */
  stepDown?: number
  /** Parts of the picture; 0 or none: as planned. */
  rows?: number
  columns?: number
  /** For tests: memory is refused in mid-stream once more bytes than this are held. */
  refuseAbove?: number
}

export interface LoadedInfo {
  name: string
  graph: string
  hash: string
  scales: number[]
  parameters: number
  /** The first frame comes out after so many have gone in. */
  startUpFrames: number
  contract: ModelContract
  /** FlashVSR: "tc", "wan-vae", the default first. */
  decoders: string[]
}

/** Work that takes a while: `cancel()` makes `done` reject with `cancelled`. */
export interface Work<T> {
  readonly done: Promise<T>
  cancel(): void
}

/** Its end; the signal cancels it. */
export async function finished<T>(work: Work<T>, signal: AbortSignal): Promise<T> {
  const cancel = (): void => work.cancel()
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  try {
    return await work.done
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Bytes. */
export interface WorkProgress {
  step: 'hash' | 'convert'
  done: number
  total: number
}

export interface WeightFile {
  /** `model`: the file of an imported folder. */
  part: 'transformer' | 'projection' | 'decoder' | 'prompt' | 'vae' | 'model'
  name: string
  container: string
  dtype: string
  bytes: number
  tensors: number
  parameters: number
  /** SHA-256, empty unless asked for. */
  hash: string
  /** By the table of known files; empty: not in it. */
  version: '' | 'v1' | 'v1.1' | 'both'
  /** None: container, names and shapes are as they should be. */
  problem: EngineMessage | null
}

export interface Inspection {
  kind: 'published' | 'imported' | 'none'
  /** Who knows these files: "flashvsr". */
  importer: string
  files: WeightFile[]
  /** Published names of needed files that are not there. */
  missing: string[]
  /** `unknown`: ask the person. */
  version: 'v1' | 'v1.1' | 'unknown'
  /** What the folder's name says; never trusted. */
  hint: '' | 'v1' | 'v1.1'
  isPublishedSize: boolean
  decoders: string[]
  parameters: number
  /** Bytes an import would write. */
  importBytes: number
  /** Why the set cannot be used; none: it can. */
  problem: EngineMessage | null
}

export interface Imported {
  folder: string
  name: string
  version: string
  hash: string
  bytes: number
}

export interface Stream {
  /** One packed frame, later than the one before; resolves to how many frames can be pulled. The bytes may be reused once it has resolved. */
  push(frame: Uint8Array, time: Time): Promise<number>
  finish(): Promise<number>
  /** Fills `into` (`outputBytes` long) with the next finished frame and says its time; undefined when none is ready. */
  pull(into: Uint8Array): Time | undefined
  reset(): Promise<void>
  /** From any moment: the running call rejects with `cancelled` within one chunk. */
  cancel(): void
  close(): void
  readonly inputBytes: number
  readonly outputBytes: number
}

export interface Model {
  readonly info: LoadedInfo
  plan(options: StreamOptions): MemoryPlan
  stream(options: StreamOptions): Promise<Stream>
}

export interface InterpolationOptions {
  /** Of the frames that go in and come out. */
  format: FrameFormat
  threads: number
  memoryLimit: number
}

/** Frames between two others: keys write what is remembered, queries read it (heirloom.h). */
export interface Interpolation {
  /** The next key; `isCut`: nothing before belongs to it. The bytes may be reused once it has resolved. */
  key(frame: Uint8Array, isCut: boolean): Promise<void>
  /** Fills `into` with the frame at `t`, 0 to 1, between the last two keys. Shares of it that were made, and of these where the nearest key is shown. */
  between(t: number, into: Uint8Array): Promise<{ need: number; unsure: number }>
  /** From any moment: the running call rejects with `cancelled`. */
  cancel(): void
  close(): void
  readonly frameBytes: number
}

export interface Interpolator {
  readonly info: LoadedInfo
  plan(options: InterpolationOptions): MemoryPlan
  open(options: InterpolationOptions): Promise<Interpolation>
}

/** A picture as few bytes: R, G, B side by side, rows without gaps; 16 bits are little-endian. At most 100 megapixels, 65,535 a side. */
export interface StillOptions {
  width: number
  height: number
  bits: 8 | 16
  /** 0 to 63, the finest; read with the one that it was written with. */
  quality: number
  /** Reading: how much invented detail is laid over the faithful picture, 0..1. */
  alpha?: number
  /** Of that detail; none: 0. */
  seed?: number
  threads: number
  memoryLimit: number
}

export interface EncodedStill {
  bytes: Uint8Array
  width: number
  height: number
  tiles: number
  /** By the model's probabilities alone. */
  estimatedBytes: number
}

export interface DecodedStill {
  pixels: Uint8Array
  tiles: number
  /** Of the picture, in pixels: parts that could not be read. No detail is laid over them; beside them the picture is a little wrong too. */
  brokenTiles: {
    x: number
    y: number
    width: number
    height: number
    state: 'changed' | 'cut-off' | 'lost' | 'unreadable'
  }[]
  /** Every byte is as it was written. False with no broken tile: the picture is whole, and one of its two indices is not. */
  isWhole: boolean
}

/** Counted in parts of the picture. */
export interface StillProgress {
  step: 'encode' | 'decode'
  done: number
  total: number
}

export interface StillCodec {
  readonly info: LoadedInfo
  /** What writing or reading takes, whichever takes more. */
  plan(options: StillOptions): MemoryPlan
  /** Its bytes were read again and every symbol compared when it is done. */
  encode(
    pixels: Uint8Array,
    options: StillOptions,
    onProgress?: (progress: StillProgress) => void,
  ): Work<EncodedStill>
  /** Any bytes may be given: what is not whole is told. The same bits with any number of threads. */
  decode(
    bytes: Uint8Array,
    options: StillOptions,
    onProgress?: (progress: StillProgress) => void,
  ): Work<DecodedStill>
}

/** Of a scene, in the units of docs/KEEPSAKE.md: levels of 65,535, size and chroma of 4,096. */
export interface NativeGrain {
  levels: number[]
  size: number
  chroma: number
}

export interface GrainLayer {
  /** Draws in place, once it has resolved. The same place, the same grain: `way` tells frames apart that lie between two. */
  draw(
    frame: Uint8Array,
    grain: NativeGrain,
    place: { seed: number; frame: number; way: number },
  ): Promise<void>
}

/** What the neighbours gave to a merged picture, in their order. */
export interface Merged {
  merged: Uint8Array
  neighbours: { matched: number; isUsed: boolean }[]
}

export interface Addon {
  /** As `facts.ts` has it, or the addon was built of something else. */
  numerics: number
  devices(): DeviceInfo[]
  /** `device`, `precision`: as `DeviceChoice` has them. */
  loadModel(folder: string, options: { device: string; precision: string; version: string }): Promise<Model>
  /** A model of frames between two others. */
  loadInterpolator(folder: string, options: { device: string; precision: string }): Promise<Interpolator>
  /** A model that makes few bytes of pictures. */
  loadStillCodec(folder: string, options: { device: string; precision: string }): Promise<StillCodec>
  /** What lies in a folder, without loading it. `knownFiles`: path of the table of known files. */
  inspectModel(
    folder: string,
    options: { hash: boolean; knownFiles?: string },
    onProgress?: (progress: WorkProgress) => void,
  ): Work<Inspection>
  /**
   * Makes the published files of `folder` ready in `destination`, which must not exist; written as `destination.importing`, renamed when
   * whole. `version` may be left out where the table of known files knows it.
   */
  importModel(
    folder: string,
    destination: string,
    options: { version?: 'v1' | 'v1.1'; knownFiles?: string; name?: string },
    onProgress?: (progress: WorkProgress) => void,
  ): Work<Imported>
  /** `folder`: the estimator's weights. `frames`: pairs, each a frame and the one after it. Progress counts frames. */
  estimateDamage(
    folder: string,
    format: FrameFormat,
    frames: readonly Uint8Array[],
    onProgress?: (progress: { done: number; total: number }) => void,
  ): Work<Damage>
  /** Of frames of one format. `threads`: 0: all cores. */
  openGrain(format: FrameFormat, threads: number): GrainLayer
  /** Frames of a film laid over one of them and averaged where they match. Progress counts frames. */
  mergeFrames(
    format: FrameFormat,
    frames: readonly Uint8Array[],
    chosen: number,
    onProgress?: (progress: { done: number; total: number }) => void,
  ): Work<Merged>
}

/** Where the build puts it, seen from electron/engine as well as from out/engine. */
const built = fileURLToPath(new URL('../../native/build/heirloom.node', import.meta.url))

let loaded: Addon | undefined

/** Fails with `engine-missing` when the addon is not there, does not load, or is that of another Heirloom. */
export function loadAddon(): Addon {
  if (loaded) return loaded
  const path = process.env.HEIRLOOM_ADDON ?? built
  if (!existsSync(path)) throw failing('engine-missing', 'engineNotBuilt', {}, { detail: { path } })
  let addon: Addon
  try {
    addon = createRequire(import.meta.url)(path) as Addon
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw failing('engine-missing', 'engineNotLoaded', { reason }, { detail: { path }, cause })
  }
  // Frames are kept under the number that the app knows: made by another engine they would be taken for this one's.
  if (addon.numerics !== numerics)
    throw failing(
      'engine-missing',
      'engineOther',
      {},
      { detail: { path, found: addon.numerics, wanted: numerics } },
    )
  loaded = addon
  return loaded
}

/** What an error of the addon says; of any other, its words in English. */
function messageOf(error: unknown): EngineMessage {
  const text = error instanceof Error ? error.message : String(error)
  const message = EngineMessage.safeParse({ ...(error as object | null), text })
  return message.success ? message.data : { key: '', values: {}, text }
}

/** Errors of the addon carry our codes; `internal` becomes `engine-failed`, because the app is not what failed. */
export function fromNative(error: unknown): AppError {
  if (error instanceof AppError) return error
  const native = messageOf(error)
  const code = ErrorCode.safeParse((error as { code?: unknown } | null)?.code)
  if (code.success && code.data !== 'internal') {
    const words = code.data === 'cancelled' ? message('cancelled') : engineSaid(native)
    return new AppError(code.data, native.text, { sentence: words, cause: error })
  }
  return failing(
    'engine-failed',
    'engineStopped',
    { reason: enginePhrase(native) ?? native.text },
    { cause: error },
  )
}
