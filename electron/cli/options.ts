// Which options there are, which command has which, and reading them off a line.
import { parseArgs } from 'node:util'
import type { Filling, SentenceKey } from '../shared/words/catalogue.js'
import { type Message, type Value, inEnglish, message } from '../shared/words/sentences.js'
import { nearestWord } from './near.js'

/** What was typed is not a command; where the usage is belongs under it. */
export class UsageError extends Error {
  readonly sentence: Message

  constructor(sentence: Message) {
    super(inEnglish(sentence))
    this.sentence = sentence
  }
}

export const wrongUsage = <Key extends SentenceKey>(key: Key, ...values: Filling<Key, Value>): UsageError =>
  new UsageError(message(key, ...values))

export const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  size: { type: 'string' },
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
  fps: { type: 'string' },
  factor: { type: 'string' },
  rate: { type: 'string' },
  sound: { type: 'string' },
  'no-audio': { type: 'boolean' },
  at: { type: 'string' },
  alone: { type: 'boolean' },
  estimate: { type: 'boolean' },
  overwrite: { type: 'boolean' },
  port: { type: 'string' },
  share: { type: 'string', multiple: true },
  'no-open': { type: 'boolean' },
  blank: { type: 'boolean' },
  detail: { type: 'string' },
  'no-grain': { type: 'boolean' },
  base: { type: 'boolean' },
  anyway: { type: 'boolean' },
} as const

/** Of `models ACTION`, where --version is one of a model. */
export const modelOptions = {
  version: { type: 'string' },
  from: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** What every command that makes a film has. */
const filming = [
  ...(['codec', 'quality', 'model', 'device', 'look', 'strength'] as const),
  ...(['fields', 'track', 'seed', 'no-audio', 'overwrite', 'json'] as const),
] as const

export const optionsOf = {
  enhance: [...(['output', 'scale', 'from', 'to'] as const), ...filming],
  smooth: [...(['output', 'fps', 'from', 'to', 'anyway', 'scale'] as const), ...filming],
  slowmo: [...(['output', 'factor', 'sound', 'from', 'to', 'scale'] as const), ...filming],
  repair: [...(['output', 'from', 'to', 'anyway', 'scale'] as const), ...filming],
  tempo: [...(['output', 'rate', 'sound', 'from', 'to', 'anyway', 'scale'] as const), ...filming],
  unique: [...(['output', 'from', 'to', 'anyway', 'scale'] as const), ...filming],
  photo: [
    ...(['output', 'at', 'alone', 'scale', 'model', 'device', 'look', 'strength', 'fields'] as const),
    ...(['track', 'seed', 'overwrite', 'json'] as const),
  ],
  probe: ['estimate', 'track', 'json'],
  timing: ['track', 'json'],
  keepsake: [...(['output', 'size', 'from', 'to', 'scale'] as const), ...filming],
  'keepsake restore': [
    ...(['output', 'detail', 'no-grain', 'base', 'from', 'to', 'codec', 'quality', 'device'] as const),
    ...(['track', 'no-audio', 'overwrite', 'json'] as const),
  ],
  'keepsake info': ['json'],
  'keepsake verify': ['json'],
  cuts: ['output', 'overwrite', 'json'],
  devices: ['json'],
  models: ['json'],
  log: ['blank'],
  serve: ['port', 'share', 'no-open'],
} as const satisfies Record<string, readonly (keyof typeof options)[]>

export const modelOptionsOf = {
  add: ['version', 'json'],
  remove: ['json'],
  download: ['version', 'from', 'yes', 'json'],
} as const satisfies Record<string, readonly (keyof typeof modelOptions)[]>

type Known = Record<string, { type: 'boolean' | 'string'; short?: string; multiple?: boolean }>

function unknownOption(option: string, offered: readonly string[]): UsageError {
  const near = nearestWord(option.replace(/^-+/, ''), offered)
  return near === undefined
    ? wrongUsage('usageUnknown', { option })
    : wrongUsage('usageUnknownNear', { option, near: `--${near}` })
}

/**
 * Fails with UsageError. A value that begins with "-" is taken for an option that came too early, unless it follows "=". `offered`: which options
 * may have been meant by one that is not known.
 */
export function readWith<O extends Known>(words: readonly string[], known: O, offered: readonly string[]) {
  const read = parseArgs({
    ...{ args: [...words], options: known, allowPositionals: true, strict: false, tokens: true },
  })
  for (const token of read.tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName: option, value, inlineValue } = token
    const type = Object.hasOwn(known, name) ? known[name]?.type : undefined
    if (type === undefined) throw unknownOption(option, offered)
    if (type === 'boolean' && value !== undefined) throw wrongUsage('usageNoValue', { option })
    if (type === 'string' && (value === undefined || (!inlineValue && /^-./.test(value))))
      throw wrongUsage('usageValue', { option })
  }
  type Values = ReturnType<typeof parseArgs<{ options: O; strict: true }>>['values']
  return { values: read.values as Values, positionals: read.positionals }
}
