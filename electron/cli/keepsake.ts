// `heirloom keepsake info` and `verify`: what the Keepsake part of a film says, and whether it is as it was written.
import { basename } from 'node:path'
import type { Host } from '../app/host/host.js'
import { type AppError, failing } from '../shared/contract/errors.js'
import type { FoundKeepsake, KeepsakeDamage } from '../shared/media/keepsake/keepsake.js'
import type { Scene } from '../shared/media/keepsake/scenes.js'
import { type Source, sizeWords } from '../shared/media/source.js'
import { type Phrase, phrase, sayIn } from '../shared/words/sentences.js'
import type { Locale } from '../shared/words/lookup.js'
import { padTo } from './columns.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

interface Asked {
  input: string
  asJson: boolean
}

type There = Extract<FoundKeepsake, { state: 'there' }>

function damagePhrase({ place, what, from, to }: KeepsakeDamage): Phrase {
  switch (what) {
    case 'changed':
      return phrase('keepsakeChanged', { place, from, to })
    case 'cutOff':
      return phrase('keepsakeCutOff', { place, from, to })
    case 'nonsense':
      return phrase('keepsakeNonsense', { place })
    case 'missing':
      return phrase('keepsakeMissing', { place })
  }
}

const versionWords = ({ version }: Pick<There, 'version'>): string =>
  version ? `${version.major}.${version.minor}` : '?'

/** Why it is not used; undefined where it can be. */
function problemOf(found: FoundKeepsake, name: string): AppError | undefined {
  if (found.state === 'none') return failing('not-found', 'keepsakeNone', { name })
  if (found.state === 'newer')
    return failing('keepsake-damaged', 'keepsakeNewer', { name, version: versionWords(found) })
  if (found.damages.length > 0)
    return failing('keepsake-damaged', 'keepsakeDamaged', { name, places: found.damages.map(damagePhrase) })
  return found.media === 'other' ? failing('keepsake-damaged', 'keepsakeOther', { name }) : undefined
}

const short = (n: number, digits: number): string => String(Number(n.toFixed(digits)))

/** Of all frames, weighed by how many each scene has. */
function grainWords(scenes: readonly Scene[], { t }: Locale): string {
  const frames = scenes.reduce((sum, { from, to }) => sum + to - from, 0)
  const meanOf = ({ grain }: Scene): number =>
    grain.levels.reduce((sum, level) => sum + level, 0) / grain.levels.length
  const mean = scenes.reduce((sum, scene) => sum + (meanOf(scene) * (scene.to - scene.from)) / frames, 0)
  // A call takes fewer arguments than a box has scenes.
  const most = scenes.reduce((highest, { grain }) => Math.max(highest, ...grain.levels), 0)
  return t('keepsake.strength', { percent: short(100 * mean, 2), most: short(100 * most, 2) })
}

function infoRows({ info }: There, locale: Locale): [string, string][] {
  const { t } = locale
  if (!info) return []
  const { base, encoder, model, invented } = info
  return [
    [t('keepsake.film'), t('keepsake.frames', { count: base.frames, size: sizeWords(base) })],
    [t('keepsake.writer'), info.writer],
    [t('keepsake.encoder'), `${encoder.name} ${encoder.version} (${encoder.codec}) ${encoder.settings}`],
    [t('keepsake.inFilm'), invented.inFilm.join('; ')],
    [t('keepsake.onTop'), invented.onTop.join('; ')],
    [t('keepsake.model'), model ? `${model.name} ${model.sha256.slice(0, 12)}` : t('keepsake.noModel')],
    [t('keepsake.seed'), String(info.seed)],
  ]
}

function describe(found: There, fileBytes: number, locale: Locale): string[] {
  const { t, language } = locale
  const bytes = found.to - found.from
  const { quantiser, scenes } = found
  const coarse = quantiser && {
    ...{ least: short(quantiser.least, 3), most: short(quantiser.most, 3), mean: short(quantiser.mean, 3) },
  }
  const part = { version: versionWords(found), bytes, percent: short((100 * bytes) / fileBytes, 3) }
  const rows: [string, string][] = [
    [t('keepsake.part'), t('keepsake.partOf', part)],
    ...infoRows(found, locale),
    [t('keepsake.quantiser'), coarse ? t('keepsake.coarseness', coarse) : ''],
    [t('keepsake.scenes'), scenes ? String(scenes.length) : ''],
    [t('keepsake.grain'), scenes ? grainWords(scenes, locale) : ''],
    [t('keepsake.unread'), found.unread.join(' ')],
    ...found.damages.map((damage): [string, string] => [
      t('keepsake.note'),
      sayIn(language, damagePhrase(damage)),
    ]),
  ]
  return rows.filter(([, value]) => value !== '').map(([name, value]) => `${padTo(10, name)} ${value}`)
}

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

/** What is to be known of it; what is wrong with it is said and is no failure. */
export async function keepsakeInfo(
  host: Host,
  asked: Asked,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const { source, found } = await look(host, asked, 'keepsake', stop)
  if (asked.asJson) return terminal.json(found)
  if (found.state === 'there') terminal.print(...describe(found, source.bytes, terminal))
  const problem = problemOf(found, basename(asked.input))?.sentence
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
  const { found } = await look(host, asked, 'checkKeepsake', stop)
  const name = basename(asked.input)
  if (asked.asJson) terminal.json(found)
  const problem = problemOf(found, name)
  if (problem) throw problem
  if (!asked.asJson) terminal.print(terminal.t('keepsake.whole', { name }))
}
