// The window's words in English and Japanese; the language of the page follows.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { commandLabels } from '../electron/shared/words/commandNames.js'
import en from './locales/en.json' with { type: 'json' }
import ja from './locales/ja.json' with { type: 'json' }

export async function startWords(language: 'en' | 'ja'): Promise<void> {
  i18next.on('languageChanged', (lng) => {
    document.documentElement.lang = lng
  })
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: {
      en: { translation: { ...en, ...commandLabels.en } },
      ja: { translation: { ...ja, ...commandLabels.ja } },
    },
    interpolation: { escapeValue: false },
  })
}

export const setLanguage = (language: 'en' | 'ja'): Promise<unknown> => i18next.changeLanguage(language)
