// The engine speaks English: its sentences are known again by their words, and said in the language of a window.
import { type Part, type Said, said } from './sentences.js'
import { engineEn } from './sentencesEn.js'
import { reasonIn } from './systemReason.js'

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Templates of the engine, as what finds their values again. */
const engineForms = (Object.keys(engineEn) as (keyof typeof engineEn)[]).map((key) => {
  const parts = engineEn[key].split(/{{(\w+)}}/)
  const form = parts.map((part, i) => (i % 2 === 0 ? escape(part) : '(.+?)')).join('')
  return { key, names: parts.filter((_, i) => i % 2 === 1), form: new RegExp(`^${form}$`, 's') }
})

/** "640x480", as the engine writes it, with the sign that people read. */
const signed = (value: string): string => value.replace(/^(\d+)x(\d+)$/, '$1×$2')

/** Which sentence the engine has said, known by its English words; undefined for one that has not been translated. */
export function heard(sentence: string): Part | undefined {
  for (const { key, names, form } of engineForms) {
    const found = form.exec(sentence)
    if (found)
      return { key, values: Object.fromEntries(names.map((name, i) => [name, signed(found[i + 1] ?? '')])) }
  }
  return undefined
}

/** The same as a failure says it: what the system said within it is put into words too. One that has not been translated stands as it is. */
export function engineSaid(sentence: string): Said {
  const known = heard(sentence)
  if (!known) return said('engineSaid', { words: sentence })
  const reason = reasonIn(String(known.values['reason'] ?? ''))
  return { key: known.key, values: reason ? { ...known.values, reason } : known.values }
}
