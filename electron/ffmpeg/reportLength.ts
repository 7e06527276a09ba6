// How long the finished film is beside what it was made from, and why it is longer or shorter, as far as that is known.
import { Plan } from '../shared/planning/plan.js'
import { ReportRow } from '../shared/contract/report.js'
import { Message, SentenceKey } from '../shared/words/sentences.js'
import { Source } from '../shared/media/source.js'
import { isBare } from './readable.js'
import { nearly, row, seconds } from './reportRow.js'

/** What was said of a source's times, as a reason why its pictures last longer or shorter than it says of itself. */
const reasons: Partial<Record<SentenceKey, SentenceKey>> = {
  ...{ noteBeginsLate: 'whyBeginsLate', noteLastPicture: 'whyLastPicture', noteTruncated: 'whyTruncated' },
  ...{ noteTimesReplaced: 'whyClock', noteNoTimes: 'whyClock', noteFilmsBehind: 'whyFilmsBehind' },
  ...{ noteClockRestarts: 'whyClock', noteClockRestartsOnly: 'whyClock', noteClockLeaps: 'whyClock' },
  ...{ noteIndexTimeless: 'whyIndex', noteIndexStops: 'whyIndex', noteIndexLeads: 'whyIndex' },
  ...{ noteDisorder: 'whyDisorder', noteEndsInPacket: 'whyTruncated' },
  noteJoined: 'whyJoined',
  ...{ noteSoundBefore: 'whySoundAround', noteSoundAfter: 'whySoundAround' },
}

/** Streams without a container say no length: ffmpeg guesses it by their bytes. */
const isGuessed = ({ container }: Source): boolean => container === 'mpeg' || isBare(container)

/** FLV counts from the beginning of its clock, the others from their first picture. */
const toldSeconds = ({ container, durationSeconds, startSeconds }: Source): number =>
  container === 'flv' ? durationSeconds - Math.max(0, startSeconds) : durationSeconds

/** Frames are shown at other times than they were stored with. */
export const isInMotion = ({ segments }: Pick<Plan, 'segments'>): boolean =>
  segments.some(({ motion }) => motion !== undefined)

/** Not all of the pictures, or some of them twice. */
export function isRange(plan: Plan): boolean {
  const { sources, chosen, seconds } = plan
  if (chosen !== sources.reduce((sum, s) => sum + s.frames, 0)) return true
  const whole = sources.reduce((sum, s) => sum + s.seconds, 0)
  return !isInMotion(plan) && !nearly(seconds, whole, 0.001)
}

/** Pictures at the beginning that cannot be shown, and how long they would be: the times of a source begin behind them. */
function before(told: readonly Message[]): { frames: number; seconds: number } {
  const lost = told.filter(({ key }) => key === 'noteBeginsLate')
  const sum = (name: string): number => lost.reduce((all, { values }) => all + Number(values[name] ?? 0), 0)
  return { frames: sum('count'), seconds: sum('seconds') }
}

function knownReasons(sources: readonly Source[], told: readonly Message[]): SentenceKey[] {
  const known = new Set(told.flatMap(({ key }) => reasons[key] ?? []))
  if (sources.some(isGuessed)) known.add('whyGuessed')
  // A file may count its sound as its length; where the pictures have a reason of their own, it is that.
  if (known.size > 1) known.delete('whySoundAround')
  return [...known]
}

export function lengthRows(
  plan: Plan,
  sources: readonly Source[],
  made: Source,
  told: readonly Message[],
): ReportRow[] {
  const unseen = before(plan.notes ?? [])
  const is = made.durationSeconds
  const whole = sources.reduce((sum, s) => sum + toldSeconds(s), unseen.seconds)
  const [frames, shown] = plan.sources.reduce(
    ([count, length], s) => [count + s.frames, length + s.seconds],
    [0, 0],
  )
  // Files differ in whether the last picture lasts.
  const within = sources.length * Math.max(0.05, (1.5 * shown) / Math.max(1, frames))
  const isWritten = nearly(is, plan.seconds, Math.max(0.1, within))
  const isAsTold = whole === 0 || nearly(shown, whole, within) // some say nothing
  const range: SentenceKey[] = [
    ...(isRange(plan) ? (['whyRange'] as const) : []),
    ...(isInMotion(plan) ? (['whyMotion'] as const) : []),
  ]
  const known = isAsTold ? [] : knownReasons(sources, told)
  const isExplained = isWritten && (isAsTold || known.length > 0)
  const isSame = isWritten && nearly(is, whole, 0.02)
  const isNearly: SentenceKey[] = isAsTold && whole > 0 && range.length === 0 ? ['whyLastCounted'] : []
  const cut: SentenceKey[] = unseen.frames > 0 ? ['whyBeginsLate'] : []
  return [
    row(
      'reportLength',
      whole === 0 ? [] : [seconds(whole)],
      [seconds(is)],
      isExplained ? 'planned' : 'lost',
      {
        isSame,
        why: [...range, ...known, ...isNearly],
      },
    ),
    // The film's own were counted by the check before.
    row('reportPictures', String(frames + unseen.frames), String(plan.frames), 'planned', {
      why: [...range, ...cut],
    }),
  ]
}
