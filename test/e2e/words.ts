// What the window says in each language, so that tests find things by what people read and a new wording breaks no test.
import type { Language, WordKey } from '../../electron/shared/words/catalogue.js'
import { lookup } from '../../electron/shared/words/lookup.js'

export type { Language, WordKey }

/** The words behind a key such as `export.begin`; `{{name}}` is filled from `values`. */
export function words(
  key: WordKey,
  values: Record<string, string | number> = {},
  language: Language = 'en',
): string {
  const say = lookup(language) as (key: WordKey, values: Record<string, string | number>) => string
  return say(key, values)
}
