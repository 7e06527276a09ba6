// The locale files say the same things, with the same blanks to fill, and know every failure.
import { expect, test } from 'vitest'
import { commandKeys, commandLabels, commandNames, menus } from '../../electron/shared/words/commandNames.js'
import { ErrorCode } from '../../electron/shared/contract/errors.js'
import en from '../../renderer/locales/en.json' with { type: 'json' }
import ja from '../../renderer/locales/ja.json' with { type: 'json' }

type Words = { [key: string]: string | Words }

function flat(words: Words, before = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(before + key, value)
    else for (const [name, text] of flat(value, `${before}${key}.`)) found.set(name, text)
  }
  return found
}

const blanks = (text: string): string[] => [...text.matchAll(/{{(\w+)}}/g)].map((m) => m[1] ?? '').sort()

test('both languages have the same keys with the same blanks, and no empty text', () => {
  const [english, japanese] = [flat(en), flat(ja)]
  expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort())
  for (const [key, text] of english) {
    expect(blanks(japanese.get(key) ?? ''), key).toEqual(blanks(text))
    expect(text.trim(), key).not.toBe('')
    expect(japanese.get(key)?.trim(), key).not.toBe('')
  }
})

test('every failure has a title and advice', () => {
  for (const code of ErrorCode.options) {
    expect(en.failure[code].title, code).toBeTruthy()
    expect(en.failure[code].advice, code).toBeTruthy()
  }
})

test('every command has words in both languages and stands in exactly one menu', () => {
  const inMenus = Object.values(menus).flatMap((items) => items.filter((item) => item !== null))
  expect([...inMenus].sort()).toEqual([...commandNames].sort())
  for (const name of commandNames) {
    expect(commandLabels.en.command[name], name).toBeTruthy()
    expect(commandLabels.ja.command[name], name).toBeTruthy()
  }
})

test('no key means two things', () => {
  const keys = Object.values(commandKeys).flat()
  expect(new Set(keys).size).toBe(keys.length)
})
