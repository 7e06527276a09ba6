// `heirloom enhance`: one source, one range, one output, through the same Api as the windows.
import { once } from 'node:events'
import type { Host } from '../app/host.js'
import { isLarge, processorMsPerMegapixel, worksOnProcessor } from '../shared/cost.js'
import { AppError, fromFailure } from '../shared/errors.js'
import { firstFrameFrom, secondsOf } from '../shared/frameTable.js'
import { type JobState, isEnded } from '../shared/job.js'
import { modelName } from '../shared/models.js'
import type { Project } from '../shared/project.js'
import { type FrameTable, type Source, displaySize } from '../shared/source.js'
import type { EnhanceCommand } from './arguments.js'
import { clock } from './describe.js'
import type { Terminal } from './terminal.js'

/** Frames [from, to): those that appear at or after `from` seconds and before `to`. */
export function frameRange(
  table: FrameTable,
  from: number | undefined,
  to: number | undefined,
): [number, number] {
  const frames = table.ticks.length
  const firstAt = (seconds: number): number =>
    seconds > secondsOf(table, frames - 1) + 1e-6 ? frames : firstFrameFrom(table, seconds)
  return [from === undefined ? 0 : firstAt(from), to === undefined ? frames : firstAt(to)]
}

function projectOf(command: EnhanceCommand, source: Source, table: FrameTable): Project {
  const [from, to] = frameRange(table, command.from, command.to)
  if (from >= to)
    throw new AppError(
      'empty-range',
      `The range holds no picture: "${source.name}" is ${secondsOf(table, table.ticks.length).toFixed(3)} seconds long.`,
    )
  const { model, scale, strength, seed, device } = command
  const enhance = { isEnabled: true, model, scale, strength, seed, device }
  return {
    format: 1,
    sources: [{ id: source.id, path: source.path, name: source.name, frames: table.ticks.length }],
    clips: [{ id: 'clip', sourceId: source.id, name: source.name, from, to, enhance }],
  }
}

function progressLine(job: JobState): string {
  const percent = Math.floor((100 * job.framesDone) / Math.max(1, job.framesTotal))
  const rate =
    job.framesPerSecond > 0 ? `, ${job.framesPerSecond.toFixed(1)} pictures/s (${job.speed.toFixed(2)}x)` : ''
  const left = job.leftMs === undefined ? '' : `, ${clock(job.leftMs / 1000)} left`
  return `${percent} %, ${job.framesDone} of ${job.framesTotal} pictures${rate}${left}`
}

function report(terminal: Terminal, job: JobState, asJson: boolean): void {
  if (asJson) {
    const { state, framesDone, framesTotal, framesPerSecond, speed, elapsedMs, leftMs } = job
    terminal.json({
      ...{ type: 'progress', state, framesDone, framesTotal, framesPerSecond, speed, elapsedMs, leftMs },
    })
  } else if (job.state === 'running') terminal.progress(progressLine(job))
}

/** Hours are said before they are spent. */
async function warnOfSlowness(
  host: Host,
  project: Project,
  source: Source,
  terminal: Terminal,
): Promise<void> {
  const [clip] = project.clips
  const { models, devices } = await host.api.appInfo()
  const model = models.find(({ id }) => id === clip?.enhance.model)
  if (!clip || !model || !isLarge(model) || !worksOnProcessor(clip.enhance.device, devices)) return
  const { width, height } = displaySize(source.video)
  const megapixels = ((clip.to - clip.from) * width * height * clip.enhance.scale ** 2) / 1e6
  const ms = processorMsPerMegapixel(model.parameters, devices[0]?.threads ?? 1) * megapixels
  terminal.warn(
    `${modelName(model)} works on the processor here, because there is no graphics card that Heirloom can use: about ${clock(ms / 1000)} (hours:minutes:seconds) for this range. Ctrl-C stops it; what is finished is kept.`,
  )
}

/** Resolves when the output is there; `stop` cancels. */
export async function enhance(
  host: Host,
  command: EnhanceCommand,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const { api } = host
  const checkStop = (): void => {
    if (stop.aborted) throw new AppError('cancelled', 'Cancelled.')
  }
  const source = await api.openSource(command.input)
  checkStop()
  const project = projectOf(command, source, await api.frameTable(source.id))
  checkStop()
  await warnOfSlowness(host, project, source, terminal)
  const path = command.output === undefined ? await api.suggestOutput(source.id, 'mp4') : command.output
  const { container, codec, quality, hasAudio, mayOverwrite } = command
  const output = { path, container, codec, quality, hasAudio, mayOverwrite }

  const ending = new AbortController()
  let ended: JobState | undefined
  const leave = host.on((event) => {
    if (event.type !== 'job' || event.job.kind !== 'export') return
    report(terminal, event.job, command.asJson)
    if (!isEnded(event.job)) return
    ended = event.job
    ending.abort()
  })
  try {
    const id = await api.export({ project, output })
    const cancel = (): void => void api.cancelJob(id)
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
  if (command.asJson) terminal.json({ type: 'done', output: ended.outputPath, notes: ended.notes })
  else {
    terminal.print(ended.outputPath ?? path)
    for (const note of ended.notes) terminal.warn(note)
  }
}
