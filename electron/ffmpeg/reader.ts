// What it takes to read a kind of file: to say what it is, when its frames are shown, and to give them. Which kinds there are: readers.ts.
import type { FrameTable, Source } from '../shared/media/source.js'
import type { DecodeOptions, Decoding } from './decode.js'
import type { KeepsakePicture } from './keepsakePhoto.js'
import type { Tools } from './resolve.js'

/** A file that is there and can be opened, before any tool has looked at it. */
export interface FoundFile {
  /** Absolute. */
  path: string
  facts: Pick<Source, 'fingerprint' | 'bytes' | 'modifiedMs'>
  /** ffmpeg's reader for a picture file, `heic` for one that its film reader may know; undefined for everything else. */
  still: string | undefined
}

export interface ProbeOptions {
  /** The stream to take as the film, where a file holds several. */
  track?: number | undefined
  /** Of a film that Heirloom has just written, its picture all of one shape: the tracks of sound that have packets. */
  sounding?: ReadonlySet<number>
  /** Of a Keepsake photo: its picture, which was made of it before. */
  keepsake?: KeepsakePicture | undefined
}

export interface Reader {
  /** What the file is, as it says itself. Fails with a sentence where it cannot be read. */
  probe(tools: Tools, file: FoundFile, options: ProbeOptions, signal?: AbortSignal): Promise<Source>
  /** When each of its frames is shown. */
  table(tools: Tools, source: Source, signal?: AbortSignal): Promise<FrameTable>
  /** The first of them, known at once; undefined where the whole table is. */
  head?(tools: Tools, source: Source, signal?: AbortSignal): Promise<FrameTable>
  /** Frames of the table, every one once. */
  decode(tools: Tools, source: Source, options: DecodeOptions): Decoding
}
