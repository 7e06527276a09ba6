// What is said of clips that are made to fit a film of another size, colour or rate; and the refusal where this ffmpeg cannot do it.
import { failing } from '../../shared/contract/errors.js'
import type { VideoCodec } from '../../shared/contract/output.js'
import { type Composition, isCovered, isCut, placingOf } from '../../shared/planning/composition.js'
import { shownRate } from '../../shared/planning/motionUnits.js'
import type { Plan, Segment } from '../../shared/planning/plan.js'
import { toNumber } from '../../shared/media/rational.js'
import { sizeWords } from '../../shared/media/source.js'
import { type Message, message } from '../../shared/words/sentences.js'
import { compositionsOf, isToneMapped } from '../../ffmpeg/compositions.js'
import { type Tools, hasFilter } from '../../ffmpeg/resolve.js'

function sizeNote({ source, output }: Segment, { fit, form }: Composition): Message[] {
  if (output.width === form.width && output.height === form.height) return []
  const placing = placingOf(output, form, fit)
  const values = { name: source.name, own: sizeWords(output), film: sizeWords(form) }
  if (fit === 'centre') return [message('noteCentred', values)]
  if (isCut(placing)) return [message('noteFilled', values)]
  return [message(isCovered(placing, form) ? 'noteScaled' : 'noteFitted', values)]
}

const rateOf = (segment: Segment): string => String(Math.round(100 * toNumber(shownRate(segment))) / 100)

function rateNotes({ segments }: Pick<Plan, 'segments'>): Message[] {
  const rates = [...new Set(segments.map(rateOf))]
  return rates.length > 1 ? [message('noteRates', { rates })] : []
}

const unique = (notes: readonly Message[]): Message[] => [
  ...new Map(notes.map((note) => [JSON.stringify(note), note])).values(),
]

/** Once for each clip that is not of the film's size, and where light or rates differ. */
export function fittedNotes(plan: Plan, codec: VideoCodec): Message[] {
  const compositions = compositionsOf(plan, codec)
  const each = plan.segments.map((segment, i) => ({ segment, composition: compositions[i] }))
  const sizes = each.flatMap(({ segment, composition }) =>
    composition ? sizeNote(segment, composition) : [],
  )
  const mapped = each.filter(({ segment, composition }) => isToneMapped(segment, codec, composition))
  const lights = mapped.map(({ segment }) => message('noteToneMapped', { name: segment.source.name }))
  return [...unique(sizes), ...unique(lights), ...rateNotes(plan)]
}

/** Fails with `bad-argument` where clips must be mapped to ordinary light and this ffmpeg has no filter for that. */
export async function checkLight(tools: Tools, plan: Plan, codec: VideoCodec): Promise<void> {
  const compositions = compositionsOf(plan, codec)
  const mapped = plan.segments.find((segment, i) => isToneMapped(segment, codec, compositions[i]))
  if (mapped && !(await hasFilter(tools, 'zscale')))
    throw failing('bad-argument', 'toneMapMissing', { name: mapped.source.name })
}
