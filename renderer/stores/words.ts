// The language that the window is in, and what says its words.
import { create } from 'zustand'
import { Language } from '../../electron/shared/words/catalogue.js'
import { Lookup, lookup } from '../../electron/shared/words/lookup.js'

export interface Words {
  language: Language
  t: Lookup
}

const words: Record<Language, Words> = {
  en: { language: 'en', t: lookup('en') },
  ja: { language: 'ja', t: lookup('ja') },
}

export const useWordsStore = create<Words>()(() => words.en)

/** Of the page too: readers of screens and the choice of fonts go by it. */
export function setLanguage(language: Language): void {
  document.documentElement.lang = language
  useWordsStore.setState(words[language])
}

/** For what is drawn: drawn again in the new language when it changes. */
export const useWords = (): Words => useWordsStore()
