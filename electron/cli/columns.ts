// Text in the columns of a terminal, where a Japanese letter is two columns wide.
import type { Language } from '../shared/words/catalogue.js'

const wide = String.raw`\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6`
const wideLetter = new RegExp(`[${wide}]`, 'g')
/** Spaces, words of narrow letters, runs of wide ones. */
const runs = new RegExp(`\\s+|[^\\s${wide}]+|[${wide}]+`, 'g')

export const columnsOf = (text: string): number => text.length + (text.match(wideLetter)?.length ?? 0)

export const padTo = (columns: number, text: string): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

/** Where a line may end: between words, never before a mark that closes nor behind one that opens. */
function unbroken(text: string, language: Language): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' })
  const found: string[] = []
  for (const run of text.match(runs) ?? [])
    for (const word of columnsOf(run) > run.length
      ? [...segmenter.segment(run)].map((s) => s.segment)
      : [run]) {
      const before = found.at(-1)
      if (before !== undefined && (/^[、。）」：；，,.;:)]/.test(word) || /[（「(]$/.test(before)))
        found[found.length - 1] = before + word
      else found.push(word)
    }
  return found
}

/** Lines of at most so many columns; a word that is longer stands alone. */
export function wrap(columns: number, text: string, language: Language): string[] {
  const lines = ['']
  for (const word of unbroken(text, language)) {
    const line = lines.at(-1) ?? ''
    if (columnsOf((line + word).trimEnd()) <= columns) lines[lines.length - 1] = (line + word).trimStart()
    else lines.push(word.trimStart())
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== '')
}
