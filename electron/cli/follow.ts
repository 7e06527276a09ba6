// A job from its start to its end on a terminal: progress, cancelling, how it ended. The same for films and photos.
import { once } from 'node:events'
import type { Host } from '../app/host/host.js'
import { AppError, fromFailure } from '../shared/contract/errors.js'
import { type JobState, isEnded } from '../shared/contract/job.js'
import { differences } from '../shared/contract/report.js'
import { type Message, inEnglish, wordsIn } from '../shared/words/sentences.js'
import { clock } from './describe.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

function progressLine(job: JobState): string {
  const percent = Math.floor((100 * job.framesDone) / Math.max(1, job.framesTotal))
  const rate =
    job.framesPerSecond > 0 ? `, ${job.framesPerSecond.toFixed(1)} frames/s (${job.speed.toFixed(2)}x)` : ''
  const left = job.leftMs === undefined ? '' : `, ${clock(job.leftMs / 1000)} left`
  return `${percent} %, ${job.framesDone} of ${job.framesTotal} frames${rate}${left}`
}

function report(terminal: Terminal, job: JobState, asJson: boolean): void {
  if (asJson) {
    const { state, framesDone, framesTotal, framesPerSecond, speed, elapsedMs, leftMs } = job
    terminal.json({
      ...{ type: 'progress', state, framesDone, framesTotal, framesPerSecond, speed, elapsedMs, leftMs },
    })
  } else if (job.state === 'running') terminal.progress(progressLine(job))
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
  if (ended?.state !== 'done') throw new AppError('cancelled', 'Cancelled.')
  return ended
}

/** What is known beforehand: how the result will differ from what the file holds. All of it, each thing once; it comes back. */
export function tellBefore(terminal: Terminal, notes: readonly Message[], asJson: boolean): string[] {
  const sentences = [...new Set(notes.map(inEnglish))]
  if (asJson) terminal.json({ type: 'before', notes: sentences })
  else for (const sentence of sentences) terminal.warn(`note: ${sentence}`)
  return sentences
}

/** `told`: what stands above already. For programs, all of it once more. */
export function tellDone(
  terminal: Terminal,
  job: JobState,
  path: string,
  asJson: boolean,
  told: readonly string[],
): void {
  const { report = [] } = job
  if (asJson)
    terminal.json({
      ...{ type: 'done', output: job.outputPath, notes: job.notes.map(inEnglish) },
      report: report.map(({ what, source, output, state, why }) => ({
        ...{ what: inEnglish(what), source: wordsIn('en', source), output: wordsIn('en', output) },
        ...{ state, why: why.map(inEnglish) },
      })),
    })
  else {
    terminal.print(job.outputPath ?? path)
    const notes = [...new Set(job.notes.map(inEnglish))].filter((sentence) => !told.includes(sentence))
    for (const sentence of notes) terminal.warn(`note: ${sentence}`)
    for (const { what, source, output, why } of differences(report)) {
      const reason = why.length === 0 ? '' : ` (${why.map(inEnglish).join('; ')})`
      terminal.warn(
        `${inEnglish(what)}: ${wordsIn('en', source) || '(none)'} -> ${wordsIn('en', output) || '(none)'}${reason}`,
      )
    }
  }
}
