// What is to be known of a Keepsake, in words: the same on the command line and in the window.
import { type Locale } from '../../words/lookup.js'
import { type Message, type Phrase, message, phrase, sayIn } from '../../words/sentences.js'
import { sizeWords } from '../source.js'
import type { FoundKeepsake, KeepsakeDamage } from './keepsake.js'
import type { Scene } from './scenes.js'

type There = Extract<FoundKeepsake, { state: 'there' }>

export function damagePhrase({ place, what, from, to }: KeepsakeDamage): Phrase {
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

export const versionWords = ({ version }: Pick<There, 'version'>): string =>
  version ? `${version.major}.${version.minor}` : '?'

/** Why it is not used; undefined where it can be. */
export function problemOf(found: FoundKeepsake, name: string): Message | undefined {
  if (found.state === 'none') return message('keepsakeNone', { name })
  if (found.state === 'newer') return message('keepsakeNewer', { name, version: versionWords(found) })
  if (found.damages.length > 0)
    return message('keepsakeDamaged', { name, places: found.damages.map(damagePhrase) })
  return found.media === 'other' ? message('keepsakeOther', { name }) : undefined
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

/** What this version knows of is said in the reader's language. */
export const drawnWords = (name: string, { t }: Locale): string =>
  name === 'grain' || name === 'detail' ? t(`keepsake.draws.${name}`) : name

function infoRows({ info }: There, locale: Locale): [string, string][] {
  const { t } = locale
  if (!info) return []
  const { base, encoder, model, invented } = info
  return [
    [t('keepsake.film'), t('keepsake.frames', { count: base.frames, size: sizeWords(base) })],
    [t('keepsake.writer'), info.writer],
    [t('keepsake.encoder'), `${encoder.name} ${encoder.version} (${encoder.codec}) ${encoder.settings}`],
    [t('keepsake.inFilm'), invented.inFilm.join('; ')],
    [t('keepsake.onTop'), invented.onTop.map((name) => drawnWords(name, locale)).join('; ')],
    [t('keepsake.model'), model ? `${model.name} ${model.sha256.slice(0, 12)}` : t('keepsake.noModel')],
    [t('keepsake.seed'), String(info.seed)],
  ]
}

/** Each with what it is called. `fileBytes`: of the file, film and all. */
export function keepsakeRows(found: There, fileBytes: number, locale: Locale): [string, string][] {
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
  return rows.filter(([, value]) => value !== '')
}
