// Loads the native engine and gives it types. The only file that touches the .node; runs in the engine host alone.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { AppError, ErrorCode } from '../shared/errors.js'
import type { DeviceInfo } from '../shared/api.js'
import type { FrameFormat } from '../ffmpeg/format.js'

export interface StreamOptions {
  input: FrameFormat
  output: FrameFormat
  scale: number
  strength: number
  seed: number
  colour: 'default'
  /** 0: all cores. */
  threads: number
  /** Bytes; 0: 90 % of what the machine has free. */
  memoryLimit: number
}

/** Bytes a stream will hold. */
export interface MemoryPlan {
  weights: number
  state: number
  activations: number
  total: number
  limit: number
  fits: boolean
}

export interface LoadedInfo {
  name: string
  graph: string
  hash: string
  scales: number[]
  parameters: number
  startUpFrames: number
  lookAheadFrames: number
  chunkFrames: number
}

export interface Stream {
  /** One packed frame; resolves to how many frames can be pulled. The bytes may be reused once it has resolved. */
  push(frame: Uint8Array): Promise<number>
  finish(): Promise<number>
  pull(): Uint8Array | null
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

export interface Addon {
  devices(): DeviceInfo[]
  loadModel(folder: string, options: { device: string; version: string }): Promise<Model>
}

/** Where the build puts it, seen from electron/engine as well as from out/engine. */
const built = fileURLToPath(new URL('../../native/build-addon/Release/heirloom.node', import.meta.url))

let loaded: Addon | undefined

/** Fails with `engine-missing` when the addon is not there or does not load. */
export function loadAddon(): Addon {
  if (loaded) return loaded
  const path = process.env.HEIRLOOM_ADDON ?? built
  if (!existsSync(path))
    throw new AppError(
      'engine-missing',
      'The picture engine is not built yet. Run "npm start" in the project folder once, it builds what is missing.',
      { detail: { path } },
    )
  try {
    loaded = createRequire(import.meta.url)(path) as Addon
    return loaded
  } catch (cause) {
    throw new AppError(
      'engine-missing',
      `The picture engine could not be loaded on this computer: ${cause instanceof Error ? cause.message : String(cause)}`,
      { detail: { path }, cause },
    )
  }
}

/** Errors of the addon carry our codes; `internal` becomes `engine-failed`, because the app is not what failed. */
export function fromNative(error: unknown): AppError {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = ErrorCode.safeParse((error as { code?: unknown } | null)?.code)
  if (code.success && code.data !== 'internal') return new AppError(code.data, message, { cause: error })
  return new AppError('engine-failed', `The picture engine stopped: ${message}`, { cause: error })
}
