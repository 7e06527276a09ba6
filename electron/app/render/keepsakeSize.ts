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

/** Fails with `keepsakeTooLarge` where it would be larger at its coarsest. */
export async function fitKeepsake(
  parts: Pick<EstimateParts, 'media' | 'models' | 'timings' | 'sizes'>,
  request: ExportRequest,
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
    const seen = await parts.sizes.pictures(tools, plan, { ...output, keepsake: { crf } })
    return seen && Math.round(seen.middle + besides)
  }
  const { finest, coarsest } = keepsakeRange[codec]
  const least = await bytesAt(coarsest)
  if (least === undefined) return { crf: Math.round((finest + coarsest) / 2) }
  if (least > most) throw tooLarge(output.path, least, most)
  const isGood = async (crf: number): Promise<boolean> => ((await bytesAt(crf)) ?? 0) <= aim * most
  const crf = await firstGood(finest, coarsest, isGood)
  return { crf, bytes: await bytesAt(crf) }
}
