// A job from its start to its end on a terminal: progress, cancelling, how it ended. The same for films and photos.
import { once } from 'node:events'
import type { Host } from '../app/host/host.js'
import { failing, fromFailure } from '../shared/contract/errors.js'
import type { KeepsakeResult } from '../shared/contract/keepsake.js'
import { type JobState, isEnded } from '../shared/contract/job.js'
import { differences } from '../shared/contract/report.js'
import type { Locale } from '../shared/words/lookup.js'
import { type Message, inEnglish, sayIn, wordsIn } from '../shared/words/sentences.js'
import { clock } from './describe.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

/** How far a job is, in one line. */
export function progressLine(job: JobState, { language, t }: Locale): string {
  const { framesDone: done, framesTotal: total, framesPerSecond, speed, leftMs } = job
  const percent = Math.floor((100 * done) / Math.max(1, total))
  return wordsIn(language, [
    t('cli.progress', { percent, done, total }),
    ...(framesPerSecond > 0
      ? [t('cli.rate', { rate: framesPerSecond.toFixed(1), speed: speed.toFixed(2) })]
      : []),
    ...(leftMs === undefined ? [] : [t('cli.left', { clock: clock(leftMs / 1000) })]),
  ])
}

function report(terminal: Terminal, job: JobState, asJson: boolean): void {
  if (asJson) {
    const { state, framesDone, framesTotal, framesPerSecond, speed, elapsedMs, leftMs } = job
    terminal.json({
      ...{ type: 'progress', state, framesDone, framesTotal, framesPerSecond, speed, elapsedMs, leftMs },
    })
  } else if (job.state === 'running') terminal.progress(progressLine(job, terminal))
}

/** Resolves when the work of `begin` is done; `stop` cancels it. One job at a time is followed: a command starts only one. */
export async function follow(
  host: Host,
  terminal: Terminal,
  asJson: boolean,
  stop: AbortSignal,
  begin: () => Promise<string>,
): Promise<JobState> {
  const ending = new AbortController()
  let ended: JobState | undefined
  const leave = host.on((event) => {
    if (event.type !== 'job' || !(event.job.kind === 'export' || event.job.kind === 'photo')) return
    report(terminal, event.job, asJson)
    if (!isEnded(event.job)) return
    ended = event.job
    ending.abort()
  })
  try {
    const id = await unlessStopped(stop, begin)
    const cancel = (): void => void host.api.jobs.cancel(id)
    stop.addEventListener('abort', cancel)
    if (stop.aborted) cancel()
    if (!ending.signal.aborted) await once(ending.signal, 'abort')
    stop.removeEventListener('abort', cancel)
  } finally {
    leave()
    terminal.endProgress()
  }
  if (ended?.state === 'failed' && ended.failure) throw fromFailure(ended.failure)
  if (ended?.state !== 'done') throw failing('cancelled', 'cancelled')
  return ended
}

/** What is known beforehand: how the result will differ from what the file holds. All of it, each thing once; it comes back. */
export function tellBefore(terminal: Terminal, notes: readonly Message[], asJson: boolean): string[] {
  if (asJson) terminal.json({ type: 'before', notes: [...new Set(notes.map(inEnglish))] })
  const sentences = [...new Set(notes.map((note) => sayIn(terminal.language, note)))]
  if (!asJson) for (const sentence of sentences) terminal.warn(terminal.t('cli.note', { sentence }))
  return sentences
}

/** `before`: what stands above already. For programs, all of it once more. */
export function tellDone(
  terminal: Terminal,
  job: JobState,
  path: string,
  asJson: boolean,
  before: readonly string[],
): void {
  if (asJson) return tellPrograms(terminal, job)
  const { language, t } = terminal
  terminal.print(job.outputPath ?? path)
  const notes = new Set(job.notes.map((note) => sayIn(language, note)))
  for (const sentence of notes) if (!before.includes(sentence)) terminal.warn(t('cli.note', { sentence }))
  for (const row of differences(job.report ?? [])) {
    const values = {
      what: sayIn(language, row.what),
      source: wordsIn(language, row.source) || t('cli.nothing'),
      output: wordsIn(language, row.output) || t('cli.nothing'),
    }
    const why = wordsIn(language, row.why)
    terminal.warn(why === '' ? t('cli.difference', values) : t('cli.differenceWhy', { ...values, why }))
  }
}

/** With the share of the file that is side bits. */
const keepsakeFacts = (keepsake: KeepsakeResult) => ({
  ...keepsake,
  sideShare: keepsake.sideBytes / keepsake.bytes,
  base: keepsake.base ?? null,
})

function tellPrograms(terminal: Terminal, job: JobState): void {
  terminal.json({
    ...{ type: 'done', output: job.outputPath, notes: job.notes.map(inEnglish) },
    seconds: job.elapsedMs / 1000,
    ...(job.motion ? { motion: job.motion } : {}),
    ...(job.keepsake ? { keepsake: keepsakeFacts(job.keepsake) } : {}),
    report: (job.report ?? []).map(({ what, source, output, state, why }) => ({
      ...{ what: inEnglish(what), source: wordsIn('en', source), output: wordsIn('en', output) },
      ...{ state, why: why.map(inEnglish) },
    })),
  })
}
