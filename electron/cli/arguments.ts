// The command line as data. Pure: words in, a command or a usage error out.
import { parseArgs } from 'node:util'
import { extname } from 'node:path'
import { Look } from '../shared/document/looks.js'
import { FlashVsrVersion } from '../shared/contract/models.js'
import { isProjectName } from '../shared/contract/project.js'
import { Container, Quality, VideoCodec, containersOf } from '../shared/contract/output.js'
import { type PhotoFormat, type PhotoWay, photoFormatOf } from '../shared/contract/photo.js'

/** `auto`: as the pictures show; `off`: pictures stay whole. */
export const fieldsWords = ['auto', 'top', 'bottom', 'off'] as const
export type FieldsWord = (typeof fieldsWords)[number]

export interface EnhanceCommand {
  name: 'enhance'
  input: string
  output?: string
  scale: 1 | 2 | 4
  /** Seconds from the first picture. */
  from?: number
  to?: number
  container: Container
  codec: VideoCodec
  quality: Quality
  /** Undefined: the one that suits the device. */
  model?: string
  device: string
  seed: number
  /** Undefined: nothing was said, which is natural wherever the model has looks. */
  look?: Look
  /** Instead of the look's; `auto` is what the pictures suggest. */
  strength?: number | 'auto'
  /** Undefined: as the file says. */
  fields?: FieldsWord
  /** Of a file with several films. */
  track?: number
  hasAudio: boolean
  mayOverwrite: boolean
  asJson: boolean
}

export interface PhotoCommand {
  name: 'photo'
  input: string
  output?: string
  format: PhotoFormat
  /** Seconds from the first picture; undefined for a picture file. */
  at?: number
  way: PhotoWay
  scale: 1 | 2 | 4
  /** Undefined: the one that suits the device. */
  model?: string
  device: string
  seed: number
  /** Undefined: nothing was said, which is natural wherever the model has looks. */
  look?: Look
  /** Instead of the look's; `auto` is what the pictures suggest. */
  strength?: number | 'auto'
  /** Undefined: as the file says. */
  fields?: FieldsWord
  /** Of a file with several films. */
  track?: number
  mayOverwrite: boolean
  asJson: boolean
}

export type ModelsCommand =
  | { name: 'addModel'; folder: string; version?: FlashVsrVersion; asJson: boolean }
  | { name: 'removeModel'; id: string; asJson: boolean }
  /** `isAgreed`: no question is asked before the download. */
  | { name: 'downloadModel'; version: FlashVsrVersion; from?: string; isAgreed: boolean; asJson: boolean }

export type Command =
  | ModelsCommand
  | EnhanceCommand
  | PhotoCommand
  /** `hasEstimate`: its pictures are looked at too. */
  | { name: 'probe'; input: string; hasEstimate: boolean; track?: number; asJson: boolean }
  | { name: 'devices' | 'models'; asJson: boolean }
  /** `project`: what opens in the window. */
  | { name: 'serve'; port: number; shared: string[]; project?: string; mayOpen: boolean }
  /** `isBlanked`: to be passed on. */
  | { name: 'log'; isBlanked: boolean }
  | { name: 'help' | 'version' }

/** What was typed is not a command; the usage belongs under it. */
export class UsageError extends Error {}

export const usage = `Usage:
  heirloom enhance IN -o OUT [options]   make a video (or a range of it) look better
  heirloom photo IN [--at TIME] -o OUT   make a photo of one moment of a video, or make a photo look better
  heirloom probe FILE [--estimate] [--track N] [--json]
                                         say what a file is, and by its pictures what it suffers from
  heirloom devices [--json]              what can do the work here
  heirloom models [--json]               which models are there
  heirloom models add FOLDER [--version v1|v1.1] [--json]
                                         bring in FlashVSR's files; they are only read
  heirloom models remove NAME [--json]   remove a model that was added
  heirloom models download [--version v1|v1.1] [--from URL] [--yes] [--json]
                                         fetch FlashVSR; says what it would do and asks first
  heirloom log [--blank]                 where the log is, and its last lines; --blank: to be passed on,
                                         without names of files, folders and people
  heirloom serve [--port N] [--share FOLDER]... [--no-open]
                                         use Heirloom in a browser of this computer
  heirloom PROJECT.heirloom              the same with this project open; its folder is shared
  heirloom --help | --version

Options of enhance:
  -o, --output OUT     .mp4, .mov or .mkv; beside the source as "name (enhanced).mp4" when left out
  --scale 1|2|4        enlarge so many times                          (2)
  --from TIME          start here: seconds or hh:mm:ss.ms             (the beginning)
  --to TIME            end here                                       (the end)
  --codec NAME         h264, h265, av1, prores, ffv1                  (h264)
  --quality WORD       small, good, best                              (good)
  --model NAME         see "heirloom models"                          (heirloom-m on a graphics card, else heirloom-s)
  --device NAME        see "heirloom devices"                         (auto)
  --look NAME          gentle, natural, strong                        (natural)
  --strength 0..1|auto instead of the look's; 0 leaves the picture as it is, auto is what its damage suggests
  --fields WORD        interlaced film, every field a frame: top or bottom (which came first), off, or auto,
                       which looks at the pictures                    (as the file says)
  --track N            of a file with several films the one at this track, as "heirloom probe" tells them
  --seed N             same seed, same pictures                       (0)
  --no-audio           leave the sound out
  --overwrite          replace OUT if it exists
  --json               progress and result as JSON lines on stdout

Options of photo:
  -o, --output OUT     .png, .jpg or .tif; beside the source when left out
  --at TIME            the moment: seconds or hh:mm:ss.ms             (the beginning)
  --alone              that picture as the video shows it, without its neighbours' help
  --scale, --model, --device, --look, --strength, --fields, --track, --seed, --overwrite, --json as above`

/** `75`, `75.5`, `1:15`, `00:01:15.500` -> seconds. */
export function parseTime(text: string): number | undefined {
  if (/^\d{1,7}(\.\d{1,9})?$/.test(text)) return Number(text)
  const match = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/.exec(text)
  if (!match) return undefined
  const [hours, minutes, seconds] = [Number(match[1] ?? 0), Number(match[2]), Number(match[3])]
  return minutes < 60 && seconds < 60 ? hours * 3600 + minutes * 60 + seconds : undefined
}

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  scale: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  codec: { type: 'string' },
  quality: { type: 'string' },
  model: { type: 'string' },
  device: { type: 'string' },
  look: { type: 'string' },
  strength: { type: 'string' },
  fields: { type: 'string' },
  track: { type: 'string' },
  seed: { type: 'string' },
  'no-audio': { type: 'boolean' },
  at: { type: 'string' },
  alone: { type: 'boolean' },
  estimate: { type: 'boolean' },
  overwrite: { type: 'boolean' },
  port: { type: 'string' },
  share: { type: 'string', multiple: true },
  'no-open': { type: 'boolean' },
  blank: { type: 'boolean' },
} as const

const optionsOf: Record<string, readonly string[]> = {
  enhance: [
    ...['output', 'scale', 'from', 'to', 'codec', 'quality', 'model', 'device', 'look', 'strength'],
    ...['fields', 'track', 'seed', 'no-audio', 'overwrite', 'json'],
  ],
  photo: [
    ...['output', 'at', 'alone', 'scale', 'model', 'device', 'look', 'strength', 'fields', 'track', 'seed'],
    ...['overwrite', 'json'],
  ],
  probe: ['estimate', 'track', 'json'],
  devices: ['json'],
  models: ['json'],
  log: ['blank'],
  serve: ['port', 'share', 'no-open'],
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  all: readonly T[],
  initial: T,
): T {
  if (value === undefined) return initial
  const found = all.find((word) => word === value)
  if (found === undefined) throw new UsageError(`--${option} is one of ${all.join(', ')}, not "${value}".`)
  return found
}

function time(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const seconds = parseTime(value)
  if (seconds === undefined)
    throw new UsageError(`--${option} is a time in seconds or hh:mm:ss.ms, not "${value}".`)
  return seconds
}

function number(
  option: string,
  value: string | undefined,
  initial: number,
  isGood: (n: number) => boolean,
): number {
  const parsed = value === undefined ? initial : /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN
  if (!isGood(parsed)) throw new UsageError(`--${option} cannot be "${value}".`)
  return parsed
}

function enhance(input: string, values: Values): EnhanceCommand {
  const { output } = values
  const ending = output === undefined ? 'mp4' : extname(output).slice(1).toLowerCase()
  const container = Container.safeParse(ending)
  if (!container.success)
    throw new UsageError(`The output's name ends in .mp4, .mov or .mkv; "${output}" does not.`)
  const codec = oneOf('codec', values.codec, VideoCodec.options, 'h264')
  if (!containersOf[codec].includes(container.data))
    throw new UsageError(`${codec} goes into ${containersOf[codec].map((c) => `.${c}`).join(' or ')}.`)
  const from = time('from', values.from)
  const to = time('to', values.to)
  if (to !== undefined && to <= (from ?? 0)) throw new UsageError('--to must lie after --from.')
  return {
    name: 'enhance',
    ...{ input, output, from, to, codec, container: container.data },
    quality: oneOf('quality', values.quality, Quality.options, 'good'),
    hasAudio: values['no-audio'] !== true,
    ...recipe(values),
  }
}

function photo(input: string, values: Values): PhotoCommand {
  const { output } = values
  const format = output === undefined ? 'png' : photoFormatOf(output)
  if (!format) throw new UsageError(`The photo's name ends in .png, .jpg or .tif; "${output}" does not.`)
  const at = time('at', values.at)
  return {
    name: 'photo',
    ...{ input, output, format, at, way: values.alone === true ? 'frame' : 'moment' },
    ...recipe(values),
  }
}

/** What enhance and photo have in common. */
function recipe(values: Values) {
  const scale = oneOf('scale', values.scale, ['1', '2', '4'], '2')
  return {
    scale: scale === '1' ? 1 : scale === '2' ? 2 : 4,
    model: values.model,
    device: values.device ?? 'auto',
    seed: number('seed', values.seed, 0, Number.isSafeInteger),
    look: values.look === undefined ? undefined : oneOf('look', values.look, Look.options, 'natural'),
    strength:
      values.strength === undefined || values.strength === 'auto'
        ? values.strength
        : number('strength', values.strength, 1, (n) => n >= 0 && n <= 1),
    fields: values.fields === undefined ? undefined : oneOf('fields', values.fields, fieldsWords, 'auto'),
    track: track(values),
    mayOverwrite: values.overwrite === true,
    asJson: values.json === true,
  } as const
}

const track = (values: Values): number | undefined =>
  values.track === undefined ? undefined : number('track', values.track, 0, Number.isSafeInteger)

const modelOptions = {
  version: { type: 'string' },
  from: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const
const modelOptionsOf = {
  add: ['version', 'json'],
  remove: ['json'],
  download: ['version', 'from', 'yes', 'json'],
}

/** `models add|remove|download ...`: a family of its own, where --version is one of a model. */
function parseModels([action = '', ...words]: readonly string[]): ModelsCommand {
  if (action !== 'add' && action !== 'remove' && action !== 'download')
    throw new UsageError(`"models" knows add, remove and download, not "${action}".`)
  const { values, positionals } = readWith(words, modelOptions)
  const foreign = Object.keys(values).find((option) => !modelOptionsOf[action].includes(option))
  if (foreign !== undefined) throw new UsageError(`"models ${action}" has no option --${foreign}.`)
  const [named = ''] = positionals
  if (positionals.length !== (action === 'download' ? 0 : 1))
    throw new UsageError(
      action === 'add'
        ? '"models add" wants exactly one folder.'
        : action === 'remove'
          ? '"models remove" wants the name of one model.'
          : '"models download" wants no name.',
    )
  const asJson = values.json === true
  const version =
    values.version === undefined
      ? undefined
      : oneOf('version', values.version, FlashVsrVersion.options, 'v1.1')
  switch (action) {
    case 'add':
      return { name: 'addModel', folder: named, version, asJson }
    case 'remove':
      return { name: 'removeModel', id: named, asJson }
    case 'download':
      return {
        ...{ name: 'downloadModel', version: version ?? 'v1.1', from: values.from },
        ...{ isAgreed: values.yes === true, asJson },
      }
  }
}

function readWith<O extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  words: readonly string[],
  known: O,
) {
  try {
    return parseArgs({ args: [...words], options: known, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Fails with UsageError. */
export function parseCommand(words: readonly string[]): Command {
  if (words[0] === 'models' && words[1] !== undefined && !words[1].startsWith('-'))
    return words.includes('--help') || words.includes('-h') ? { name: 'help' } : parseModels(words.slice(1))
  const { values, positionals } = readWith(words, options)
  if (values.help) return { name: 'help' }
  if (values.version) return { name: 'version' }
  const [first, ...rest] = positionals
  if (first === undefined) throw new UsageError('What should Heirloom do?')
  const project = isProjectName(first) ? first : undefined
  const name = project === undefined ? first : 'serve'
  const known = optionsOf[name]
  if (!known) throw new UsageError(`There is no command "${name}".`)
  const foreign = Object.keys(values).find((option) => !known.includes(option))
  if (foreign !== undefined) throw new UsageError(`"${name}" has no option --${foreign}.`)
  const wanted = ['enhance', 'photo', 'probe'].includes(name) ? 1 : 0
  if (rest.length !== wanted)
    throw new UsageError(wanted === 1 ? `"${name}" wants exactly one file.` : `"${name}" wants no file.`)
  const [input = ''] = rest
  const asJson = values.json === true
  switch (name) {
    case 'enhance':
      return enhance(input, values)
    case 'photo':
      return photo(input, values)
    case 'probe':
      return { name, input, hasEstimate: values.estimate === true, track: track(values), asJson }
    case 'log':
      return { name, isBlanked: values.blank === true }
    case 'serve': {
      const port = number('port', values.port, 0, (n) => Number.isInteger(n) && n <= 65535)
      const [shared, mayOpen] = [values.share ?? [], values['no-open'] !== true]
      return { name, port, shared, mayOpen, ...(project === undefined ? {} : { project }) }
    }
    default:
      return { name: name === 'devices' ? 'devices' : 'models', asJson }
  }
}
