// The engine speaks English and its sentences are known again by their words: so these must be the words that it says.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { engineSaid } from '../../../electron/shared/words/engineWords.js'
import { sayIn } from '../../../electron/shared/words/sentences.js'
import { engineEn } from '../../../electron/shared/words/sentencesEn.js'

const folder = new URL('../../../native/src/', import.meta.url)
const spoken = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(cpp|h)$/.test(name))
  .map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8'))
  .join('\n')

test.each(Object.entries(engineEn))('the engine has these words: %s', (_, sentence) => {
  // Word by word: it puts its sentences together from pieces.
  const words = sentence.replace(/{{\w+}}/g, ' ').match(/[A-Za-z']{4,}/g) ?? []
  expect(words.filter((word) => !spoken.includes(word))).toEqual([])
})

test('what the system said within a sentence of the engine is put into words too', () => {
  const written = engineSaid('Could not write /m/w.part: Input/output error. Nothing else was touched.')
  expect(sayIn('ja', written)).toMatch(/^\/m\/w\.partに書き込めませんでした（ディスクの読み書きでエラー/)
  const read = engineSaid(
    'Could not read /m/a: Permission denied. Check that the model folder is complete and readable.',
  )
  expect(sayIn('ja', read)).toMatch(/^\/m\/aを読めませんでした（このアカウントには許可されていません）/)
})

test('words of the engine that nobody has translated are quoted as such', () => {
  const odd = engineSaid('/m/model.json: "scales" is empty.')
  expect(sayIn('en', odd)).toBe('/m/model.json: "scales" is empty.')
  expect(sayIn('ja', odd)).toBe(
    '元のファイルはそのままです。画像エンジンからのメッセージ：「/m/model.json: "scales" is empty.」',
  )
})
