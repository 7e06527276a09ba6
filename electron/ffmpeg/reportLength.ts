// How long the finished film is beside what it was made from, and why it is longer or shorter, as far as that is known.
import { Plan } from '../shared/plan.js'
import { ReportRow } from '../shared/report.js'
import { Said, SentenceKey } from '../shared/sentences.js'
import { Source } from '../shared/source.js'
import { nearly, row, seconds } from './reportRow.js'

/** What was said of a source's times, as a reason why its pictures last longer or shorter than it says of itself. */
const reasons: Partial<Record<SentenceKey, SentenceKey>> = {
  ...{ noteBeginsLate: 'whyBeginsLate', noteLastPicture: 'whyLastPicture', noteTruncated: 'whyTruncated' },
  ...{ noteTimesReplaced: 'whyClock', noteNoTimes: 'whyClock', noteFilmsBehind: 'whyFilmsBehind' },
  ...{ noteClockRestarts: 'whyClock', noteClockRestartsOnly: 'whyClock' },
  ...{ noteSoundBefore: 'whySoundAround', noteSoundAfter: 'whySoundAround' },
}

/** Streams without a container say no length: ffmpeg guesses it by their bytes. */
const isGuessed = ({ container }: Source): boolean =>
  /^(mpegvideo|h264|hevc|m4v|mjpeg|dirac|vc1|av1|obu|h263|h261|mpeg)$/.test(container)

/** Not all of the pictures, or some of them twice. */
export const isRange = ({ sources, frames, seconds }: Plan): boolean =>
  frames !== sources.reduce((sum, s) => sum + s.frames, 0) ||
  !nearly(
    seconds,
    sources.reduce((sum, s) => sum + s.seconds, 0),
    0.001,
  )

export function lengthRows(
  plan: Plan,
  sources: readonly Source[],
  made: Source,
  told: readonly Said[],
): ReportRow[] {
  const is = made.durationSeconds
  const whole = sources.reduce((sum, s) => sum + s.durationSeconds, 0)
  const [frames, shown] = plan.sources.reduce(
    ([count, length], s) => [count + s.frames, length + s.seconds],
    [0, 0],
  )
  const within = Math.max(0.05, (1.5 * shown) / Math.max(1, frames)) // files differ in whether the last picture lasts
  const isWritten = nearly(is, plan.seconds, Math.max(0.1, within))
  const isAsTold = nearly(shown, whole, within * sources.length)
  const range: SentenceKey[] = isRange(plan) ? ['whyRange'] : []
  const known = isAsTold
    ? []
    : [
        ...new Set([
          ...told.flatMap(({ key }) => reasons[key] ?? []),
          ...(sources.some(isGuessed) ? (['whyGuessed'] as const) : []),
        ]),
      ]
  const isExplained = isWritten && (isAsTold || known.length > 0)
  return [
    row('reportLength', [seconds(whole)], [seconds(is)], isExplained ? 'planned' : 'lost', {
      isSame: isWritten && nearly(is, whole, within * sources.length),
      why: [...range, ...known],
    }),
    row('reportPictures', String(frames), String(plan.frames), 'planned', { why: range }), // counted by the check before
  ]
}
