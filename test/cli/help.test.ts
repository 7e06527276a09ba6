// The help of the command line: whole in both languages, and no wider than a terminal.
import { expect, test } from 'vitest'
import { columnsOf, wrap } from '../../electron/cli/columns.js'
import { help } from '../../electron/cli/help.js'
import { modelOptions, modelOptionsOf, options, optionsOf } from '../../electron/cli/options.js'
import { localeOf } from '../../electron/shared/words/lookup.js'

const english = help(localeOf('en'))
const japanese = help(localeOf('ja'))
const both = [
  ['en', english],
  ['ja', japanese],
] as const

/** "--seed" and not "--seeds". */
const stands = (option: string, text: string): boolean => new RegExp(`--${option}(?![\\w-])`).test(text)

test.each(both)('every command and every option stands in it: %s', (_, lines) => {
  const text = lines.join('\n')
  for (const option of [...Object.keys(options), ...Object.keys(modelOptions)])
    expect(stands(option, text), option).toBe(true)
  for (const command of Object.keys(optionsOf)) expect(text, command).toContain(`  heirloom ${command}`)
  for (const action of Object.keys(modelOptionsOf)) expect(text).toContain(`  heirloom models ${action}`)
})

/** The part of it that is about the options of a command. */
function section(lines: readonly string[], command: string): string {
  const begin = lines.findIndex((line) => line.startsWith(`Options of ${command}:`))
  const length = lines.slice(begin).findIndex((line) => line === '')
  return begin < 0 ? '' : lines.slice(begin, length < 0 ? undefined : begin + length).join('\n')
}

test('the options of a command stand under it', () => {
  for (const command of ['enhance', 'photo', 'probe'] as const)
    for (const option of optionsOf[command])
      expect(stands(option, section(english, command)), `${command} --${option}`).toBe(true)
  expect(section(english, 'photo')).toMatch(/--output OUT +\.png/)
  expect(section(english, 'models download')).toMatch(/--from URL +a mirror/)
})

test('options that stand above are named as they are typed, and slow motion names the sounds that it takes', () => {
  expect(english.join('\n')).not.toContain(',,')
  expect(section(english, 'smooth')).toContain('  -o, --from,')
  expect(section(english, 'slowmo')).toMatch(/--sound WORD +stretched/)
  expect(section(english, 'tempo')).toMatch(/--sound WORD +kept/)
})

test.each(both)('no line is wider than 80 columns: %s', (_, lines) => {
  for (const line of lines) expect(columnsOf(line), line).toBeLessThanOrEqual(80)
})

test('both languages say the same of it, each in its own words', () => {
  // Commands as they are typed, and what stands before the second column.
  const typed = (lines: readonly string[]): string[] =>
    lines
      .filter((line) => line.startsWith('  heirloom') || /^ {2}-.{19} {2}/.test(line))
      .map((line) => (line.startsWith('  heirloom') ? line : line.slice(0, 24)))
  expect(typed(english).length).toBeGreaterThan(30)
  expect(typed(japanese)).toEqual(typed(english))
  expect(japanese.join('')).toMatch(/[\u3040-\u30ff]/)
  expect(english.join('')).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
})

test('Japanese lines break between words, and no line begins with a mark that closes', () => {
  const lines = wrap(12, 'ビデオの一瞬から写真を作る。または写真をきれいにする（任意）。', 'ja')
  expect(lines.join('')).toBe('ビデオの一瞬から写真を作る。または写真をきれいにする（任意）。')
  for (const line of lines) {
    expect(columnsOf(line)).toBeLessThanOrEqual(12)
    expect(line).not.toMatch(/^[、。）]/)
  }
  expect(wrap(10, 'a few words --from there', 'en')).toEqual(['a few', 'words', '--from', 'there'])
})
