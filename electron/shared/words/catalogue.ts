// All words that people read, one folder a language. Sentences that the host says stand at the top, each with its key;
// those of the window stand in groups, one a panel.
import { en } from './en/index.js'
import { ja } from './ja/index.js'

export const catalogue = { en, ja }
export type Language = keyof typeof catalogue

export type SentenceKey = {
  [Key in keyof typeof en]: (typeof en)[Key] extends string ? Key : never
}[keyof typeof en]

export const sentenceKeys = Object.entries(en)
  .filter(([, words]) => typeof words === 'string')
  .map(([key]) => key) as [SentenceKey, ...SentenceKey[]]
