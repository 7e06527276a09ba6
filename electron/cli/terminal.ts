// Where a command's words go: results to stdout, everything else to stderr, a progress line that rewrites itself on a terminal.
import { createInterface } from 'node:readline/promises'

export interface Terminal {
  print(text: string): void
  json(value: unknown): void
  warn(text: string): void
  progress(text: string): void
  endProgress(): void
  /** A question with yes or no; undefined where nobody can be asked. */
  ask(question: string, signal: AbortSignal): Promise<boolean | undefined>
}

/** Without a terminal, a line of progress at most this often: it ends in a log. */
const logEveryMs = 5000

export function createTerminal(
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
    print: (text) => void out.write(`${text}\n`),
    json: (value) => void out.write(`${JSON.stringify(value)}\n`),
    warn: (text) => {
      endProgress()
      err.write(`${text}\n`)
    },
    progress: (text) => {
      if (err.isTTY) {
        err.write(`\r\u001b[K${text}`)
        isLineOpen = true
      } else if (performance.now() - loggedMs >= logEveryMs) {
        loggedMs = performance.now()
        err.write(`${text}\n`)
      }
    },
    endProgress,
    async ask(question, signal) {
      if (!input.isTTY || !err.isTTY) return undefined
      const lines = createInterface({ input, output: err })
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim())
      } finally {
        lines.close()
      }
    },
  }
}
