// How clips are timed: what can be chosen, and choosing it. What was found of their sources is asked for where a choice needs it.
import { ClipMotion, highestRate, speedOf } from '../../electron/shared/document/motion.js'
import { Clip, CutList } from '../../electron/shared/document/project.js'
import { Ratio, rational, toNumber } from '../../electron/shared/media/rational.js'
import { FrameTable, Source, SourceId, isStill, outputRate } from '../../electron/shared/media/source.js'
import { failing, toFailure } from '../../electron/shared/contract/errors.js'
import { type KnownRates, withAskedSpeeds } from '../../electron/shared/document/edits/motion.js'
import { unevenRate as rateIn, usualRate } from '../../electron/shared/planning/motion.js'
import { setMotion } from '../commands/setMotion.js'
import { tempoOf } from './findings.js'
import { amend, run, useProject } from './project.js'
import { notify } from './session.js'
import { useSources } from './sources.js'
import { askForTiming, useTimings } from './timings.js'

export type MotionKind = ClipMotion['kind'] | 'filmed'
export const motionKinds: readonly MotionKind[] = ['filmed', 'unique', 'tempo', 'smooth', 'slow', 'repair']

export const kindOf = ({ motion }: Pick<Clip, 'motion'>): MotionKind => motion?.kind ?? 'filmed'

/** Frames per second that old films were taken at. */
export const tempoRates = [12, 15, 16, 18, 20, 24] as const
const screenRates = [50, 60] as const

export const isSameRate = (a: Ratio, b: Ratio): boolean => a.num * b.den === b.num * a.den
const twice = ({ num, den }: Ratio): Ratio => rational(2 * num, den)

const uneven = new WeakMap<FrameTable, { rate: Ratio | undefined }>()

/** Looked for once in a table. */
export function unevenRate(id: SourceId): Ratio | undefined {
  const table = useSources.getState().tables[id]
  if (!table) return undefined
  const found = uneven.get(table) ?? { rate: rateIn(table) }
  uneven.set(table, found)
  return found.rate
}

/** At which a clip shows its frames as filmed, as cameras have it. */
export const ownRate = ({ id, video }: Source): Ratio => unevenRate(id) ?? usualRate(outputRate(video))

/** All frames as filmed are among those of this rate. */
export const isTwice = (rate: Ratio, own: Ratio): boolean => isSameRate(rate, twice(own))

/**
 * Rates that a clip can be smooth at, above its own: twice that first, since at others next to no frame as filmed is shown; then those of screens and of
 * the film's other clips, rising. Each once. Of one that lacks frames its own comes before all of them: only those are estimated.
 */
export function smoothOffers(own: Ratio, others: readonly Ratio[], isUneven = false): Ratio[] {
  const more = [...screenRates.map((rate) => rational(rate)), ...others]
  const all = [twice(own), ...more.toSorted((a, b) => toNumber(a) - toNumber(b))]
  const isOffered = (rate: Ratio): boolean => toNumber(rate) > toNumber(own) && toNumber(rate) <= highestRate
  const above = all.filter(
    (rate, i) => isOffered(rate) && all.findIndex((one) => isSameRate(one, rate)) === i,
  )
  return isUneven ? [own, ...above] : above
}

export const offersFor = (source: Source, others: readonly Ratio[]): Ratio[] =>
  smoothOffers(ownRate(source), others, unevenRate(source.id) !== undefined)

/** The rates of a film's other clips. */
export const otherRates = (
  { sources }: CutList,
  known: Readonly<Record<string, Source | undefined>>,
  own: Source,
): Ratio[] =>
  sources.flatMap(({ id }) => {
    const source = known[id]
    return source && source.id !== own.id && !isStill(source) ? [ownRate(source)] : []
  })

/** What a kind begins with. */
function firstOf(kind: MotionKind, source: Source): ClipMotion | undefined {
  switch (kind) {
    case 'filmed':
      return undefined
    case 'unique':
    case 'repair':
      return { kind }
    case 'tempo':
      return { kind, rate: 'found', sound: 'kept' }
    case 'smooth':
      return { kind, rate: offersFor(source, [])[0] ?? ownRate(source) }
    case 'slow':
      return { kind, factor: 2, sound: source.audio.length > 0 ? 'stretched' : 'silent' }
  }
}

/** The rate that a source's tempo goes by; undefined until somebody has looked. */
function tempoNow(id: SourceId): Ratio | undefined {
  const [source, found] = [useSources.getState().sources[id], useTimings.getState().found[id]]
  return source && found && tempoOf(source, found)
}

/** A tempo of another rate than the clip was filmed at changes its length: what that was must be known. */
const waitsForFindings = (motion: ClipMotion | undefined): boolean =>
  motion?.kind === 'tempo' && motion.rate !== 'found'

export async function changeMotion({ id, sourceId }: Clip, motion: ClipMotion | undefined): Promise<void> {
  if (waitsForFindings(motion)) await askForTiming(sourceId)
  const clip = useProject.getState().project.clips.find((one) => one.id === id && one.sourceId === sourceId)
  const filmed = tempoNow(sourceId)
  if (!clip || (waitsForFindings(motion) && !filmed)) return // why nothing was found stands beside the choice
  run(setMotion(id, motion, speedOf(motion, filmed)))
}

/** Another kind, with what it begins with; the one that the clip has stays as it is. */
export function chooseMotion(clip: Clip, kind: MotionKind): void {
  const source = useSources.getState().sources[clip.sourceId]
  if (source && !isStill(source) && kindOf(clip) !== kind) void changeMotion(clip, firstOf(kind, source))
}

/** The rates that the tempo of sources goes by, of those that were looked at. */
const ratesFound = (): KnownRates =>
  Object.fromEntries(
    Object.keys(useTimings.getState().found).flatMap((id) => {
      const rate = tempoNow(id)
      return rate ? [[id, rate]] : []
    }),
  )

function mendSpeeds(): void {
  const rates = ratesFound()
  const { names } = withAskedSpeeds(useProject.getState().document, rates)
  if (names.length === 0) return
  amend({ apply: (document) => withAskedSpeeds(document, rates).project })
  notify({ failure: toFailure(failing('project-damaged', 'projectSpeeds', { names })), about: 'project' })
}

/** How fast a clip plays at the tempo of another rate can be checked when it is known at which it was filmed. */
export function watchSpeeds(): void {
  const soon = (isOther: boolean): void => {
    if (isOther) queueMicrotask(mendSpeeds) // who else listens hears of this change first
  }
  useTimings.subscribe(({ found }, before) => soon(found !== before.found))
  useProject.subscribe(({ document }, before) => soon(document !== before.document))
}
