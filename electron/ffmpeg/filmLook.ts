// A finished film is read once for all that is to be known of its frames: where scenes begin, how coarsely each was written, and how near they are to
// what was encoded. ffmpeg tells each line by line.
import { basename } from 'node:path'
import type { Likeness } from '../shared/contract/keepsake.js'
import { rational } from '../shared/media/rational.js'
import type { FrameTable } from '../shared/media/source.js'
import { phrase } from '../shared/words/sentences.js'
import { cutFilter, cutReader } from './cuts.js'
import { passthrough } from './decode.js'
import { type Delivery, FrameFeed, comparedFilters, feedArguments } from './encode.js'
import { checkQuantisers, quantiserReader } from './quantiser.js'
import type { Tools } from './resolve.js'
import { type Child, cancelled, ownInputArguments, run } from './run.js'

/** What the encoder was given of a film's frames, as far as that can be had again. */
export interface Given {
  delivery: Delivery
  /** Which frames of the film: [from, to) each, rising and apart. */
  ranges: readonly { from: number; to: number }[]
  /** All of these, in order. Bytes may be overwritten once the next frame is asked for. */
  frames: AsyncIterable<Uint8Array>
}

export interface FilmLook {
  /** First frames of all scenes but the first, rising. */
  cuts: number[]
  /** Of each frame, 0 to 1. */
  quantisers: number[]
  /** Undefined where nothing was compared. */
  likeness: Likeness | undefined
}

const psnrLine = /^\[[\w@ ]*psnr\w* @ \w+\] PSNR .*\baverage:(inf|[\d.]+)/
const ssimLine = /^\[[\w@ ]*ssim\w* @ \w+\] SSIM .*\bAll:([\d.]+)/

function likenessReader(frames: number): {
  take: (line: string) => void
  likeness: () => Likeness | undefined
} {
  let [psnr, ssim]: (string | undefined)[] = []
  return {
    take(line) {
      psnr ??= psnrLine.exec(line)?.[1]
      ssim ??= ssimLine.exec(line)?.[1]
    },
    likeness: () =>
      psnr === undefined || ssim === undefined
        ? undefined
        : { frames, psnr: psnr === 'inf' ? null : Number(psnr), ssim: Number(ssim) },
  }
}

/** Both sides are numbered alike, so that the first is laid beside the first. */
const numbered = 'settb=1/25,setpts=N'

function lookGraph(tools: Tools, given: Given | undefined): { graph: string; outputs: string[] } {
  if (!given) return { graph: `[0:v:0]${cutFilter}[cuts]`, outputs: ['[cuts]'] }
  const filters = comparedFilters(tools, given.delivery)
  const chosen = given.ranges.map(({ from, to }) => `between(n\\,${from}\\,${to - 1})`).join('+')
  return {
    graph: [
      `[0:v:0]split=2[all][own];[all]${cutFilter}[cuts]`,
      `[own]select=${chosen},${filters.made},${numbered},split=2[made1][made2]`,
      `[1:v:0]${filters.given},${numbered},split=2[given1][given2]`,
      '[made1][given1]psnr[psnr];[made2][given2]ssim[ssim]',
    ].join(';'),
    outputs: ['[cuts]', '[psnr]', '[ssim]'],
  }
}

async function feed(child: Child, { delivery, frames }: Given): Promise<void> {
  const into = new FrameFeed(child, delivery.format, rational(1, 25))
  let count = 0
  for await (const data of frames) await into.write(data, count++)
}

/** Of a film of so many frames. Fails where one of them says nothing of its quantiser. */
export async function lookAtFilm(
  tools: Tools,
  path: string,
  {
    table,
    frames,
    given,
    signal,
  }: { table: FrameTable; frames: number; given?: Given | undefined; signal?: AbortSignal },
): Promise<FilmLook> {
  const compared = given?.ranges.reduce((sum, { from, to }) => sum + to - from, 0) ?? 0
  const readers = { cut: cutReader(table), quantiser: quantiserReader(), likeness: likenessReader(compared) }
  const onLine = (line: string): void => {
    for (const { take } of Object.values(readers)) take(line)
  }
  const { graph, outputs } = lookGraph(tools, given)
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', ...ownInputArguments(path)],
    ...(given ? feedArguments : []),
    ...['-filter_complex', graph, ...outputs.flatMap((name) => ['-map', name]), ...passthrough(tools)],
    ...['-f', 'null', '-', '-map', '0:v:0', '-c', 'copy', '-bsf:v', 'trace_headers', '-f', 'null', '-'],
  ]
  const child = run(tools.ffmpeg, args, { what: phrase('doCheck', { name: basename(path) }), signal, onLine })
  try {
    if (given) await feed(child, given)
    child.stdin.end()
    await child.done
  } catch (error) {
    throw signal?.aborted ? cancelled() : error
  } finally {
    await child.stop()
  }
  const quantisers = checkQuantisers(readers.quantiser.values(), frames)
  return { cuts: readers.cut.cuts(), quantisers, likeness: readers.likeness.likeness() }
}
