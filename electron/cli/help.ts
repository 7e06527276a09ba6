// `heirloom --help`: every command, and every option under the first command that has it, within 80 columns.
import type { WordKey } from '../shared/words/catalogue.js'
import type { Locale } from '../shared/words/lookup.js'
import { wordsIn } from '../shared/words/sentences.js'
import { padTo, wrap } from './columns.js'
import { modelOptions, modelOptionsOf, options, optionsOf } from './options.js'

const columns = 80
const indent = 6
const optionColumn = 24

/** How each is typed, and what it does. */
const commands = [
  ['enhance IN -o OUT [options]', 'enhance'],
  ['smooth IN -o OUT [--fps N] [options]', 'smooth'],
  ['slowmo IN -o OUT [--factor 2|4|8] [--from TIME] [--to TIME] [options]', 'slowmo'],
  ['repair IN -o OUT [--anyway] [options]', 'repair'],
  ['tempo IN -o OUT [--rate N] [--sound WORD] [options]', 'tempo'],
  ['unique IN -o OUT [options]', 'unique'],
  ['photo IN [--at TIME] -o OUT [options]', 'photo'],
  ['probe FILE [--estimate] [--track N] [--json]', 'probe'],
  ['timing FILE [--track N] [--json]', 'timing'],
  ['keepsake IN -o OUT [--size N | --quality 1..5] [options]', 'keepsake'],
  ['keepsake restore IN... -o OUT [--detail 0..1] [--base] [options]', 'keepsakeRestore'],
  ['keepsake info FILE [--json]', 'keepsakeInfo'],
  ['keepsake verify FILE [--json]', 'keepsakeVerify'],
  ['cuts PROJECT.heirloom -o OUT [--overwrite] [--json]', 'cuts'],
  ['devices [--json]', 'devices'],
  ['models [--json]', 'models'],
  ['models add FOLDER [--version v1|v1.1] [--json]', 'modelsAdd'],
  ['models remove NAME [--json]', 'modelsRemove'],
  ['models download [--version v1|v1.1] [--from URL] [--yes] [--json]', 'modelsDownload'],
  ['log [--blank]', 'log'],
  ['serve [--port N] [--share FOLDER]... [--no-open]', 'serve'],
  ['PROJECT.heirloom', 'project'],
  ['--help | --version', 'help'],
] as const

type OptionName = keyof typeof options | keyof typeof modelOptions

/** What stands for an option's value. */
const placeholders: Partial<Record<OptionName, string>> = {
  output: 'OUT',
  size: 'N',
  scale: '1|2|4',
  from: 'TIME',
  to: 'TIME',
  at: 'TIME',
  codec: 'NAME',
  quality: 'WORD',
  model: 'NAME',
  device: 'NAME',
  look: 'NAME',
  strength: '0..1|auto',
  fields: 'WORD',
  track: 'N',
  seed: 'N',
  fps: 'N',
  factor: '2|4|8',
  rate: 'N|found',
  sound: 'WORD',
  port: 'N',
  share: 'FOLDER',
  detail: '0..1',
}
const modelPlaceholders: Partial<Record<OptionName, string>> = { version: 'v1|v1.1', from: 'URL' }

interface OptionLine {
  /** "-o, --output OUT" */
  typed: string
  key: WordKey
}

/** Options that mean another thing of a command. */
const ownKeys: Readonly<Record<string, WordKey>> = {
  'photo output': 'cli.option.photoOutput',
  'slowmo sound': 'cli.option.slowSound',
  'keepsake output': 'cli.option.keepsakeOutput',
  'keepsake codec': 'cli.option.keepsakeCodec',
  'keepsake quality': 'cli.option.keepsakeQuality',
  'cuts output': 'cli.option.cutsOutput',
  'keepsake restore output': 'cli.option.restoreOutput',
}

function optionLine(command: string, name: keyof typeof options): OptionLine {
  const known = options[name]
  const typed = [...('short' in known ? [`-${known.short}, --${name}`] : [`--${name}`]), placeholders[name]]
  const key = ownKeys[`${command} ${name}`] ?? (`cli.option.${name}` as const)
  return { typed: typed.filter((word) => word !== undefined).join(' '), key }
}

const modelOptionLine = (name: keyof typeof modelOptions): OptionLine => ({
  typed: [`--${name}`, ...(name in modelPlaceholders ? [modelPlaceholders[name]] : [])].join(' '),
  key: name === 'json' ? 'cli.option.json' : `cli.modelOption.${name}`,
})

const sections: readonly [command: string, lines: readonly OptionLine[]][] = [
  ...Object.entries(optionsOf).map(([command, names]): [string, OptionLine[]] => [
    command,
    names.map((name) => optionLine(command, name)),
  ]),
  ...Object.entries(modelOptionsOf).map(([action, names]): [string, OptionLine[]] => [
    `models ${action}`,
    names.map(modelOptionLine),
  ]),
]

function optionLines({ typed, key }: OptionLine, { language, t }: Locale): string[] {
  const words = wrap(columns - optionColumn, t(key), language)
  const begin = `  ${typed}`
  const isShort = begin.length + 2 <= optionColumn
  return [
    ...(isShort ? [] : [begin]),
    ...words.map((line, i) => padTo(optionColumn, i === 0 && isShort ? begin : '') + line),
  ]
}

/** The lines of the help in a language. */
export function help(locale: Locale): string[] {
  const { language, t } = locale
  const lines = [t('cli.usage')]
  for (const [typed, key] of commands) {
    const words = wrap(columns - indent, t(`cli.command.${key}`), language)
    lines.push(`  heirloom ${typed}`, ...words.map((line) => ' '.repeat(indent) + line))
  }
  const described = new Set<WordKey>()
  for (const [command, all] of sections) {
    const fresh = all.filter(({ key }) => !described.has(key))
    for (const { key } of fresh) described.add(key)
    if (fresh.length === 0) continue
    lines.push('', t('cli.optionsOf', { command }), ...fresh.flatMap((line) => optionLines(line, locale)))
    const rest = all
      .filter((line) => !fresh.includes(line))
      .map(({ typed }) => /^[^ ,]+/.exec(typed)?.[0] ?? '')
    if (rest.length > 0) {
      const above = wrap(columns - 2, t('cli.asAbove', { options: wordsIn(language, rest) }), language)
      lines.push(...above.map((line) => `  ${line}`))
    }
  }
  return lines
}
