// Takes out of the log what is a person's own before it is passed on: names of files and folders, and of the person. What is the same
// name stays the same blank, and endings stay, so that a story can still be followed.
import { homedir, userInfo } from 'node:os'
import { basename, extname } from 'node:path'
import { visible } from '../../shared/words/visible.js'
import { root } from '../access/resources.js'
import type { Entry } from './entry.js'

/** Under these keys stand names of people's things, whatever they look like. */
const nameKeys = ['name', 'file', 'files', 'target', 'wanted', 'titles', 'others']
/** Under these a path is a path to its end; elsewhere one with ": " in it may be a tool's sentence about it. */
const pathKeys = [...nameKeys, 'path', 'folder', 'outputPath', 'args']
const beginsAsPath = /^(file:)?(\/|\\\\|~[\\/]|[A-Za-z]:[\\/])/
/** Wherever else one begins: to the end of what is quoted, or of the line. */
const loosePath = /(?<![\w.>\])])(?:[A-Za-z]:[\\/]|\\\\|\/(?=[^\s/]))(?:[^"'“”«»\n:;|]|:(?=\S))+/g
/** `  title   : Summer`, as ffmpeg shows what a file says of itself. */
const metadata = /^ +[\w-]+ *: .*$/gm
const shortest = 3
/** A line of a name: shorter ones are words that stand elsewhere too. */
const shortestLine = 6

/** Strings, with the key that they stand under. */
function strings(value: unknown, key: string): [key: string, text: string][] {
  if (typeof value === 'string') return [[key, value]]
  if (Array.isArray(value)) return value.flatMap((part) => strings(part, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => strings(part, name))
}

function namesIn([key, text]: [key: string, text: string]): string[] {
  const isPath = beginsAsPath.test(text) && (pathKeys.includes(key) || !/: |\n/.test(text))
  if (isPath) return text.startsWith(root) ? [] : [text, basename(text)]
  return nameKeys.includes(key) ? [text] : []
}

/** What ffmpeg writes as a question mark. */
const unprinted = /[\u0000-\u0007\u000e-\u001f]/g

/** A name as sentences, JSON and ffmpeg's lines hold it, and each line of one that breaks lines: a tool's words are kept by line. */
function formsOf(name: string): string[] {
  const own = [name, ...name.split(/[\r\n]+/).filter((line) => line !== name && line.length >= shortestLine)]
  return own.flatMap((form) => [
    form,
    visible(form),
    JSON.stringify(form).slice(1, -1),
    form.replace(unprinted, '?'),
  ])
}

export interface Person {
  home: string
  name: string
}

const here = (): Person => ({ home: homedir(), name: userInfo().username })

export function blanked(entries: readonly Entry[], person: Person = here()): Entry[] {
  const found = entries.flatMap(({ facts }) => strings(facts, '')).flatMap(namesIn)
  const names = [...new Set(found)].filter((name) => name.length >= shortest)
  const forms = new Map(names.flatMap((name) => formsOf(name).map((form) => [form, name])))
  for (const name of names) forms.set(name, name) // its own before another's line
  const longestFirst = [...forms].sort(([a], [b]) => b.length - a.length)
  const numbers = new Map<string, number>()
  const blank = (name: string): string => {
    if (!numbers.has(name)) numbers.set(name, numbers.size + 1)
    return `[name ${numbers.get(name)}]${/^\.\w{1,5}$/.exec(extname(name))?.[0] ?? ''}`
  }
  const own = [person.home, person.name].filter((word) => word.length >= shortest)
  const clean = (text: string): string => {
    let left = text
      .replaceAll(`file://${root}`, root)
      .replaceAll(root, '<heirloom>')
      .replace(metadata, '  [metadata]')
    for (const [form, name] of longestFirst) left = left.replaceAll(form, () => blank(name))
    left = left.replace(loosePath, (path) => blank(path.trimEnd()))
    for (const word of own) left = left.replaceAll(word, '[person]')
    return left
  }
  const cleanAll = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value)
    if (Array.isArray(value)) return value.map(cleanAll)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleanAll(part)]))
  }
  return entries.map((entry) => ({ ...entry, facts: cleanAll(entry.facts) as Entry['facts'] }))
}
