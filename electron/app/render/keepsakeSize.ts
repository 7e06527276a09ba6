// How coarsely a Keepsake of a wanted size is encoded, told before hours are spent: by pieces of the film at several steps.
import { failing } from '../../shared/contract/errors.js'
import { keepsakeCodec, keepsakeRange } from '../../shared/contract/output.js'
import type { ExportRequest, KeepsakeFit } from '../../shared/contract/render.js'
import { audioPlan } from '../../ffmpeg/audio.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { type EstimateParts, besidesPictures } from './estimate.js'
import { checkSpec, planProject } from './exporter.js'
import { tooLarge } from './keepsake.js'

/** Pieces are not the whole: a little is left free, so that it is seldom encoded twice. */
const aim = 0.95

/** The smallest whole number from `from` to `to` that is good; `to` is, and so are all above a good one. */
async function firstGood(from: number, to: number, isGood: (n: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (await isGood(middle)) high = middle
    else low = middle + 1
  }
  return high
}

/**
 * The finest step whose file is no larger than `most`, as far as pieces tell; how large it is at its coarsest where even that is larger. A step of which
 * nothing could be told is not taken.
 */
export async function coarsenessFor(
  bytesAt: (crf: number) => Promise<number | undefined>,
  { finest, coarsest }: { finest: number; coarsest: number },
  most: number,
): Promise<KeepsakeFit | { least: number }> {
  const least = await bytesAt(coarsest)
  if (least === undefined) return { crf: Math.round((finest + coarsest) / 2) }
  if (least > most) return { least }
  const isGood = async (crf: number): Promise<boolean> => ((await bytesAt(crf)) ?? Infinity) <= aim * most
  const crf = await firstGood(finest, coarsest, isGood)
  return { crf, bytes: await bytesAt(crf) }
}

/** Gives up waiting when `signal` says so. The piece in hand is still encoded: that takes seconds, and others may wait for it. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(failing('cancelled', 'cancelled'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Fails with `keepsakeTooLarge` where it would be larger at its coarsest. */
export async function fitKeepsake(
  parts: Pick<EstimateParts, 'media' | 'models' | 'timings' | 'sizes'>,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<KeepsakeFit> {
  checkSpec(request)
  const { output, project } = request
  const codec = keepsakeCodec(output.codec)
  const most = output.keepsake?.mostBytes
  if (!codec || most === undefined) throw failing('bad-argument', 'keepsakeForm')
  const tools = await findTools()
  const plan = await planProject(parts, project)
  const besides = besidesPictures(plan, await audioPlan(tools, plan, output), output)
  const bytesAt = async (crf: number): Promise<number | undefined> => {
    const look = parts.sizes.pictures(tools, plan, { ...output, keepsake: { crf } }, true)
    const seen = await unlessAborted(signal, look)
    return seen && Math.round(seen.middle + besides)
  }
  const fit = await coarsenessFor(bytesAt, keepsakeRange[codec], most)
  if ('least' in fit) throw tooLarge(output.path, fit.least, most)
  return fit
}
