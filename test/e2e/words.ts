// What the window says in each language, so that tests find things by what people read and a new wording breaks no test.
import { type Language, catalogue } from '../../electron/shared/words/catalogue.js'

export type { Language }

/** The words behind a key such as `export.begin`; `{{name}}` is filled from `values`. */
export function words(key: string, values: Record<string, string> = {}, language: Language = 'en'): string {
  const found = key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], catalogue[language])
  if (typeof found !== 'string') throw new Error(`the window has no words "${key}"`)
  return found.replace(/{{(\w+)}}/g, (_, name: string) => values[name] ?? '')
}
