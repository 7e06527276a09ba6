// The one way from a key to words: for the host, the menus, the command line and the window.
import { type Filling, type Language, type WordKey, catalogue } from './catalogue.js'
import { type Values, fill } from './sentences.js'

export type Lookup = <Key extends WordKey>(key: Key, ...values: Filling<Key, string | number>) => string

type Words = string | { readonly [key: string]: Words }

function at(words: Words, key: string): string {
  const found = key.split('.').reduce<Words | undefined>((group, name) => {
    return typeof group === 'object' ? group[name] : undefined
  }, words)
  if (typeof found !== 'string') throw new Error(`The catalogue has no words for "${key}".`)
  return found
}

/** A language, and what says its words. */
export interface Locale {
  readonly language: Language
  readonly t: Lookup
}

/** What says a text of the catalogue in a language, with its blanks filled. */
export const lookup =
  (language: Language): Lookup =>
  (key, ...[values]) =>
    fill(language, at(catalogue[language], key), (values ?? {}) as Values)

export const localeOf = (language: Language): Locale => ({ language, t: lookup(language) })
