// Sentences that a window shows in its own language: the host says which one and with what, the words of all languages stand
// in the catalogue. Values are names, paths and written numbers, put in as they are, or a reason
// that is said in the same language.
import { z } from 'zod'
import { type Filling, type Language, type SentenceKey, catalogue, sentenceKeys } from './catalogue.js'
import { visible } from './visible.js'

export type { SentenceKey }

const Key = z.enum(sentenceKeys)
const Plain = z.union([z.string(), z.number()])
/** A part of a sentence that has a language too, such as a reason. */
export const Phrase = z.object({ key: Key, values: z.record(z.string(), Plain) })
export type Phrase = z.infer<typeof Phrase>

/** A language by its code, as files name it: said by its name. */
export const Tongue = z.object({ language: z.string() })
/** Facts, one after the other. */
export const Words = z.array(z.union([Plain, Tongue, Phrase]))
export type Words = z.infer<typeof Words>

export const Message = z.object({ key: Key, values: z.record(z.string(), z.union([Plain, Phrase, Words])) })
export type Message = z.infer<typeof Message>
export type Values = Readonly<Message['values']>

/** What may stand in a blank. */
export type Value = Values[string]

export const message = <Key extends SentenceKey>(key: Key, ...[values]: Filling<Key, Value>): Message => ({
  key,
  values: { ...values } as Message['values'],
})

/** To stand in another sentence. */
export const phrase = <Key extends SentenceKey>(
  key: Key,
  ...[values]: Filling<Key, Phrase['values'][string]>
): Phrase => ({ key, values: { ...values } as Phrase['values'] })

/** {{name}}, or {{name frame|frames}}: a number with what is counted, one of it or several. */
const blank = /{{(\w+)(?: ([^|}]*)\|([^}]*))?}}/g

/** A text of the catalogue with its blanks filled. */
export const fill = (language: Language, text: string, values: Values): string =>
  text.replace(blank, (_, name: string, one?: string, several?: string) => {
    const value = values[name] ?? ''
    const words = wordsIn(language, Array.isArray(value) ? value : [value])
    if (one === undefined) return words
    const isOne = new Intl.PluralRules(language).select(Number(value)) === 'one'
    return `${words} ${isOne ? one : (several ?? '')}`
  })

export const sayIn = (language: Language, { key, values }: { key: SentenceKey; values: Values }): string =>
  fill(language, catalogue[language][key], values)

/** Swedish, as QuickTime's old list spells it. */
const spelled: Readonly<Record<string, string>> = { sve: 'swe' }

/** "German" for "deu" and "ger"; a code that nobody knows stays as it is. */
function nameOfLanguage(language: Language, code: string): string {
  if (code === 'und' || code === '') return catalogue[language].languageUnknown
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(spelled[code] ?? code) ?? code
  } catch {
    return code // not even the form of one
  }
}

function wordIn(language: Language, word: Words[number]): string {
  if (typeof word !== 'object') return visible(String(word))
  return 'key' in word ? sayIn(language, word) : nameOfLanguage(language, word.language)
}

export const wordsIn = (language: Language, words: Words): string =>
  words.map((word) => wordIn(language, word)).join(language === 'ja' ? '、' : ', ')

/** Ours that is nearest to a language. */
export const nearest = (language: string): Language => (language.startsWith('ja') ? 'ja' : 'en')

/** In the language of a window: ours that is nearest to `language`. */
export const say = (sentence: Message, language: string): string => sayIn(nearest(language), sentence)
export const sayWords = (words: Words, language: string): string => wordsIn(nearest(language), words)

/** For programs, which read English. */
export const inEnglish = (sentence: Message): string => sayIn('en', sentence)
