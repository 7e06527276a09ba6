// `heirloom enhance`, and the commands that time frames anew: one source, one range, one output, through the same Api as the windows.
import type { Host } from '../app/host/host.js'
import { isLarge, processorMsPerMegapixel, worksOnProcessor } from '../shared/planning/cost.js'
import { failing } from '../shared/contract/errors.js'
import { firstFrameFrom, secondsOf, frameCount } from '../shared/media/frameTable.js'
import type { Timing } from '../shared/media/timing.js'
import { isStill, type FrameTable, type Source, displaySize } from '../shared/media/source.js'
import { memoryWords } from '../shared/planning/memoryWords.js'
import { outputNameOf } from '../shared/contract/files.js'
import { type CutList, type EnhanceSettings, isUntouched } from '../shared/document/project.js'
import { modelName } from '../shared/contract/models.js'
import {
  type KeepsakeSpec,
  type OutputSpec,
  keepsakeCodec,
  keepsakeCrf,
  keepsakeRange,
} from '../shared/contract/output.js'
import type { ExportRequest } from '../shared/contract/render.js'
import type { EnhanceCommand } from './arguments.js'
import { clock, megabytes } from './describe.js'
import { checkChanges, checkName, rangeNotes } from './before.js'
import { openWithFields } from './fields.js'
import { follow, tellBefore, tellDone } from './follow.js'
import { checkRestorable } from './keepsake.js'
import { settingsOf } from './settings.js'
import { unlessStopped } from './stop.js'
import { lookAt } from './timing.js'
import type { Terminal } from './terminal.js'

/** Frames [from, to): those that appear at or after `from` seconds and before `to`. */
export function frameRange(
  table: FrameTable,
  from: number | undefined,
  to: number | undefined,
): [number, number] {
  const frames = frameCount(table)
  const firstAt = (seconds: number): number =>
    seconds > secondsOf(table, frames - 1) + 1e-6 ? frames : firstFrameFrom(table, seconds)
  return [from === undefined ? 0 : firstAt(from), to === undefined ? frames : firstAt(to)]
}

function projectOf(
  command: EnhanceCommand,
  enhance: EnhanceSettings,
  source: Source,
  table: FrameTable,
): CutList {
  const [from, to] = frameRange(table, command.from, command.to)
  if (from >= to)
    throw failing('empty-range', 'rangeEmpty', {
      name: source.name,
      seconds: secondsOf(table, frameCount(table)).toFixed(3),
    })
  const { motion } = command
  const frames = frameCount(table)
  const clip = { sourceId: source.id, name: source.name, enhance }
  const own = { ...clip, id: 'clip', from, to, ...(motion ? { motion } : {}) }
  // Of slow motion the film around it is there too, as filmed.
  const isWithin = motion?.kind === 'slow'
  const before = isWithin && from > 0 ? [{ ...clip, id: 'before', from: 0, to: from }] : []
  const after = isWithin && to < frames ? [{ ...clip, id: 'after', from: to, to: frames }] : []
  return {
    sources: [{ id: source.id, path: source.path, name: source.name, frames }],
    clips: [...before, own, ...after],
  }
}

/** What was asked for, without the film around it. */
const own = ({ clips }: CutList): CutList['clips'][number] | undefined =>
  clips.find(({ id }) => id === 'clip')

/** Refuses a film that would be as it is: frames by frames, times by times. */
async function checkMotion(
  { motion, isMadeAnyway }: EnhanceCommand,
  clip: CutList['clips'][number] | undefined,
  { source, table }: { source: Source; table: FrameTable },
  look: () => Promise<Timing>,
): Promise<void> {
  if (!motion || !clip || isMadeAnyway || !isUntouched(clip.enhance)) return
  checkChanges(motion, clip, { source, table, timing: await look() })
}

/** Hours are said before they are spent. */
async function warnOfSlowness(
  host: Host,
  project: CutList,
  source: Source,
  terminal: Terminal,
): Promise<void> {
  const clip = own(project)
  const { models, devices } = await host.api.app.info()
  const model = models.find(({ id }) => id === clip?.enhance.model)
  if (!clip || !model || !isLarge(model) || !worksOnProcessor(clip.enhance.device, devices)) return
  const { width, height } = displaySize(source.video)
  const megapixels = ((clip.to - clip.from) * width * height * clip.enhance.scale ** 2) / 1e6
  const ms = processorMsPerMegapixel(model.parameters, devices[0]?.threads ?? 1) * megapixels
  terminal.warn(terminal.t('cli.slow', { name: modelName(model), clock: clock(ms / 1000) }))
}

/** What a Keepsake will be is said before it is made. */
async function withKeepsake(
  { api }: Host,
  { keepsake, asJson }: EnhanceCommand,
  { project, output }: ExportRequest,
  terminal: Terminal,
): Promise<OutputSpec> {
  const codec = keepsakeCodec(output.codec)
  if (!keepsake || !codec) return output
  const asked = (how: KeepsakeSpec): ExportRequest => ({ project, output: { ...output, keepsake: how } })
  const tell = (crf: number, bytes: number | undefined): void => {
    if (asJson) terminal.json({ type: 'keepsake', crf, bytes })
    else if (bytes !== undefined)
      terminal.warn(terminal.t('keepsake.willBe', { kilobytes: Math.round(bytes / 1000), crf }))
  }
  if ('level' in keepsake) {
    const wanted = asked({ crf: keepsakeCrf(codec, keepsake.level) })
    const { bytes } = await api.render.estimate(wanted)
    tell(keepsakeCrf(codec, keepsake.level), bytes)
    return wanted.output
  }
  const { mostBytes } = keepsake
  const { crf, bytes } = await api.render.fitKeepsake(
    asked({ crf: keepsakeRange[codec].coarsest, mostBytes }),
  )
  tell(crf, bytes)
  return asked({ crf, mostBytes }).output
}

/** Resolves when the output is there; `stop` cancels. */
export async function enhance(
  host: Host,
  command: EnhanceCommand,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const { api } = host
  const read = <T>(work: () => Promise<T>): Promise<T> => unlessStopped(stop, work)
  const source = await read(() => openWithFields(host, command, () => checkName(host, command)))
  if (isStill(source)) throw failing('not-a-video', 'photoNoFilm', { name: source.name })
  const { restoring } = command
  const drawn = restoring ? await read(() => checkRestorable(host, source, restoring)) : []
  const enhance = await read(() => settingsOf(host, command, source))
  const table = await read(() => api.sources.frameTable(source.id))
  const project = projectOf(command, enhance, source, table)
  const clip = own(project)
  await checkMotion(command, clip, { source, table }, () =>
    lookAt(host, source, terminal, stop, !command.asJson),
  )
  await read(() => warnOfSlowness(host, project, source, terminal))
  const path =
    command.output ?? (await api.files.suggestOutput(source.id, 'mp4', outputNameOf(project.clips)))
  const memory =
    clip && (await read(() => api.render.memoryPlan(source.id, clip.enhance, clip.motion ?? null)))
  if (memory?.state === 'planned' && memory.plan.fits) {
    const words = memoryWords(memory.plan, terminal.t, megabytes) // a refusal is told by the export
    if (words !== undefined) terminal.warn(words)
  }
  const { container, codec, quality, hasAudio, mayOverwrite, asJson } = command
  const plain = { path, container, codec, quality, hasAudio, mayOverwrite }
  const output = await read(() => withKeepsake(host, command, { project, output: plain }, terminal))

  const known = await read(() => api.render.notes({ project, output }))
  const range = rangeNotes(source, table, command.to)
  const before = tellBefore(terminal, [...source.warnings, ...range, ...known, ...drawn], asJson)
  const ended = await follow(host, terminal, asJson, stop, () => api.render.export({ project, output }))
  tellDone(terminal, ended, path, asJson, before)
}
