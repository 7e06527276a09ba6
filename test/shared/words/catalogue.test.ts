// The catalogues say the same things, with the same blanks to fill, and know every failure.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandKeys, commandNames, menus } from '../../../electron/shared/words/commandNames.js'
import { en } from '../../../electron/shared/words/en/index.js'
import { ja } from '../../../electron/shared/words/ja/index.js'
import { lookup } from '../../../electron/shared/words/lookup.js'
import { message } from '../../../electron/shared/words/sentences.js'
import { ErrorCode } from '../../../electron/shared/contract/errors.js'

type Words = { readonly [key: string]: string | Words }

function flat(words: Words, before = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(before + key, value)
    else for (const [name, text] of flat(value, `${before}${key}.`)) found.set(name, text)
  }
  return found
}

const blanks = (text: string): string[] => [...text.matchAll(/{{(\w+)/g)].map((m) => m[1] ?? '').sort()

test('both languages have the same keys with the same blanks, and no empty text', () => {
  const [english, japanese] = [flat(en), flat(ja)]
  expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort())
  for (const [key, text] of english) {
    expect(blanks(japanese.get(key) ?? ''), key).toEqual(blanks(text))
    expect(text.trim(), key).not.toBe('')
    expect(japanese.get(key)?.trim(), key).not.toBe('')
  }
})

test.each(['en', 'ja'] as const)('no key stands in two files of one language: %s', async (language) => {
  const folder = new URL(`../../../electron/shared/words/${language}/`, import.meta.url)
  const rooms = readdirSync(folder).filter((name) => name !== 'index.ts')
  const files = await Promise.all(
    rooms.map(async (name) => (await import(new URL(name, folder).href)) as Record<string, object>),
  )
  const keys = files.flatMap((file) => Object.values(file)).flatMap((words) => Object.keys(words))
  expect(keys.sort()).toEqual(Object.keys({ en, ja }[language]).sort())
})

test('a sentence without one of its values, or with a foreign one, does not compile', () => {
  // @ts-expect-error the folder is missing
  expect(message('outputExists', { name: 'a' }).key).toBe('outputExists')
  // @ts-expect-error nobody asks for a size
  expect(message('outputExists', { name: 'a', folder: 'b', size: 1 }).key).toBe('outputExists')
  // @ts-expect-error it needs values
  expect(message('outputExists').key).toBe('outputExists')
  expect(message('cancelled').values).toEqual({})
})

test('one lookup says every text, with what is counted as one or as several', () => {
  const [english, japanese] = [lookup('en'), lookup('ja')]
  expect(english('jobs.count', { count: 1 })).toBe('1 job')
  expect(english('jobs.count', { count: 21 })).toBe('21 jobs')
  expect(japanese('jobs.count', { count: 21 })).toBe('作業21件')
  expect(english('cancelled')).toBe('Cancelled.')
  expect(english('models.offer.files', { name: 'A{{size}}', count: 2, size: '3 GB' })).toBe(
    'A{{size}}, 2 files, 3 GB',
  )
  // @ts-expect-error nobody counts anything else
  expect(english('jobs.count', { number: 1 })).toBe(' jobs')
  // @ts-expect-error there are no such words
  expect(() => english('jobs.nothingOfTheKind')).toThrow('jobs.nothingOfTheKind')
})

test('every failure has a title and advice', () => {
  for (const code of ErrorCode.options) {
    expect(en.failure[code].title, code).toBeTruthy()
    expect(en.failure[code].advice, code).toBeTruthy()
  }
})

test('every command stands in exactly one menu', () => {
  const inMenus = Object.values(menus).flatMap((items) => items.filter((item) => item !== null))
  expect([...inMenus].sort()).toEqual([...commandNames].sort())
})

test('no key means two things', () => {
  const keys = Object.values(commandKeys).flat()
  expect(new Set(keys).size).toBe(keys.length)
})
