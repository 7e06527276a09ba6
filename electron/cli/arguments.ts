// The command line as data. Pure: words in, a command or a usage error out.
import { extname, join, parse } from 'node:path'
import { Look } from '../shared/document/looks.js'
import { type ClipMotion, MotionSound, SlowFactor, highestRate } from '../shared/document/motion.js'
import { Ratio, parseRational, rational, toNumber } from '../shared/media/rational.js'
import { FlashVsrVersion } from '../shared/contract/models.js'
import { isProjectName } from '../shared/contract/project.js'
import { KeepsakeCodec } from '../shared/media/keepsake/info.js'
import { mostPhotoBytes } from '../shared/media/keepsake/photo.js'
import { type CutFormat, cutFormatOf } from '../shared/interchange/formats.js'
import { Container, Quality, VideoCodec, containersOf } from '../shared/contract/output.js'
import {
  type PhotoFormat,
  type PhotoKeepsake,
  type PhotoWay,
  photoFormatOf,
  photoQuality,
} from '../shared/contract/photo.js'
import { nearestWord } from './near.js'
import { modelOptions, modelOptionsOf, options, optionsOf, readWith, wrongUsage } from './options.js'

/** `auto`: as the frames show; `off`: frames stay whole. */
export const fieldsWords = ['auto', 'top', 'bottom', 'off'] as const
export type FieldsWord = (typeof fieldsWords)[number]

/** Commands that time frames anew. */
export const motionCommands = ['smooth', 'slowmo', 'repair', 'tempo', 'unique'] as const
type MotionName = (typeof motionCommands)[number]

export interface EnhanceCommand {
  name: 'enhance' | 'keepsake' | 'keepsake restore' | MotionName
  /** A Keepsake, of a level or of a size. */
  keepsake?: { level: 1 | 2 | 3 | 4 | 5 } | { mostBytes: number }
  /** What is drawn on a Keepsake. `mayBeBase`: where nothing can be, the film as others see it is made. */
  restoring?: { detail: number; grain: boolean; mayBeBase: boolean }
  /** Undefined: every frame as filmed. */
  motion?: ClipMotion
  /** Off where another command than enhance was not asked for a model. */
  isEnhanced: boolean
  input: string
  output?: string
  scale: 1 | 2 | 4
  /** Seconds from the first frame. */
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
  /** Instead of the look's; `auto` is what the frames suggest. */
  strength?: number | 'auto'
  /** Undefined: as the file says. */
  fields?: FieldsWord
  /** Of a file with several films. */
  track?: number
  hasAudio: boolean
  /** Also where its motion changes nothing, so that it would only be encoded once more. */
  isMadeAnyway?: boolean
  mayOverwrite: boolean
  asJson: boolean
}

export interface PhotoCommand {
  name: 'photo' | 'keepsake' | 'keepsake restore'
  /** How a Keepsake photo is written. */
  keepsake?: PhotoKeepsake
  /** What is drawn on a Keepsake photo. */
  restoring?: { detail: number; grain: false }
  /** Off where another command than photo was not asked for a model. */
  isEnhanced: boolean
  input: string
  output?: string
  format: PhotoFormat
  /** Seconds from the first frame; undefined for a picture file. */
  at?: number
  way: PhotoWay
  scale: 1 | 2 | 4
  /** Undefined: the one that suits the device. */
  model?: string
  device: string
  seed: number
  /** Undefined: nothing was said, which is natural wherever the model has looks. */
  look?: Look
  /** Instead of the look's; `auto` is what the frames suggest. */
  strength?: number | 'auto'
  /** Undefined: as the file says. */
  fields?: FieldsWord
  /** Of a file with several films. */
  track?: number
  mayOverwrite: boolean
  asJson: boolean
}

/** A project's cuts for other editors. */
export interface CutsCommand {
  name: 'cuts'
  input: string
  output: string
  format: CutFormat
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
  /** Each is made, whatever becomes of the others. `folder`: where to. */
  | { name: 'restoreAll'; folder: string; films: EnhanceCommand[]; asJson: boolean }
  | PhotoCommand
  /** `hasEstimate`: its frames are looked at too. */
  /** In what rhythm it shows its frames. */
  | { name: 'timing'; input: string; track?: number; asJson: boolean }
  /** What the Keepsake part of a file says; whether all of it is as it was written. */
  | { name: 'keepsake info' | 'keepsake verify'; input: string; asJson: boolean }
  | { name: 'probe'; input: string; hasEstimate: boolean; track?: number; asJson: boolean }
  | CutsCommand
  | { name: 'devices' | 'models'; asJson: boolean }
  /** `project`: what opens in the window. */
  | { name: 'serve'; port: number; shared: string[]; project?: string; mayOpen: boolean }
  /** `isBlanked`: to be passed on. */
  | { name: 'log'; isBlanked: boolean }
  | { name: 'help' | 'version' }

/** `75`, `75.5`, `1:15`, `00:01:15.500` -> seconds. */
export function parseTime(text: string): number | undefined {
  if (/^\d{1,7}(\.\d{1,9})?$/.test(text)) return Number(text)
  const match = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/.exec(text)
  if (!match) return undefined
  const [hours, minutes, seconds] = [Number(match[1] ?? 0), Number(match[2]), Number(match[3])]
  return minutes < 60 && seconds < 60 ? hours * 3600 + minutes * 60 + seconds : undefined
}

type Values = ReturnType<typeof readWith<typeof options>>['values']

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  all: readonly T[],
  initial: T,
): T {
  if (value === undefined) return initial
  const found = all.find((word) => word === value)
  if (found === undefined) throw wrongUsage('usageOneOf', { option, all: [...all], value })
  return found
}

function time(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const seconds = parseTime(value)
  if (seconds === undefined) throw wrongUsage('usageTime', { option, value })
  return seconds
}

function number(
  option: string,
  value: string | undefined,
  initial: number,
  isGood: (n: number) => boolean,
): number {
  const parsed = value === undefined ? initial : /^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN
  if (!isGood(parsed)) throw wrongUsage('usageNumber', { option, value: value ?? '' })
  return parsed
}

/** "60", "59.94", "60000/1001". A decimal that is the rounded form of a camera's rate, n times 1000/1001, stands for that; a fraction is what it says. */
function rate(option: string, value: string): Ratio {
  const decimal = /^\d{1,4}(?:\.(\d{1,6}))?$/.exec(value)
  const exact = decimal ? rational(Math.round(Number(value) * 1e6), 1e6) : parseRational(value)
  if (!exact || !Ratio.safeParse(exact).success || toNumber(exact) < 1 || toNumber(exact) > highestRate)
    throw wrongUsage('usageRate', { option, value, most: highestRate })
  const digits = decimal?.[1]?.length ?? 0
  const near = rational(1000 * Math.round((toNumber(exact) * 1001) / 1000), 1001)
  const isRounded = digits > 1 && Math.abs(toNumber(near) - toNumber(exact)) < 0.6 * 10 ** -digits
  return isRounded ? near : exact
}

function motion(name: MotionName, values: Values): ClipMotion {
  switch (name) {
    case 'smooth':
      return { kind: name, rate: rate('fps', values.fps ?? '60') }
    case 'slowmo': {
      const factor = Number(oneOf('factor', values.factor, ['2', '4', '8'], '2'))
      const sound = oneOf('sound', values.sound, ['stretched', 'silent'], 'stretched')
      return { kind: 'slow', factor: SlowFactor.parse(factor), sound }
    }
    case 'tempo': {
      const sound = oneOf('sound', values.sound, MotionSound.options, 'kept')
      const wanted = values.rate ?? 'found'
      return { kind: name, rate: wanted === 'found' ? wanted : rate('rate', wanted), sound }
    }
    case 'repair':
    case 'unique':
      return { kind: name }
  }
}

/** Options that say how frames are enhanced: without a model they would do nothing. */
const enhancing = ['scale', 'look', 'strength', 'seed'] as const

function timed(name: MotionName, input: string, values: Values): EnhanceCommand {
  const lone =
    values.model === undefined ? enhancing.find((option) => values[option] !== undefined) : undefined
  if (lone !== undefined) throw wrongUsage('usageWithoutModel', { option: lone, command: name })
  const isEnhanced = values.model !== undefined
  const film = enhance(input, values)
  return {
    ...{ ...film, name, motion: motion(name, values), isEnhanced, isMadeAnyway: values.anyway === true },
    ...(isEnhanced ? {} : { scale: 1 }),
  }
}

/** "8MB", "700 kB", "1.5GB": of a thousand, as disks and mails count. */
function bytesOf(option: string, value: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?([kMG])B$/i.exec(value) ?? []
  const bytes = Number(number) * { k: 1e3, m: 1e6, g: 1e9, '': NaN }[unit.toLowerCase() as 'k']
  if (!(bytes >= 1000)) throw wrongUsage('usageSize', { option, value })
  return Math.round(bytes)
}

/** What only films have. */
const filmOptions = ['from', 'to', 'codec', 'no-audio', 'no-grain', 'base'] as const

function withoutFilm(command: string, values: Values): void {
  const foreign = filmOptions.find((option) => values[option] !== undefined)
  if (foreign !== undefined) throw wrongUsage('usageFilmOnly', { option: foreign, command })
}

function keepsakePhoto(input: string, values: Values, level: 1 | 2 | 3 | 4 | 5): PhotoCommand {
  withoutFilm('keepsake', values)
  const { size, model } = values
  const isEnhanced = model !== undefined
  return {
    ...{ ...photo(input, values), name: 'keepsake', isEnhanced },
    ...(isEnhanced ? {} : { scale: 1 }),
    keepsake:
      size === undefined
        ? { quality: photoQuality(level) }
        : { mostBytes: Math.min(mostPhotoBytes, bytesOf('size', size)) },
  }
}

/** As it is filmed, unless a model is asked for. */
function keepsake(input: string, values: Values): EnhanceCommand | PhotoCommand {
  const { size, quality, output, model } = values
  const lone = model === undefined ? enhancing.find((option) => values[option] !== undefined) : undefined
  if (lone !== undefined) throw wrongUsage('usageWithoutModel', { option: lone, command: 'keepsake' })
  if (output === undefined) throw wrongUsage('usageKeepsakeOutput')
  if (size !== undefined && quality !== undefined) throw wrongUsage('usageSizeOrQuality')
  const level = Number(oneOf('quality', quality, ['1', '2', '3', '4', '5'], '3')) as 1 | 2 | 3 | 4 | 5
  if (photoFormatOf(output) === 'hlm') return keepsakePhoto(input, values, level)
  const codec = oneOf('codec', values.codec, KeepsakeCodec.options, 'av1')
  const film = enhance(input, { ...values, codec, quality: 'small' })
  if (film.container === 'mkv') throw wrongUsage('usageContainer', { codec, endings: ['.mp4', '.mov'] })
  return {
    ...film,
    ...{ name: 'keepsake', isEnhanced: model !== undefined },
    ...(model === undefined ? { scale: 1 } : {}),
    keepsake: size === undefined ? { level } : { mostBytes: bytesOf('size', size) },
  }
}

/** An ordinary film of what a Keepsake's part says: all of it unless less is asked for. */
function restore(input: string, values: Values): EnhanceCommand | PhotoCommand {
  const { output } = values
  if (output === undefined) throw wrongUsage('usageKeepsakeOutput')
  const format = photoFormatOf(output)
  if (format === undefined || format === 'hlm') return restoreFilm(input, values)
  withoutFilm('keepsake restore', values)
  const detail = detailIn(values)
  const restoring = { detail, grain: false } as const
  return { ...photo(input, values), name: 'keepsake restore', scale: 1, restoring }
}

const detailIn = ({ detail }: Values): number => number('detail', detail, 1, (n) => n >= 0 && n <= 1)

function restoreFilm(input: string, values: Values): EnhanceCommand {
  const detail = detailIn(values)
  return {
    ...{ ...enhance(input, values), name: 'keepsake restore', scale: 1 },
    restoring: { detail, grain: values['no-grain'] !== true, mayBeBase: values.base === true },
  }
}

/** Names of films that are made of these: "NAME (restored).mp4", and a number where two would be called alike. */
export function restoredNames(inputs: readonly string[]): string[] {
  const taken = new Set<string>()
  return inputs.map((input) => {
    const stem = `${parse(input).name} (restored)`
    const isTaken = (name: string): boolean => taken.has(name.toLowerCase())
    let name = `${stem}.mp4`
    for (let n = 2; isTaken(name); n++) name = `${stem} ${n}.mp4`
    taken.add(name.toLowerCase())
    return name
  })
}

/** Of several Keepsakes: films in a folder. */
function restoreAll(inputs: readonly string[], values: Values): Command {
  const { output: folder } = values
  if (folder === undefined) throw wrongUsage('usageKeepsakeOutput')
  if (Container.safeParse(extname(folder).slice(1).toLowerCase()).success)
    throw wrongUsage('usageRestoreFolder', { name: folder })
  const names = restoredNames(inputs)
  const films = inputs.map((input, i) =>
    restoreFilm(input, { ...values, output: join(folder, names[i] ?? '') }),
  )
  return { name: 'restoreAll', folder, films, asJson: values.json === true }
}

function enhance(input: string, values: Values): EnhanceCommand {
  const { output } = values
  const ending = output === undefined ? 'mp4' : extname(output).slice(1).toLowerCase()
  const container = Container.safeParse(ending)
  if (!container.success) throw wrongUsage('usageOutput', { name: output ?? '' })
  const codec = oneOf('codec', values.codec, VideoCodec.options, 'h264')
  if (!containersOf[codec].includes(container.data))
    throw wrongUsage('usageContainer', { codec, endings: containersOf[codec].map((c) => `.${c}`) })
  const from = time('from', values.from)
  const to = time('to', values.to)
  if (to !== undefined && to <= (from ?? 0)) throw wrongUsage('usageOrder')
  return {
    ...{ name: 'enhance', isEnhanced: true },
    ...{ input, output, from, to, codec, container: container.data },
    quality: oneOf('quality', values.quality, Quality.options, 'good'),
    hasAudio: values['no-audio'] !== true,
    ...recipe(values),
  }
}

function photo(input: string, values: Values): PhotoCommand {
  const { output } = values
  const format = output === undefined ? 'png' : photoFormatOf(output)
  if (!format) throw wrongUsage('usagePhotoOutput', { name: output ?? '' })
  const at = time('at', values.at)
  return {
    ...{ name: 'photo', isEnhanced: true },
    ...{ input, output, format, at, way: values.alone === true ? 'frame' : 'moment' },
    ...recipe(values),
  }
}

function cuts(input: string, { output, overwrite, json }: Values): CutsCommand {
  if (!isProjectName(input)) throw wrongUsage('projectName', { name: input })
  const format = cutFormatOf(output ?? '')
  if (output === undefined) throw wrongUsage('usageCutsOutput')
  if (format === undefined) throw wrongUsage('cutsFormat', { name: output })
  return {
    ...{ name: 'cuts', input, output, format, mayOverwrite: overwrite === true, asJson: json === true },
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

const wantedOf = { add: 'usageFolder', remove: 'usageModel', download: 'usageNoName' } as const

const isCommand = (name: string): name is keyof typeof optionsOf => Object.hasOwn(optionsOf, name)

function unknownCommand(name: string): Error {
  const near = nearestWord(name, [...Object.keys(optionsOf), 'help', 'version'])
  return near === undefined
    ? wrongUsage('usageCommand', { name })
    : wrongUsage('usageCommandNear', { name, near })
}

/** `keepsake inof FILE` means no two files. */
function checkKeepsakeWord(word: string): void {
  const near = nearestWord(word, ['restore', 'info', 'verify'])
  if (near !== undefined)
    throw wrongUsage('usageCommandNear', { name: `keepsake ${word}`, near: `keepsake ${near}` })
}

/** The options of the command that a line begins with; where it begins with none, all there are. */
function offeredBy([first = '', second = '']: readonly string[]): readonly string[] {
  const [two, all] = [`${first} ${second}`, ['help', 'version']]
  if (isCommand(two)) return [...optionsOf[two], ...all]
  return isCommand(first) ? [...optionsOf[first], ...all] : Object.keys(options)
}

/** An option that the command does not have. */
const foreignIn = (values: object, known: readonly string[]): string | undefined =>
  Object.keys(values).find((option) => !known.includes(option))

/** `models add|remove|download ...`: a family of its own, where --version is one of a model. */
function parseModels([action = '', ...words]: readonly string[]): ModelsCommand {
  if (action !== 'add' && action !== 'remove' && action !== 'download') {
    const near = nearestWord(action, Object.keys(modelOptionsOf))
    if (near !== undefined)
      throw wrongUsage('usageCommandNear', { name: `models ${action}`, near: `models ${near}` })
    throw wrongUsage('usageModels', { action })
  }
  const { values, positionals } = readWith(words, modelOptions, modelOptionsOf[action])
  const foreign = foreignIn(values, modelOptionsOf[action])
  if (foreign !== undefined)
    throw wrongUsage('usageForeign', { command: `models ${action}`, option: foreign })
  const [named = ''] = positionals
  if (positionals.length !== (action === 'download' ? 0 : 1)) throw wrongUsage(wantedOf[action])
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

/** The command that is meant, and what stands behind it: `keepsake info FILE`, and `keepsake FILE`. */
function named(positionals: readonly string[]): { name: string; rest: readonly string[] } {
  const [first, ...rest] = positionals
  if (first === undefined) throw wrongUsage('usageNothing')
  const two = `keepsake ${rest[0] ?? ''}`
  return first === 'keepsake' && isCommand(two) ? { name: two, rest: rest.slice(1) } : { name: first, rest }
}

/** Commands that are given one file. */
const ofOneFile: readonly string[] = [
  ...['enhance', ...motionCommands, 'photo', 'probe', 'timing', 'cuts'],
  ...['keepsake', 'keepsake restore', 'keepsake info', 'keepsake verify'],
]

/** Fails with UsageError. */
export function parseCommand(words: readonly string[]): Command {
  if (words[0] === 'models' && words[1] !== undefined && !words[1].startsWith('-'))
    return words.includes('--help') || words.includes('-h') ? { name: 'help' } : parseModels(words.slice(1))
  const { values, positionals } = readWith(words, options, offeredBy(words))
  if (values.help) return { name: 'help' }
  if (values.version) return { name: 'version' }
  const { name: first, rest } = named(positionals)
  const project = isProjectName(first) ? first : undefined
  const name = project === undefined ? first : 'serve'
  if (name === 'help' || name === 'version') return { name }
  if (!isCommand(name)) throw unknownCommand(name)
  const foreign = foreignIn(values, optionsOf[name])
  if (foreign !== undefined) throw wrongUsage('usageForeign', { command: name, option: foreign })
  const wanted = ofOneFile.includes(name) ? 1 : 0
  if (name === 'keepsake restore' && rest.length > 1) return restoreAll(rest, values)
  if (rest.length === 2 && name === 'keepsake') checkKeepsakeWord(rest[0] ?? '')
  if (rest.length !== wanted) throw wrongUsage(wanted === 1 ? 'usageFile' : 'usageNoFile', { command: name })
  const [input = ''] = rest
  const asJson = values.json === true
  switch (name) {
    case 'enhance':
      return enhance(input, values)
    case 'smooth':
    case 'slowmo':
    case 'repair':
    case 'tempo':
    case 'unique':
      return timed(name, input, values)
    case 'photo':
      return photo(input, values)
    case 'probe':
      return { name, input, hasEstimate: values.estimate === true, track: track(values), asJson }
    case 'keepsake':
      return keepsake(input, values)
    case 'keepsake restore':
      return restore(input, values)
    case 'keepsake info':
    case 'keepsake verify':
      return { name, input, asJson }
    case 'cuts':
      return cuts(input, values)
    case 'timing':
      return { name, input, track: track(values), asJson }
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
