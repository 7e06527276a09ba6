// What is to be known of a Keepsake photo, in words: the same on the command line and in the window.
import type { Locale } from '../../words/lookup.js'
import { type Message, message, sayIn } from '../../words/sentences.js'
import { sizeWords } from '../source.js'
import { damagePhrase, drawnWords, versionWords } from './facts.js'
import type { FoundPhoto } from './photo.js'

/** What is not as it was written; undefined where all is. */
export function photoProblem(found: FoundPhoto, name: string): Message | undefined {
  if (found.state === 'none') return message('keepsakePhotoNone', { name })
  if (found.state === 'newer') return message('keepsakePhotoNewer', { name, version: versionWords(found) })
  if (found.damages.length === 0) return undefined
  return message('keepsakePhotoDamaged', { name, places: found.damages.map(damagePhrase) })
}

/** What is written with a share of detail. `model`: that draws it. */
export const drawnOnPhoto = (name: string, model: string, detail: number): Message =>
  message('noteDrawnPhoto', { name, model, percent: Math.round(100 * detail) })

/** Where its picture could not be read; beside such places it is a little wrong too. */
export function tileNotes(
  broken: readonly { x: number; y: number; width: number; height: number }[],
  tiles: number,
  name: string,
): Message[] {
  if (broken.length === 0) return []
  const places = broken
    .slice(0, mostPlaces)
    .map(({ x, y, width, height }) => `${x},${y} ${sizeWords({ width, height })}`)
  return [message('keepsakePhotoTiles', { name, count: broken.length, tiles, places })]
}
/** More of them tell no more. */
const mostPlaces = 12

const perPixel = (bytes: number, { width, height }: { width: number; height: number }): string =>
  String(Number(((8 * bytes) / (width * height)).toFixed(3)))

/** Each with what it is called. `isHere`: whether the weights that show it are among the models. */
export function photoRows(
  found: Extract<FoundPhoto, { state: 'there' }>,
  isHere: boolean,
  locale: Locale,
): [string, string][] {
  const { t, language } = locale
  const { info, bytes } = found
  const own: [string, string][] = info
    ? [
        [
          t('keepsake.photo'),
          t('keepsake.photoOf', { size: sizeWords(info), bits: perPixel(bytes, info), bytes }),
        ],
        [t('keepsake.writer'), info.writer],
        [t('keepsake.quality'), t('keepsake.qualityOf', { quality: info.quality })],
        [t('keepsake.taken'), info.takenAt ?? ''],
        [t('keepsake.inPhoto'), info.invented.inPhoto.join('; ')],
        [t('keepsake.onTop'), info.invented.onTop.map((name) => drawnWords(name, locale)).join('; ')],
        [t('keepsake.model'), `${info.model.name} ${info.model.sha256.slice(0, 12)}`],
        [t('keepsake.seed'), String(info.seed)],
        [t('keepsake.shown'), t(isHere ? 'keepsake.shownHere' : 'keepsake.shownNot')],
      ]
    : []
  const rows: [string, string][] = [
    [t('keepsake.part'), t('keepsake.photoFormat', { version: versionWords(found) })],
    ...own,
    ['EXIF', found.exifBytes === undefined ? '' : t('keepsake.exifOf', { bytes: found.exifBytes })],
    [t('keepsake.unread'), found.unread.join(' ')],
    ...found.damages.map((damage): [string, string] => [
      t('keepsake.note'),
      sayIn(language, damagePhrase(damage)),
    ]),
  ]
  return rows.filter(([, value]) => value !== '')
}
