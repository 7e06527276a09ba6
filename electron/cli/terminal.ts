// Where a command's words go: results to stdout, everything else to stderr, a progress line that rewrites itself on a terminal. Each text is one
// line, several are given one by one: what a name holds besides letters is shown and never obeyed.
import { createInterface } from 'node:readline/promises'
import type { Language } from '../shared/words/catalogue.js'
import { type Locale, localeOf } from '../shared/words/lookup.js'
import { visible } from '../shared/words/visible.js'

/** It speaks the language of the system's settings (LC_ALL, LC_MESSAGES, LANG), JSON apart. */
export interface Terminal extends Locale {
  print(...lines: string[]): void
  json(value: unknown): void
  warn(...lines: string[]): void
  progress(text: string): void
  endProgress(): void
  /** A question with yes or no; undefined where nobody can be asked. */
  ask(question: string, signal: AbortSignal): Promise<boolean | undefined>
}

/** Without a terminal, a line of progress at most this often: it ends in a log. */
const logEveryMs = 5000

/** Still the same JSON: what JSON leaves as it is and a terminal would obey stands as its escape. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const written = (lines: readonly string[]): string => lines.map((line) => `${visible(line)}\n`).join('')

export function createTerminal(
  language: Language,
  out: NodeJS.WriteStream = process.stdout,
  err: NodeJS.WriteStream = process.stderr,
  input: NodeJS.ReadStream = process.stdin,
): Terminal {
  let isLineOpen = false
  let loggedMs = -Infinity
  const endProgress = (): void => {
    if (isLineOpen) err.write('\n')
    isLineOpen = false
  }
  // `heirloom models | head -1` closes our stdout early; that is not a failure.
  out.on('error', () => undefined)
  err.on('error', () => undefined) // the terminal was closed: the work is cancelled, nobody reads how
  return {
    ...localeOf(language),
    print: (...lines) => void out.write(written(lines)),
    json: (value) => void out.write(`${jsonOf(value)}\n`),
    warn: (...lines) => {
      endProgress()
      err.write(written(lines))
    },
    progress: (text) => {
      if (err.isTTY) {
        err.write(`\r\u001b[K${visible(text)}`)
        isLineOpen = true
      } else if (performance.now() - loggedMs >= logEveryMs) {
        loggedMs = performance.now()
        err.write(written([text]))
      }
    },
    endProgress,
    async ask(question, signal) {
      if (!input.isTTY || !err.isTTY) return undefined
      const lines = createInterface({ input, output: err })
      try {
        return /^(y(es)?|はい)$/i.test(
          (await lines.question(`${visible(question)} [y/N] `, { signal })).trim(),
        )
      } finally {
        lines.close()
      }
    },
  }
}
