// What the window says in each language, so that tests find things by what people read and a new wording breaks no test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLabels } from '../../electron/shared/words/commandNames.js'
import { root } from '../standin/launch.js'

export type Language = 'en' | 'ja'

const load = (language: Language): unknown => ({
  ...(JSON.parse(readFileSync(join(root, 'renderer', 'locales', `${language}.json`), 'utf8')) as object),
  ...commandLabels[language],
})
const all = { en: load('en'), ja: load('ja') }

/** The words behind a key such as `export.begin`; `{{name}}` is filled from `values`. */
export function words(key: string, values: Record<string, string> = {}, language: Language = 'en'): string {
  const found = key
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], all[language])
  if (typeof found !== 'string') throw new Error(`the window has no words "${key}"`)
  return found.replace(/{{(\w+)}}/g, (_, name: string) => values[name] ?? '')
}
