// What projects are called in lists and menus.
import { type Language, catalogue } from './catalogue.js'

interface Listed {
  name: string | null
  about?: string
  isThere: boolean
}

/** "Holiday", "Untitled (Tape 3.avi)", "Holiday (not there)". */
export function projectLabel({ name, about = '', isThere }: Listed, language: Language): string {
  const words = catalogue[language].project
  if (name === null) return words.untitledOf.replace('{{about}}', () => about)
  return isThere ? name : words.missing.replace('{{name}}', () => name)
}
