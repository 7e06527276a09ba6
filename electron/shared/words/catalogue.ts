// All words that people read, one folder a language. Sentences that the host says stand at the top, each with its key;
// those of the window and of the command line stand in groups, one a panel, and are found by a path: "jobs.report.title".
import { en } from './en/index.js'
import { ja } from './ja/index.js'

export const catalogue = { en, ja }
export type Language = keyof typeof catalogue

type English = typeof en

export type SentenceKey = {
  [Key in keyof English]: English[Key] extends string ? Key : never
}[keyof English]

type Path<Words> = {
  [Key in keyof Words & string]: Words[Key] extends string ? Key : `${Key}.${Path<Words[Key]>}`
}[keyof Words & string]
/** Every text of the catalogue. */
export type WordKey = Path<English>

type At<Words, Key extends string> = Key extends keyof Words
  ? Words[Key]
  : Key extends `${infer Group}.${infer Rest}`
    ? Group extends keyof Words
      ? At<Words[Group], Rest>
      : never
    : never

type Blank<Words> = Words extends `${string}{{${infer Name}}}${infer Rest}`
  ? (Name extends `${infer Counted} ${string}` ? Counted : Name) | Blank<Rest>
  : never

type IsOne<Key, All = Key> = Key extends All ? ([All] extends [Key] ? true : false) : never

/** What fills the blanks of a text: all of them; of one of several texts, those that it has. */
export type Filled<Key extends WordKey, Value> =
  IsOne<Key> extends true
    ? Readonly<Record<Blank<At<English, Key>>, Value>>
    : Readonly<Partial<Record<Blank<At<English, Key>>, Value>>>

/** Values, and what may follow them; a text without blanks needs none. */
export type Filling<Key extends WordKey, Value, Rest = never> =
  // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- what nothing is missing from
  Record<never, never> extends Filled<Key, Value>
    ? [values?: Filled<Key, Value>, ...rest: Rest[]]
    : [values: Filled<Key, Value>, ...rest: Rest[]]

export const sentenceKeys = Object.entries(en)
  .filter(([, words]) => typeof words === 'string')
  .map(([key]) => key) as [SentenceKey, ...SentenceKey[]]
