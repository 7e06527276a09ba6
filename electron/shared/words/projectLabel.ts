// What projects are called in lists and menus.
import { type Language, catalogue } from './catalogue.js'
import { wordsIn } from './sentences.js'

interface Listed {
  path: string
  name: string | null
  about?: string
  isThere: boolean
}

const folderOf = (path: string): string => path.split(/[\\/]/).at(-2) ?? ''

/** "Holiday", of several of one name "Holiday (Summer)" with the folder, "Untitled (Tape 3.avi)", "Holiday (not there)". */
export function projectLabel(project: Listed, all: readonly Listed[], language: Language): string {
  const { path, name, about = '', isThere } = project
  const words = catalogue[language].project
  const beside = (template: string, what: string): string =>
    template.replace('{{name}}', () => name ?? words.untitled).replace('{{what}}', () => what)
  if (name === null) return beside(words.of, about)
  const isOne = all.every((other) => other.path === path || other.name !== name)
  if (!isThere)
    return beside(words.of, isOne ? words.missing : wordsIn(language, [folderOf(path), words.missing]))
  return isOne ? name : beside(words.of, folderOf(path))
}
