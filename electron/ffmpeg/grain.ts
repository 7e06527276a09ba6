// The grain of a film's scenes: some of its pictures, as they were filmed and as they were encoded, laid beside each other.
import {
  type GrainSamples,
  type Picture,
  type Samples,
  grainOf,
  enlarged,
  lookAtGrain,
} from '../shared/media/keepsake/grainMeasure.js'
import { type Grain, type Scene, lumaBands } from '../shared/media/keepsake/scenes.js'
import type { FrameTable, Source } from '../shared/media/source.js'
import { decodedFormat } from './decode.js'
import { type FrameFormat, bytesPerSample, planes } from './format.js'
import { readerOf } from './readers.js'
import type { Tools } from './resolve.js'

export interface Film {
  source: Source
  table: FrameTable
}

/** One picture of a film. */
export interface Place {
  film: Film
  frame: number
}

/** Pictures that are laid beside each other of one scene, and of all: each takes two starts of ffmpeg. */
const [mostOfScene, mostOfFilm] = [3, 24]

const none: Grain = { levels: Array<number>(lumaBands).fill(0), size: 0, chroma: 0 }

/** Of a plane `times` as large in both directions: means of squares. */
function shrunk({ width, height, values }: Samples, times: number): Samples {
  if (times === 1) return { width, height, values }
  const [w, h] = [Math.floor(width / times), Math.floor(height / times)]
  const small = new Float32Array(w * h)
  for (let y = 0; y < h * times; y++)
    for (let x = 0; x < w * times; x++) {
      const to = Math.floor(y / times) * w + Math.floor(x / times)
      small[to] = (small[to] ?? 0) + (values[y * width + x] ?? 0) / (times * times)
    }
  return { width: w, height: h, values: small }
}

function samplesOf(data: Uint8Array, format: FrameFormat): Samples[] {
  const white = 2 ** format.bits - 1
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const isWide = bytesPerSample(format) === 2
  return planes(format).map(({ width, height, offset }) => ({
    ...{ width, height },
    values: Float32Array.from(
      { length: width * height },
      (_, i) => (isWide ? view.getUint16(offset + 2 * i, true) : (data[offset + i] ?? 0)) / white,
    ),
  }))
}

async function pictureAt(
  tools: Tools,
  { film: { source, table }, frame }: Place,
  signal?: AbortSignal,
): Promise<Samples[]> {
  const range = { table, from: frame, to: frame + 1 }
  const options = signal ? { ...range, signal } : range
  for await (const { data } of readerOf(source).decode(tools, source, options).frames)
    return samplesOf(data, decodedFormat(source))
  return []
}

/** The upper left of a plane: what a codec repeats beside narrow pictures is left out. */
function cut({ width, values }: Samples, w: number, h: number): Samples {
  if (w === width) return { width: w, height: h, values: values.subarray(0, w * h) }
  const own = Float32Array.from({ length: w * h }, (_, i) => values[Math.floor(i / w) * width + (i % w)] ?? 0)
  return { width: w, height: h, values: own }
}

/** How many times as large as it was filmed a film is. */
const timesOf = (film: Film, { film: filmed }: Place): number =>
  Math.max(1, Math.round(decodedFormat(film.source).width / decodedFormat(filmed.source).width))

/** Both at the size that was filmed; undefined where one is no multiple of the other. */
function paired(
  filmed: readonly Samples[],
  encoded: readonly Samples[],
  times: number,
): [Picture, Picture] | undefined {
  const [luma, ...chroma] = filmed
  if (!luma) return undefined
  const [own, ...colours] = encoded.map((plane) => shrunk(plane, times))
  if (!own || own.width < luma.width - 1 || own.height < luma.height - 1) return undefined
  const [w, h] = [Math.min(luma.width, own.width), Math.min(luma.height, own.height)]
  return [
    { luma: cut(luma, w, h), chroma },
    { luma: cut(own, w, h), chroma: colours },
  ]
}

/** Evenly over [from, to), clear of its ends where it is long enough. */
const spreadOver = (from: number, to: number, count: number): number[] =>
  Array.from({ length: Math.min(count, to - from) }, (_, i) =>
    Math.floor(from + ((to - from) * (i + 0.5)) / Math.min(count, to - from)),
  )

/**
 * Scenes with their grain, by pictures of the film and of what it was made of (`filmedAt`: undefined where a frame was not filmed as one). A scene
 * whose pictures say too little has the grain of the one before; of many short scenes only some are looked at.
 */
export async function grainOfScenes(
  tools: Tools,
  film: Film,
  ranges: readonly { from: number; to: number }[],
  filmedAt: (frame: number) => Place | undefined,
  signal?: AbortSignal,
): Promise<Scene[]> {
  const each = Math.max(1, Math.min(mostOfScene, Math.floor(mostOfFilm / ranges.length)))
  const every = Math.ceil(ranges.length / mostOfFilm)
  const scenes: Scene[] = []
  let latest: Grain | undefined
  for (const [i, { from, to }] of ranges.entries()) {
    const seen: GrainSamples[] = []
    let times = 1
    for (const frame of i % every === 0 ? spreadOver(from, to, each) : []) {
      const place = filmedAt(frame)
      if (!place) continue
      times = timesOf(film, place)
      const filmed = await pictureAt(tools, place, signal)
      const pair = paired(filmed, await pictureAt(tools, { film, frame }, signal), times)
      if (pair) seen.push(lookAtGrain(...pair, 2 ** place.film.source.video.bits - 1))
    }
    const grain = grainOf(seen)
    latest = grain ? enlarged(grain, times) : latest
    scenes.push({ from, to, grain: latest ?? none })
  }
  const first = scenes.find(({ grain }) => grain !== none)?.grain ?? none
  return scenes.map((scene) => (scene.grain === none ? { ...scene, grain: first } : scene))
}
