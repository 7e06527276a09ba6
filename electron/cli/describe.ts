// Facts in words for a terminal.
import type { DeviceInfo } from '../shared/contract/app.js'
import { type Damage, isUntaggedInterlaced, suggestedStrength } from '../shared/media/damage.js'
import type { DownloadOffer, ModelInfo, ModelWork } from '../shared/contract/models.js'
import { toNumber } from '../shared/media/rational.js'
import { type Source, displaySize, isInterlaced, sizeWords } from '../shared/media/source.js'
import { inEnglish } from '../shared/words/sentences.js'

export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${hours}:${two(minutes)}:${two(whole % 60)}`
}

const decimals = (n: number, digits: number): string => String(Number(n.toFixed(digits)))
const megabytes = (bytes: number): string =>
  bytes < 1e9 ? `${decimals(bytes / 1e6, 1)} MB` : `${decimals(bytes / 1e9, 1)} GB`

export function describeSource(source: Source): string[] {
  const { video } = source
  const size = displaySize(video)
  const shape =
    size.width === video.width && size.height === video.height
      ? sizeWords(size)
      : `${sizeWords(video)}, shown as ${sizeWords(size)}`
  const rate = `${decimals(toNumber(video.frameRate), 3)} frames a second${video.isVariable ? ' (varying)' : ''}`
  const fields = isInterlaced(video) ? `, interlaced (${video.fieldOrder})` : ''
  const sound = source.audio.map(
    (a) => `${a.codec}, ${a.channels} ${a.channels === 1 ? 'channel' : 'channels'}, ${a.sampleRate} Hz`,
  )
  const rows: [string, string][] = [
    ['file', `${source.path} (${megabytes(source.bytes)})`],
    ['container', source.container],
    ['length', `${decimals(source.durationSeconds, 3)} s`],
    ['picture', `${video.codec}, ${shape}, ${rate}${fields}`],
    [
      'pixels',
      `${video.pixelFormat}, ${video.matrix} ${video.range}${video.isColourGuessed ? ' (guessed)' : ''}`,
    ],
    [
      'turned',
      video.rotation === 0 ? '' : `${video.rotation} degrees${video.isMirrored ? ', mirrored' : ''}`,
    ],
    ['sound', sound.length === 0 ? 'none' : sound.join('; ')],
    ['date', source.createdAt ?? ''],
    ['also', source.others.join(', ')],
    ...source.warnings.map((warning): [string, string] => ['note', inEnglish(warning)]),
  ]
  return rows.filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(10)} ${value}`)
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

export function describeDamage(damage: Damage, source: Source): string[] {
  const { noise, blockiness, blur, combing, position } = damage
  const found = `noise ${percent(noise)}, blocks ${percent(blockiness)}, blur ${percent(blur)}, combing ${percent(combing)}`
  return [
    `damage     ${found}`,
    `ladder     at ${percent(position)}; suggested strength ${decimals(suggestedStrength(damage, source.video), 2)}`,
    ...(isUntaggedInterlaced(source, damage)
      ? ['fields     seem to be interlaced, though the file does not say so: see --fields']
      : []),
  ]
}

export const describeDevice = (device: DeviceInfo): string =>
  `${device.id.padEnd(10)} ${device.name}, ${device.simd}${device.threads > 0 ? `, ${device.threads} threads` : ''}, ${decimals(device.memoryBytes / 2 ** 30, 1)} GiB, ${device.precisions.join(' ')}`

const originWords = ({ origin }: ModelInfo): string =>
  origin.from === undefined
    ? {
        shipped: 'comes with Heirloom',
        placed: 'put there by hand',
        folder: 'added',
        download: 'downloaded',
      }[origin.kind]
    : `${origin.kind === 'download' ? 'downloaded' : 'added'} from ${origin.from}`

export const describeModel = (model: ModelInfo): string =>
  `${model.id.padEnd(14)} ${model.graph} ${model.version}, x${model.scales.join(' x')}, ${decimals(model.parameters / 1e6, 2)} million parameters, ${megabytes(model.bytes)}, ${model.hash.slice(0, 12)}, ${originWords(model)}`

const stepWords = { fetch: 'downloading', check: 'checking', convert: 'making ready' }

export function describeWork(work: ModelWork): string {
  const percent = work.bytesTotal > 0 ? Math.floor((100 * work.bytesDone) / work.bytesTotal) : 0
  const rate = work.bytesPerSecond > 0 ? `, ${megabytes(work.bytesPerSecond)}/s` : ''
  const left = work.leftMs === undefined ? '' : `, ${clock(work.leftMs / 1000)} left`
  return `${stepWords[work.step]} ${work.file ?? work.name}: ${percent} %, ${megabytes(work.bytesDone)} of ${megabytes(work.bytesTotal)}${rate}${left}`
}

/** Everything a person should know before agreeing to a download. */
export const describeOffer = (offer: DownloadOffer): string[] => [
  `${offer.name}, licence ${offer.licence}`,
  ...offer.files.map((file) => `  ${file.name} (${megabytes(file.bytes)}) from ${file.address}`),
  `goes to ${offer.folder}: up to ${megabytes(offer.needBytes)} while it is made ready, ${megabytes(offer.keptBytes)} afterwards`,
  ...(offer.freeBytes === undefined ? [] : [`${megabytes(offer.freeBytes)} are free there`]),
  ...(offer.fetchedBytes > 0 ? [`${megabytes(offer.fetchedBytes)} are here already`] : []),
  'Nothing but the names of these files is sent. As with every download, the server sees your internet address.',
]
