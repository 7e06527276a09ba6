// The window's words in English and Japanese; the language of the page follows.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Language, catalogue } from '../electron/shared/words/catalogue.js'
import { setLanguage as setWords } from './stores/words.js'

export async function startWords(language: Language): Promise<void> {
  setWords(language)
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: catalogue.en }, ja: { translation: catalogue.ja } },
    interpolation: { escapeValue: false },
  })
}

export function setLanguage(language: Language): Promise<unknown> {
  setWords(language)
  return i18next.changeLanguage(language)
}
