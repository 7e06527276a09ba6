// The engine says which sentence and with what: so its English must be ours word by word, and its values must be those that stand in it.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type EngineMessage, enginePhrase, engineSaid } from '../../../electron/shared/words/engineMessage.js'
import { sayIn } from '../../../electron/shared/words/sentences.js'
import { engine } from '../../../electron/shared/words/en/engine.js'

const folder = new URL('../../../native/src/', import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8')

/** A C++ string, which may stand in several literals one after the other. */
const joined = (literals: string): string =>
  [...literals.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([literal]) => JSON.parse(literal) as string).join('')

/** C++ constants: `constexpr Sentence kNoDevice{"engineNoDevice", "There is…"};` */
const table = [
  ...textOf('sentences.h').matchAll(/constexpr Sentence k(\w+){\s*("\w+"),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)};/g),
].map(([, name, key, text]) => ({ name, key: joined(key!), text: joined(text!) }))

test('the engine has our English, sentence by sentence', () => {
  expect(table.map(({ key, text }) => [key, text])).toEqual(Object.entries(engine))
})

/** From an opening bracket to the one that closes it. */
function inBrackets(text: string, from: number): string {
  let open = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') open++
    if (text[at] === ')' && --open === 0) return text.slice(from, at + 1)
  }
  return ''
}

/** Every say() of the engine: the sentences it may be, and the names of its values. */
const calls = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(cpp|h|cu)$/.test(name))
  .flatMap((name) => {
    const text = textOf(name)
    return [...text.matchAll(/\bsay\((?=[^)]*sentences::)/g)].map((call) => {
      const inside = inBrackets(text, call.index + 'say'.length)
      return {
        sentences: [...inside.matchAll(/sentences::k(\w+)/g)].map(([, key]) => key),
        values: [...inside.matchAll(/{"(\w+)",/g)].map(([, value]) => value).sort(),
      }
    })
  })

test.each(table)('the engine says $key with the values that stand in it', ({ name, text }) => {
  const wanted = [...text.matchAll(/{{(\w+)}}/g)].map(([, value]) => value).sort()
  const own = calls.filter(({ sentences }) => sentences.includes(name))
  expect(own.length).toBeGreaterThan(0)
  for (const { values } of own) expect(values).toEqual(wanted)
})

const written = (reason: string): EngineMessage => ({
  key: 'engineNotWrittenWhy',
  values: { path: '/m/w.part', reason },
  text: `Could not write /m/w.part: ${reason}. Nothing else was touched.`,
})

test('what the system said within a sentence of the engine is put into words too', () => {
  expect(sayIn('ja', engineSaid(written('Input/output error')))).toMatch(
    /^\/m\/w\.partに書き込めませんでした（ディスクの読み書きでエラー/,
  )
  expect(sayIn('ja', engineSaid(written('Permission denied')))).toContain(
    'このアカウントには許可されていません',
  )
  expect(sayIn('en', engineSaid(written('the moon is full')))).toBe(written('the moon is full').text)
})

test('what the engine says in English alone is quoted as such', () => {
  const odd = { key: '', values: {}, text: '/m/model.json: "scales" is empty.' }
  expect(sayIn('en', engineSaid(odd))).toBe('/m/model.json: "scales" is empty.')
  expect(sayIn('ja', engineSaid(odd))).toBe(
    '元のファイルはそのままです。画像エンジンからのメッセージ：「/m/model.json: "scales" is empty.」',
  )
})

test.each(['', 'constructor', 'cancelled', 'engineTired'])(
  'a key that is none of the engine is none: "%s"',
  (key) => {
    const message = { key, values: {}, text: 'The engine is tired.' }
    expect(enginePhrase(message)).toBeUndefined()
    expect(sayIn('en', engineSaid(message))).toBe('The engine is tired.')
  },
)
