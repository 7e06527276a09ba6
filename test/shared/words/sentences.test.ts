// Failures in the language of the window: which sentence it was and with what crosses the border, the words are chosen there.
import { expect, test } from 'vitest'
import { failing, fromFailure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { Message, type Values, sayIn } from '../../../electron/shared/words/sentences.js'

const keys = Message.shape.key.options

/** Names of the blanks that a sentence fills. */
function blanks(language: 'en' | 'ja', key: Message['key']): string[] {
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

/** Said alone, none of these helps: what is to be different the next time, where else, and is the file at fault at all? */
const emptyWords: Readonly<Record<'en' | 'ja', readonly RegExp[]>> = {
  en: [
    /(^|[.;:] |, then )try (it )?again\b/i,
    /[.;:] Choose another (folder|place)\.$/i,
    /\bmay be (damaged|corrupt)/i,
    /unknown error|something failed/i,
  ],
  ja: [
    /(^|[。、])もう一度(お試し|試し)/,
    /してから、?もう一度(お試し|試し)/,
    /[。）]別の(フォルダー|場所)を選んでください。$/,
    /(壊れ|破損し)ている(可能性|かもしれ)/,
    /不明なエラー/,
  ],
}

test.each(keys)('no sentence gives advice that is none: %s', (key) => {
  for (const language of ['en', 'ja'] as const) {
    const sentence = sayIn(language, { key, values: {} })
    for (const words of emptyWords[language]) expect(sentence).not.toMatch(words)
  }
})

test.each([
  ['en', 'It failed. Try again.'],
  ['en', 'It cannot be written: full. Choose another folder.'],
  ['en', 'The file may be damaged.'],
  ['en', 'Free some space, then try again.'],
  ['ja', '失敗しました。もう一度お試しください。'],
  ['ja', '書き込めません（満杯）。別のフォルダーを選んでください。'],
  ['ja', 'ファイルが壊れている可能性があります。'],
] as const)('a planted one is caught (%s): %s', (language, sentence) => {
  expect(emptyWords[language].some((words) => words.test(sentence))).toBe(true)
})

test('one of something is said as one, in the number as in the words around it', () => {
  const holes = (count: number): string =>
    sayIn('en', { key: 'noteHoles', values: { name: 'a', places: '0:01', count } })
  expect(holes(1)).toContain('about 1 frame is missing')
  expect(holes(21)).toContain('about 21 frames are missing')
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
