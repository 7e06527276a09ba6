// Which segments of a film are composed, and into what.
import type { VideoCodec } from '../shared/contract/output.js'
import type { Composition } from '../shared/planning/composition.js'
import type { Plan, Segment } from '../shared/planning/plan.js'
import { formOfFilm, isMapped, isOneForm } from './compose.js'
import { type Delivery, deliveryOf, formOf } from './encode.js'

const ownDelivery = (segment: Segment, codec: VideoCodec): Delivery =>
  deliveryOf(segment, { codec, quality: 'good', frameRate: undefined }) // neither decides a form

/** Of each segment, in order; undefined where its frames are of the film's form already. */
export function compositionsOf(
  { segments, width, height }: Pick<Plan, 'segments' | 'width' | 'height'>,
  codec: VideoCodec,
): (Composition | undefined)[] {
  const forms = segments.map((segment) => formOf(ownDelivery(segment, codec)))
  const form = formOfFilm(codec, forms, { width, height })
  return segments.map(({ fit }, i) => {
    const own = forms[i]
    return !own || !form || isOneForm(codec, own, form) ? undefined : { fit, form }
  })
}

/** High dynamic range or wide colours are brought down to those of the film. */
export const isToneMapped = (
  segment: Segment,
  codec: VideoCodec,
  composition: Composition | undefined,
): boolean => composition !== undefined && isMapped(ownDelivery(segment, codec), composition.form)
