// Facts in words for a terminal.
import type { DeviceInfo } from '../shared/contract/app.js'
import { type Damage, isUntaggedInterlaced, suggestedStrength } from '../shared/media/damage.js'
import type { DownloadOffer, ModelInfo, ModelWork } from '../shared/contract/models.js'
import { toNumber } from '../shared/media/rational.js'
import { type Source, displaySize, isInterlaced, sizeWords } from '../shared/media/source.js'
import type { Locale } from '../shared/words/lookup.js'
import { sayIn, wordsIn } from '../shared/words/sentences.js'
import { columnsOf, padTo } from './columns.js'

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${hours}:${two(minutes)}:${two(whole % 60)}`
}

const decimals = (n: number, digits: number): string => String(Number(n.toFixed(digits)))
export const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${decimals(bytes / 1e6, 1)} MB` : `${decimals(bytes / 1e9, 1)} GB`

/** What a row is called, in a column as wide as the widest of them wants. */
const rowOf = ([name, value]: readonly [string, string]): string =>
  `${padTo(Math.max(10, columnsOf(name)), name)} ${value}`

function pictureOf({ video }: Source, { language, t }: Locale): string {
  const size = displaySize(video)
  const isSquare = size.width === video.width && size.height === video.height
  const rate = { rate: decimals(toNumber(video.frameRate), 3) }
  return wordsIn(language, [
    video.codec,
    isSquare ? sizeWords(size) : t('cli.source.shownAs', { size: sizeWords(video), shown: sizeWords(size) }),
    t(video.isVariable ? 'cli.source.rateVaries' : 'cli.source.rate', rate),
    ...(isInterlaced(video) ? [t('cli.source.interlaced', { order: video.fieldOrder })] : []),
  ])
}

function soundOf({ audio }: Source, { t }: Locale): string {
  if (audio.length === 0) return t('cli.source.none')
  return audio
    .map(({ codec, channels, sampleRate }) => t('cli.source.channels', { codec, channels, rate: sampleRate }))
    .join('; ')
}

export function describeSource(source: Source, locale: Locale): string[] {
  const { video } = source
  const { language, t } = locale
  const range = video.isColourGuessed ? t('cli.source.guessed', { range: video.range }) : video.range
  const degrees = t('cli.source.degrees', { n: video.rotation })
  const turned = video.isMirrored ? [degrees, t('cli.source.mirrored')] : [degrees]
  const rows: [string, string][] = [
    [t('cli.source.file'), `${source.path} (${megabytes(source.bytes)})`],
    [t('cli.source.container'), source.container],
    [t('cli.source.length'), t('cli.source.seconds', { n: decimals(source.durationSeconds, 3) })],
    [t('cli.source.picture'), pictureOf(source, locale)],
    [t('cli.source.pixels'), wordsIn(language, [video.pixelFormat, `${video.matrix} ${range}`])],
    [t('cli.source.turned'), video.rotation === 0 ? '' : wordsIn(language, turned)],
    [t('cli.source.sound'), soundOf(source, locale)],
    [t('cli.source.date'), source.createdAt ?? ''],
    [t('cli.source.also'), wordsIn(language, source.others)],
    ...source.warnings.map((note): [string, string] => [t('cli.source.note'), sayIn(language, note)]),
  ]
  return rows.filter(([, value]) => value !== '').map(rowOf)
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

export function describeDamage(damage: Damage, source: Source, { t }: Locale): string[] {
  const shares = {
    noise: percent(damage.noise),
    blockiness: percent(damage.blockiness),
    blur: percent(damage.blur),
    combing: percent(damage.combing),
  }
  const strength = decimals(suggestedStrength(damage, source.video), 2)
  const rows: [string, string][] = [
    [t('cli.source.damage'), t('cli.source.found', shares)],
    [t('cli.source.ladder'), t('cli.source.position', { position: percent(damage.position), strength })],
  ]
  if (isUntaggedInterlaced(source, damage)) rows.push([t('cli.source.fields'), t('cli.source.untagged')])
  return rows.map(rowOf)
}

export const describeDevice = (device: DeviceInfo, { language, t }: Locale): string =>
  `${device.id.padEnd(10)} ${wordsIn(language, [
    device.name,
    device.simd,
    ...(device.threads > 0 ? [t('cli.threads', { count: device.threads })] : []),
    `${decimals(device.memoryBytes / 2 ** 30, 1)} GiB`,
    device.precisions.join(' '),
  ])}`

function originWords({ origin: { kind, from } }: ModelInfo, { t }: Locale): string {
  if (from === undefined) return t(`cli.origin.${kind}`)
  return t(kind === 'download' ? 'cli.origin.downloadFrom' : 'cli.origin.folderFrom', { from })
}

export const describeModel = (model: ModelInfo, locale: Locale): string =>
  `${model.id.padEnd(14)} ${wordsIn(locale.language, [
    `${model.graph} ${model.version}`,
    `x${model.scales.join(' x')}`,
    locale.t('cli.parameters', { millions: decimals(model.parameters / 1e6, 2) }),
    megabytes(model.bytes),
    model.hash.slice(0, 12),
    originWords(model, locale),
  ])}`

export function describeWork(work: ModelWork, { language, t }: Locale): string {
  const values = {
    step: t(`cli.step.${work.step}`, { name: work.file ?? work.name }),
    percent: work.bytesTotal > 0 ? Math.floor((100 * work.bytesDone) / work.bytesTotal) : 0,
    done: megabytes(work.bytesDone),
    total: megabytes(work.bytesTotal),
  }
  return wordsIn(language, [
    t('cli.work', values),
    ...(work.bytesPerSecond > 0 ? [t('cli.perSecond', { size: megabytes(work.bytesPerSecond) })] : []),
    ...(work.leftMs === undefined ? [] : [t('cli.left', { clock: clock(work.leftMs / 1000) })]),
  ])
}

/** Everything a person should know before agreeing to a download. */
export const describeOffer = (offer: DownloadOffer, { t }: Locale): string[] => [
  t('cli.offer.name', { name: offer.name, licence: offer.licence }),
  ...offer.files.map(({ name, bytes, address }) =>
    t('cli.offer.file', { name, size: megabytes(bytes), address }),
  ),
  t('cli.offer.room', {
    folder: offer.folder,
    most: megabytes(offer.needBytes),
    kept: megabytes(offer.keptBytes),
  }),
  ...(offer.freeBytes === undefined ? [] : [t('cli.offer.free', { size: megabytes(offer.freeBytes) })]),
  ...(offer.fetchedBytes > 0 ? [t('cli.offer.fetched', { size: megabytes(offer.fetchedBytes) })] : []),
  t('cli.offer.privacy'),
]
