// All words that people read, one folder a language. Sentences that the host says stand at the top, each with its key;
// those of the window stand in groups, one a panel.
import { en } from './en/index.js'
import { ja } from './ja/index.js'

export const catalogue = { en, ja }
export type Language = keyof typeof catalogue

export type SentenceKey = {
  [Key in keyof typeof en]: (typeof en)[Key] extends string ? Key : never
}[keyof typeof en]

type Blank<Words extends string> = Words extends `${string}{{${infer Name}}}${infer Rest}`
  ? (Name extends `${infer Counted} ${string}` ? Counted : Name) | Blank<Rest>
  : never

type IsOne<Key, All = Key> = Key extends All ? ([All] extends [Key] ? true : false) : never

/** What fills the blanks of a sentence: all of them; of one of several sentences, those that it has. */
export type Filled<Key extends SentenceKey, Value> =
  IsOne<Key> extends true
    ? Readonly<Record<Blank<(typeof en)[Key]>, Value>>
    : Readonly<Partial<Record<Blank<(typeof en)[Key]>, Value>>>

/** Values, and what may follow them; a sentence without blanks needs none. */
export type Filling<Key extends SentenceKey, Value, Rest = never> =
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- what nothing is missing from
  Record<never, never> extends Filled<Key, Value>
    ? [values?: Filled<Key, Value>, ...rest: Rest[]]
    : [values: Filled<Key, Value>, ...rest: Rest[]]

export const sentenceKeys = Object.entries(en)
  .filter(([, words]) => typeof words === 'string')
  .map(([key]) => key) as [SentenceKey, ...SentenceKey[]]
