// The window's words in English and Japanese; the language of the page follows.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Language, catalogue } from '../electron/shared/words/catalogue.js'

export async function startWords(language: Language): Promise<void> {
  i18next.on('languageChanged', (lng) => {
    document.documentElement.lang = lng
  })
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: catalogue.en }, ja: { translation: catalogue.ja } },
    interpolation: { escapeValue: false },
  })
}

export const setLanguage = (language: Language): Promise<unknown> => i18next.changeLanguage(language)
