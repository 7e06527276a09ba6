// What is refused or told before any work: a name that cannot be written, a motion that would change nothing, a range that reaches beyond the film.
import { basename, dirname } from 'node:path'
import type { Host } from '../app/host/host.js'
import { AppError, failing } from '../shared/contract/errors.js'
import type { ClipMotion } from '../shared/document/motion.js'
import type { Clip } from '../shared/document/project.js'
import { durationOf, frameCount } from '../shared/media/frameTable.js'
import type { FrameTable, Source } from '../shared/media/source.js'
import { laid } from '../shared/planning/motion.js'
import { changesNothing, spokenOf } from '../shared/planning/motionNotes.js'
import { type Message, inEnglish, message } from '../shared/words/sentences.js'

interface Target {
  output?: string | undefined
  mayOverwrite: boolean
}

/** Before anything is looked at for long. A name of our own choice is free. */
export async function checkName({ api }: Host, { output, mayOverwrite }: Target): Promise<void> {
  if (output === undefined) return
  const { exists, isSource, refusal } = await api.files.checkOutput(output)
  const name = basename(output)
  if (isSource) throw failing('output-is-source', 'outputIsSource', { name })
  if (refusal) throw new AppError('output-not-writable', inEnglish(refusal), { sentence: refusal })
  if (exists && !mayOverwrite)
    throw failing('output-exists', 'outputExists', { name, folder: dirname(output) })
}

const nothingFor = {
  repair: 'motionNoRepair',
  unique: 'motionNoUnique',
  tempo: 'motionNoTempo',
  smooth: 'motionNoSmooth',
} as const

/** The film would only be encoded once more, which somebody has to ask for. */
export function checkChanges(
  motion: ClipMotion,
  { from, to }: Pick<Clip, 'from' | 'to'>,
  { source, table, timing }: Pick<Parameters<typeof spokenOf>[0], 'source' | 'table' | 'timing'>,
): void {
  if (motion.kind === 'slow') return
  const asked = { source, table, timing, from, to }
  if (!changesNothing(laid(motion, asked), asked)) return
  throw failing('not-found', nothingFor[motion.kind], { name: spokenOf(asked) })
}

/** What is taken instead of a time behind the end. */
export function rangeNotes({ name }: Source, table: FrameTable, to: number | undefined): Message[] {
  const seconds = frameCount(table) > 0 ? durationOf(table) : 0
  // Lengths are told to the hundredth.
  if (to === undefined || to <= seconds + 0.01) return []
  return [message('rangeToEnd', { name, to, seconds: seconds.toFixed(2) })]
}
