// In what rhythm a film shows its frames: told from the frames themselves, because no file says so. Films of 16 or 18 frames a second are stored as 25
// with some of them doubled, cinema films as 30 by pulldown, and a capture card that was late gives a frame twice, or parts of two in one.
import { z } from 'zod'
import { Rational, rational, toNumber } from './rational.js'
import { Run, numbersOf } from './runs.js'

const count = z.number().int().positive()
const frame = z.number().int().nonnegative()

/** How the frames of a stretch follow from those that were filmed. */
export const Cadence = z.discriminatedUnion('kind', [
  /** Each of them was. */
  z.strictObject({ kind: z.literal('whole') }),
  /** `unique` frames were filmed, and are shown as `of`. */
  z.strictObject({ kind: z.literal('repeats'), unique: count, of: count }),
  /** Filmed frames fill so many fields in turn, as in 2:3; `first`: the field that a frame begins with. */
  z.strictObject({ kind: z.literal('pulldown'), fields: z.array(count), first: z.enum(['top', 'bottom']) }),
])
export type Cadence = z.infer<typeof Cadence>

/** Frames [from, to), which go on in one rhythm. */
export const CadenceSection = z.strictObject({
  from: frame,
  to: frame,
  cadence: Cadence,
  /** Where in the cadence `from` is (`stepsOf`). */
  phase: frame,
  /** The share of frames whose own pictures agree; the others stand still, and are told by their neighbours. */
  seen: z.number().min(0).max(1),
})
export type CadenceSection = z.infer<typeof CadenceSection>

/** Behind a frame so many are missing: the next one comes that much later than the rate around it says. */
export const Loss = z.strictObject({ after: frame, missing: count })
export type Loss = z.infer<typeof Loss>

/** Frames [from, to), which are shown at one rate, or at changing ones: frames per second, by their timestamps. */
export const RateSection = z.strictObject({
  from: frame,
  to: frame,
  isConstant: z.boolean(),
  least: z.number().positive(),
  mean: z.number().positive(),
  most: z.number().positive(),
})
export type RateSection = z.infer<typeof RateSection>

export const Timing = z.strictObject({
  /** Stored frames that were looked at. */
  frames: frame,
  /** By the timestamps alone. */
  rates: z.array(RateSection),
  sections: z.array(CadenceSection),
  /** Frames that show the one before once more, outside of any cadence. */
  repeated: z.array(Run),
  /** Frames whose upper part is of one frame of the film and whose lower part is of another, in rising order. */
  torn: z.array(frame),
  /** Where the timestamps leave frames out, in rising order. */
  lost: z.array(Loss),
  /** First frames of shots. */
  cuts: z.array(frame),
})
export type Timing = z.infer<typeof Timing>

/** What is new in a stored frame beside the one before. */
export interface Step {
  top: boolean
  bottom: boolean
}

const step = (top: boolean, bottom: boolean): Step => ({ top, bottom })

/** Every field's frame of film, over as many turns of the pulldown as fill whole stored frames. */
export function filmOf(fields: readonly number[]): number[] {
  const turn = fields.flatMap((times, film) => Array<number>(times).fill(film))
  return turn.length % 2 === 0 ? turn : [...turn, ...turn.map((film) => film + fields.length)]
}

function pulldownSteps(fields: readonly number[], first: 'top' | 'bottom'): Step[] {
  const film = filmOf(fields)
  const isNew = (field: number): boolean => film[field] !== film.at(field - 2)
  return film
    .filter((_, field) => field % 2 === 0)
    .map((_, frame) => [isNew(2 * frame), isNew(2 * frame + 1)] as const)
    .map(([one, other]) => (first === 'top' ? step(one, other) : step(other, one)))
}

/** One turn of a cadence, frame by frame. */
export function stepsOf(cadence: Cadence): Step[] {
  if (cadence.kind === 'whole') return [step(true, true)]
  if (cadence.kind === 'pulldown') return pulldownSteps(cadence.fields, cadence.first)
  const { unique, of } = cadence
  const filmed = (n: number): number => Math.floor((n * unique) / of)
  return Array.from({ length: of }, (_, n) => {
    const isNew = filmed(n + 1) !== filmed(n)
    return step(isNew, isNew)
  })
}

/** Of the stored frames the share that was filmed: 16 of 25, 4 of 5 by pulldown. */
export function filmedRatio(cadence: Cadence): Rational {
  if (cadence.kind === 'whole') return rational(1)
  if (cadence.kind === 'repeats') return rational(cadence.unique, cadence.of)
  const fields = cadence.fields.reduce((sum, times) => sum + times, 0)
  return rational(2 * cadence.fields.length, fields)
}
export const filmedShare = (cadence: Cadence): number => toNumber(filmedRatio(cadence))

/** Frames that show only what the one before showed, in rising order. */
export function repeatsIn({ sections, repeated }: Pick<Timing, 'sections' | 'repeated'>): number[] {
  const frames = sections.flatMap(({ from, to, cadence, phase }) => {
    const steps = stepsOf(cadence)
    const isRepeat = (frame: number): boolean => {
      const at = steps[(phase + frame - from) % steps.length]
      return frame > 0 && at !== undefined && !at.top && !at.bottom
    }
    return Array.from({ length: to - from }, (_, i) => from + i).filter(isRepeat)
  })
  return [...frames, ...numbersOf(repeated)].toSorted((a, b) => a - b)
}
