// Keepsake photos in this process: R, G and B of a picture become the file of a Keepsake photo, and such a file a picture that ffmpeg reads.
import { writeFile, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { failing } from '../shared/contract/errors.js'
import { drawsGrain, isModelled } from '../shared/document/project.js'
import type { Source } from '../shared/media/source.js'
import { type PhotoInfo, mostPhotoBytes, writePhotoFile } from '../shared/media/keepsake/photo.js'
import { exifOf } from '../ffmpeg/exifBytes.js'
import { readPhoto } from '../ffmpeg/keepsakePhoto.js'
import { pngOf } from '../ffmpeg/photo.js'
import { findTools } from '../ffmpeg/resolve.js'
import { partPath } from '../ffmpeg/target.js'
import { type StillCodec, type StillOptions, type Work, finished, fromNative } from './addon.js'
import { stillCodecIn } from './models.js'
import type { PhotoTask, StillResult, StillTask } from './protocol.js'

async function underSignal<T>(begin: () => Work<T>, signal: AbortSignal): Promise<T> {
  try {
    return await finished(begin(), signal)
  } catch (error) {
    throw fromNative(error)
  }
}

/** Of the many things that a source says of itself, those that photos carry. */
const carried = /(^|\.)(artist|copyright|make|model|location)$/i
const tagsOf = ({ tags }: Source): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).filter(([name, value]) => carried.test(name) && value.length <= 2000),
  )

/** What was made of the picture before, that nobody photographed. */
const inventedIn = ({ enhance, detail }: PhotoTask, note: string): string[] =>
  isModelled(enhance) || drawsGrain(enhance) || detail !== undefined ? [note] : []

type Encode = (quality: number) => Promise<Uint8Array>

/** The finest that is no larger: each step is encoded, because only that is sure. */
async function fitting(encode: Encode, mostBytes: number, name: string): Promise<Uint8Array> {
  let best = await encode(0)
  if (best.length > mostBytes)
    throw failing('bad-argument', 'keepsakePhotoTooLarge', {
      ...{ name, bytes: best.length, most: mostBytes },
    })
  for (let low = 0, high = 63; low < high;) {
    const quality = Math.ceil((low + high) / 2)
    const file = await encode(quality)
    if (file.length <= mostBytes) [best, low] = [file, quality]
    else high = quality - 1
  }
  return best
}

/** `pixels`: of 8 bits. `note`: what was done to the picture, in words. */
export async function packPhoto(
  task: PhotoTask,
  { pixels, width, height, note }: { pixels: Uint8Array; width: number; height: number; note: string },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { source, enhance, output, facts, still, threads, memoryLimit } = task
  if (!still || !output.keepsake) throw failing('weights-missing', 'keepsakePhotoNoModel')
  const codec = await stillCodecIn(still)
  const exif = await exifOf(source.path, source.container)
  const common: Omit<PhotoInfo, 'quality'> = {
    ...{ writer: facts.software, width, height, seed: enhance.seed % 2 ** 32, model: still.named },
    source: { fingerprint: source.fingerprint },
    invented: { inPhoto: inventedIn(task, note), onTop: ['detail'] },
    ...(facts.takenAt === undefined ? {} : { takenAt: facts.takenAt }),
    tags: tagsOf(source),
  }
  const encode: Encode = async (quality) => {
    const options = { width, height, bits: 8, quality, threads, memoryLimit } as const
    const { bytes } = await underSignal(() => codec.encode(pixels, options), signal)
    if (bytes.length > mostPhotoBytes - (1 << 17))
      throw failing('bad-argument', 'keepsakePhotoLarge', {
        name: basename(output.path),
        bytes: bytes.length,
      })
    return writePhotoFile({ info: { ...common, quality }, side: bytes, ...(exif ? { exif } : {}) })
  }
  const { keepsake, path } = output
  return 'quality' in keepsake
    ? encode(keepsake.quality)
    : fitting(encode, keepsake.mostBytes, basename(path))
}

const decoded = (codec: StillCodec, side: Uint8Array, options: StillOptions, signal: AbortSignal) =>
  underSignal(() => codec.decode(side, options), signal)

/** Writes the picture that a Keepsake photo holds beside nothing else: it appears under its name when it is whole. */
export async function runStill(task: StillTask, signal: AbortSignal): Promise<StillResult> {
  const { path, alpha, model, destination, threads, memoryLimit } = task
  const photo = await readPhoto(path)
  if (!photo) throw failing('source-unreadable', 'sourceChanged', { name: basename(path) })
  const { width, height, quality, seed } = photo.info
  const options: StillOptions = { width, height, bits: 8, quality, alpha, seed, threads, memoryLimit }
  const made = await decoded(await stillCodecIn(model), photo.side, options, signal)
  const png = await pngOf(await findTools(), made.pixels, { width, height, name: basename(path), signal })
  const part = partPath(destination)
  try {
    await writeFile(part, png, { flag: 'wx' })
    await rename(part, destination)
  } finally {
    await rm(part, { force: true })
  }
  return { tiles: made.tiles, broken: made.brokenTiles, isWhole: made.isWhole }
}
