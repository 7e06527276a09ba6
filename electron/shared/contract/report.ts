// A finished film beside what it was made from, thing by thing: what stayed, what was meant to change, what was lost.
import { z } from 'zod'
import { Phrase, Words } from '../words/sentences.js'

export const ReportRow = z.object({
  /** "length", "sound track 2", "title" ... */
  what: Phrase,
  /** As written facts; none where there is no such thing. Of several sources, all that they say. */
  source: Words,
  output: Words,
  /** `planned`: it differs because that was chosen (a size, a range, a codec) or is told beforehand. `lost`: for no such reason. */
  state: z.enum(['same', 'planned', 'lost']),
  /** What is known of the reason. */
  why: z.array(Phrase),
})
export type ReportRow = z.infer<typeof ReportRow>
export const Report = z.array(ReportRow)
export type Report = z.infer<typeof Report>

export const differences = (report: Report): Report => report.filter(({ state }) => state !== 'same')

/** What is said of a row: something that is there but other than it should be has not been left out. */
export const verdictOf = ({ state, output }: ReportRow): 'same' | 'changed' | 'left' | 'differs' | 'lost' =>
  state === 'same'
    ? 'same'
    : state === 'planned'
      ? output.length === 0
        ? 'left'
        : 'changed'
      : output.length === 0
        ? 'lost'
        : 'differs'
