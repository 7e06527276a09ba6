// The language that the window is in, and what says its words.
import { create } from 'zustand'
import { Language } from '../../electron/shared/words/catalogue.js'
import { Locale, localeOf } from '../../electron/shared/words/lookup.js'

const locales: Record<Language, Locale> = { en: localeOf('en'), ja: localeOf('ja') }

export const useWords = create<Locale>()(() => locales.en)

/** Of the page too: readers of screens and the choice of fonts go by it. */
export function setLanguage(language: Language): void {
  document.documentElement.lang = language
  useWords.setState(locales[language])
}
