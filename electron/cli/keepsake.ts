// `heirloom keepsake info` and `verify`: what the Keepsake part of a film says, and whether it is as it was written; and what `restore` begins with.
// Of a photo: keepsakePhoto.ts.
import { basename } from 'node:path'
import type { Host } from '../app/host/host.js'
import { AppError, failing } from '../shared/contract/errors.js'
import type { ModelInfo } from '../shared/contract/models.js'
import { defaultEnhance, drawsGrain, isModelled, isUntouched } from '../shared/document/project.js'
import { drawnNote, restored, wholeRestore } from '../shared/document/restoring.js'
import { keepsakeRows, problemOf } from '../shared/media/keepsake/facts.js'
import type { FoundKeepsake } from '../shared/media/keepsake/keepsake.js'
import type { Source } from '../shared/media/source.js'
import { type Message, inEnglish, sayIn } from '../shared/words/sentences.js'
import type { EnhanceCommand } from './arguments.js'
import { padTo } from './columns.js'
import { type Asked, photoInfo, photoVerify } from './keepsakePhoto.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

/** `keepsake` reads what stands behind the film, `checkKeepsake` all of the film too. */
async function look(
  { api }: Host,
  { input }: Asked,
  way: 'keepsake' | 'checkKeepsake',
  stop: AbortSignal,
): Promise<{ source: Source; found: FoundKeepsake }> {
  const source = await unlessStopped(stop, () => api.sources.open(input))
  return { source, found: await unlessStopped(stop, () => api.sources[way](source.id)) }
}

/**
 * What restoring begins with: a Keepsake of which something can be drawn. Where all that was asked for cannot be, the film would only be encoded
 * again, which somebody has to ask for. Answers what is drawn.
 */
export async function checkRestorable(
  { api }: Host,
  { id, name }: Source,
  { detail, grain, mayBeBase }: NonNullable<EnhanceCommand['restoring']>,
): Promise<Message[]> {
  const found = await api.sources.keepsake(id)
  if (found.state === 'none') throw failing('not-found', 'keepsakeNone', { name })
  const wanted = { ...defaultEnhance, ...wholeRestore, strength: detail, grain }
  const { enhance } = restored(wanted, found, (await api.app.info()).models, name)
  const drawn = drawnNote(enhance, name)
  if (drawn) return [drawn]
  if (mayBeBase || isUntouched(wanted)) return []
  const problem = problemOf(found, name)
  if (!problem) throw failing('not-found', 'restoreNothing', { name })
  throw new AppError('keepsake-damaged', inEnglish(problem), { sentence: problem })
}

/** What would be drawn on it here, with all that can be asked for. */
function drawsWords(found: FoundKeepsake, models: readonly ModelInfo[], { t }: Terminal): string {
  const { enhance } = restored({ ...defaultEnhance, ...wholeRestore }, found, models, '')
  const drawn = [
    ...(isModelled(enhance) ? [t('keepsake.draws.detail')] : []),
    ...(drawsGrain(enhance) ? [t('keepsake.draws.grain')] : []),
  ]
  return drawn.length > 0 ? drawn.join('; ') : t('keepsake.drawsNothing')
}

/** What is to be known of it; what is wrong with it is said and is no failure. */
export async function keepsakeInfo(
  host: Host,
  asked: Asked,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  if (await photoInfo(host, asked, terminal, stop)) return
  const { source, found } = await look(host, asked, 'keepsake', stop)
  if (asked.asJson) return terminal.json(found)
  if (found.state === 'there') {
    const { models } = await unlessStopped(stop, () => host.api.app.info())
    const here = [terminal.t('keepsake.restoring'), drawsWords(found, models, terminal)] as const
    for (const [name, value] of [...keepsakeRows(found, source.bytes, terminal), here])
      terminal.print(`${padTo(10, name)} ${value}`)
  }
  const problem = problemOf(found, basename(asked.input))
  if (found.state === 'there' && found.media !== 'other') return
  if (problem) terminal.warn(terminal.t('cli.note', { sentence: sayIn(terminal.language, problem) }))
}

/** Fails with the place where something is not as it was written. */
export async function keepsakeVerify(
  host: Host,
  asked: Asked,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  if (await photoVerify(host, asked, terminal, stop)) return
  const { found } = await look(host, asked, 'checkKeepsake', stop)
  const name = basename(asked.input)
  if (asked.asJson) terminal.json(found)
  const problem = problemOf(found, name)
  if (problem) {
    const code = found.state === 'none' ? 'not-found' : 'keepsake-damaged'
    throw new AppError(code, inEnglish(problem), { sentence: problem })
  }
  if (!asked.asJson) terminal.print(terminal.t('keepsake.whole', { name }))
}
