// A Keepsake (docs/KEEPSAKE.md): the finished film is looked at once more, and what was found is put behind it.
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError, failing } from '../../shared/contract/errors.js'
import type { KeepsakeResult, Likeness } from '../../shared/contract/keepsake.js'
import { type OutputSpec, keepsakeCodec, keepsakeRange, writtenSize } from '../../shared/contract/output.js'
import type { KeepsakeInfo } from '../../shared/media/keepsake/info.js'
import { runsOf } from '../../shared/media/keepsake/quantiser.js'
import { type Scene, hasGrain, mostScenes } from '../../shared/media/keepsake/scenes.js'
import type { Plan } from '../../shared/planning/plan.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { compositionsOf } from '../../ffmpeg/compositions.js'
import { encoderVersion } from '../../ffmpeg/encoderVersion.js'
import { type FilmLook, lookAtFilm } from '../../ffmpeg/filmLook.js'
import { type Film, type Place, grainOfScenes } from '../../ffmpeg/grain.js'
import { enhancementNote, motionNote } from '../../ffmpeg/join.js'
import { appendKeepsake, mediaOf } from '../../ffmpeg/keepsakeBox.js'
import { probe } from '../../ffmpeg/probe.js'
import { readerOf } from '../../ffmpeg/readers.js'
import type { Tools } from '../../ffmpeg/resolve.js'
import { version } from '../access/resources.js'
import type { Media } from '../sources/media.js'
import { givenOf } from './keepsakeGiven.js'
import type { Piece } from './pieces.js'
import type { SegmentStore } from './segments.js'

/** What cannot be a Keepsake is refused before any work. */
export function checkKeepsake({ keepsake, codec, container }: OutputSpec): void {
  if (!keepsake) return
  const able = keepsakeCodec(codec)
  if (!able || container === 'mkv') throw failing('bad-argument', 'keepsakeForm')
  const { finest, coarsest } = keepsakeRange[able]
  if (keepsake.crf < finest || keepsake.crf > coarsest)
    throw failing('bad-argument', 'keepsakeCrf', { crf: keepsake.crf, finest, coarsest })
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 2)

/** It may be no larger than `most`, and at its coarsest it has so many bytes. */
export const tooLarge = (path: string, bytes: number, most: number): AppError =>
  failing(
    'bad-argument',
    'keepsakeTooLarge',
    { name: basename(path), bytes: megabytes(bytes), most: megabytes(most) },
    { detail: { bytes, most } },
  )

/** Steps of CRF in which a film becomes half as large, for small sizes and about. */
const halving = 7
/** What only just fits by that rule may miss it again, and each time the whole film is encoded. */
const aim = 0.95

/** How much coarser a film that has turned out too large is to be encoded; undefined where it cannot be, or something else was wrong. */
export function coarserAfter(error: unknown, { codec, keepsake }: OutputSpec): number | undefined {
  const able = keepsakeCodec(codec)
  if (!(error instanceof AppError) || error.sentence?.key !== 'keepsakeTooLarge' || !keepsake || !able)
    return undefined
  const { bytes, most } = error.detail as { bytes: number; most: number }
  const { coarsest } = keepsakeRange[able]
  if (keepsake.crf >= coarsest) return undefined
  const steps = Math.ceil(halving * Math.log2(bytes / (aim * most)))
  return Math.min(coarsest, keepsake.crf + steps)
}

/** By the frame of the film: the frame of its source that it was made of; undefined where a motion or another shape came between. */
async function filmedFrames(
  { segments }: Plan,
  codec: OutputSpec['codec'],
  plan: Plan,
  media: Pick<Media, 'table'>,
): Promise<(frame: number) => Place | undefined> {
  const compositions = compositionsOf(plan, codec)
  const films = new Map<string, Film>()
  for (const { source } of segments)
    if (!films.has(source.id)) films.set(source.id, { source, table: await media.table(source.id) })
  let first = 0
  const parts = segments.map((segment, i) => {
    const begin = first
    first += segment.ticks.length
    const film = segment.motion || compositions[i] ? undefined : films.get(segment.source.id)
    return { begin, end: first, film, from: segment.from }
  })
  return (frame) => {
    const part = parts.find(({ begin, end }) => frame >= begin && frame < end)
    return part?.film && { film: part.film, frame: part.from + frame - part.begin }
  }
}

interface Looked {
  tools: Tools
  plan: Plan
  pieces: readonly Piece[]
  output: OutputSpec
  media: Pick<Media, 'table'>
  store: Pick<SegmentStore, 'frames'>
  signal: AbortSignal
}

/** What the finished film shows of itself, and its scenes with the grain that they have lost. */
async function lookAt(looked: Looked, part: string): Promise<FilmLook & { scenes: Scene[] }> {
  const { tools, plan, output, media, signal } = looked
  const { frames } = plan
  const source = await probe(tools, part, signal)
  const table = await readerOf(source).table(tools, source, signal)
  const look = await lookAtFilm(tools, part, { table, frames, given: await givenOf(looked), signal })
  const cuts = look.cuts.filter((cut) => cut < frames)
  const begins = [0, ...cuts.slice(0, mostScenes - 1)]
  const ranges = begins.map((from, i) => ({ from, to: begins[i + 1] ?? frames }))
  const filmedAt = await filmedFrames(plan, output.codec, plan, media)
  return { ...look, scenes: await grainOfScenes(tools, { source, table }, ranges, filmedAt, signal) }
}

async function infoOf(
  { tools, plan, output, signal }: Looked,
  part: string,
  scenes: readonly Scene[],
): Promise<KeepsakeInfo> {
  const codec = keepsakeCodec(output.codec) ?? 'av1'
  const media = await mediaOf(part, signal)
  const encoder = await encoderVersion(tools, codec)
  const fingerprints = [...new Set(plan.segments.map(({ source }) => source.fingerprint))]
  return {
    writer: `Heirloom ${version()}`,
    base: {
      mediaBytes: media.bytes,
      mediaSha256: media.sha256,
      frames: plan.frames,
      ...writtenSize(codec, plan),
    },
    encoder: { codec, ...encoder, settings: `crf ${output.keepsake?.crf ?? ''}` },
    sources: fingerprints.map((fingerprint) => ({ fingerprint })),
    // The same film has the same grain, whenever it was made.
    seed: parseInt(media.sha256.slice(0, 8), 16),
    model: null,
    invented: {
      inFilm: [enhancementNote(plan), motionNote(plan)].filter((note) => note !== undefined),
      onTop: hasGrain(scenes) ? ['grain'] : [],
    },
  }
}

/** How near the film is to what was encoded, in words. */
function likenessNote(base: Likeness | undefined, total: number): Message {
  if (!base) return message('noteNotCompared')
  const { frames, psnr, ssim } = base
  const shares = { frames, total, ssim: ssim.toFixed(4) }
  return psnr === null
    ? message('noteSame', shares)
    : message('noteLikeness', { ...shares, psnr: psnr.toFixed(2) })
}

export interface Sealed {
  result: KeepsakeResult
  notes: Message[]
}

/** Puts the box behind a film that is whole and has no name yet. Fails with `keepsakeTooLarge` where the file is larger than it may be. */
export async function sealKeepsake(looked: Looked, part: string): Promise<Sealed> {
  const { plan, output } = looked
  const most = output.keepsake?.mostBytes ?? Infinity
  const checkSize = async (): Promise<number> => {
    const { size } = await stat(part)
    if (size > most) throw tooLarge(output.path, size, most)
    return size
  }
  await checkSize() // before it is looked at for long
  const { scenes, quantisers, likeness: base } = await lookAt(looked, part)
  const info = await infoOf(looked, part, scenes)
  const partBytes = await appendKeepsake(part, { info, scenes, quantiser: runsOf(quantisers) })
  const bytes = await checkSize()
  const percent = ((100 * partBytes) / bytes).toFixed(2)
  const { encoder } = info
  const sizes = { bytes: partBytes, percent, scenes: scenes.length }
  return {
    result: { bytes, partBytes, sideBytes: 0, encoder, frames: plan.frames, base },
    notes: [message('noteKeepsake', sizes), likenessNote(base, plan.frames)],
  }
}
