// Failures in the language of the window: which sentence it was and with what crosses the border, the words are chosen there.
import { expect, test } from 'vitest'
import { failing, fromFailure, sentenceOf, toFailure } from '../../electron/shared/errors.js'
import { Said, type Values, heard, sayIn } from '../../electron/shared/sentences.js'
import { engineEn } from '../../electron/shared/sentencesEn.js'

const keys = Said.shape.key.options

/** Names of the blanks that a sentence fills. */
function blanks(language: 'en' | 'ja', key: Said['key']): string[] {
  const seen: string[] = []
  const values = new Proxy<Values>({}, { get: (_, name) => (seen.push(String(name)), 'x') })
  sayIn(language, { key, values })
  return seen.sort()
}

test.each(keys)('both languages say the same with the same values: %s', (key) => {
  expect(blanks('ja', key)).toEqual(blanks('en', key))
  expect(sayIn('ja', { key, values: {} })).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
  expect(sayIn('en', { key, values: {} })).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
})

test.each(Object.keys(engineEn) as (keyof typeof engineEn)[])(
  'what the engine says is known again, with its values: %s',
  (key) => {
    const values = Object.fromEntries(blanks('en', key).map((name, i) => [name, `/${name} ${i}.5`]))
    expect(heard(sayIn('en', { key, values }))).toEqual({ key, values })
  },
)

test('why the engine stopped is told in the language of the window', () => {
  const refused = sayIn('en', { key: 'engineMemoryFrames', values: { size: '640x480' } })
  const failure = { key: 'engineStopped' as const, values: { reason: heard(refused) ?? refused } }
  expect(sayIn('ja', failure)).not.toMatch(/[a-z]{4}/)
  expect(sayIn('en', failure)).toContain(refused)
})

test('other words of the engine are not mistaken for a sentence', () => {
  expect(heard('There is no folder.')).toBeUndefined()
  expect(heard('The engine is tired.')).toBeUndefined()
})

test('a failure keeps its detail over a border and is said in the language of the window', () => {
  const thrown = failing('output-exists', 'outputExists', { name: 'a.mp4', folder: '/films' })
  const failure = toFailure(fromFailure(JSON.parse(JSON.stringify(toFailure(thrown))) as never))
  expect(sentenceOf(failure, 'en')).toBe(thrown.message)
  expect(sentenceOf(failure, 'ja-JP')).toBe(
    '/filmsに「a.mp4」がすでにあります。別の名前にするか、置き換えを許可してください。',
  )
  const plain = { code: 'internal' as const, message: 'Only in English.' }
  expect(sentenceOf(plain, 'ja')).toBe('Only in English.')
})
