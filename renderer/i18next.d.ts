// Keys of the window's words are those of the English catalogue.
import 'i18next'
import type { en } from '../electron/shared/words/en/index.js'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}
