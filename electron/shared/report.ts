// A finished film beside what it was made from, thing by thing: what stayed, what was meant to change, what was lost.
import { z } from 'zod'
import { Part } from './sentences.js'

export const ReportRow = z.object({
  /** "length", "sound track 2", "tag "title"" ... */
  what: Part,
  /** As written facts; empty where there is no such thing. */
  source: z.string(),
  output: z.string(),
  /** `planned`: it differs because that was chosen (a size, a range, a codec) or is told beforehand. `lost`: for no such reason. */
  state: z.enum(['same', 'planned', 'lost']),
})
export type ReportRow = z.infer<typeof ReportRow>
export const Report = z.array(ReportRow)
export type Report = z.infer<typeof Report>

export const differences = (report: Report): Report => report.filter(({ state }) => state !== 'same')
