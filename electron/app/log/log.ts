// The log: a file of JSON lines, written at once, so that the last line before a crash is there. Bounded: a few files of a few letters.
// It holds what was done and how it failed, never frames. A log that cannot be written stops nothing.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from '../../ffmpeg/openFile.js'
import { Entry } from './entry.js'

export interface Log {
  readonly path: string
  write(what: Entry['what'], facts: Entry['facts']): void
  /** The oldest first, of all files. Lines that a full disk cut off are left out. */
  read(): Promise<Entry[]>
}

const fileBytes = 1 << 20
const files = 5
const longestText = 4000
const longestList = 200

/** Long texts keep their end, where tools say what went wrong. */
function bounded(_: string, value: unknown): unknown {
  if (typeof value === 'string' && value.length > longestText) return `…${value.slice(-longestText)}`
  return Array.isArray(value) && value.length > longestList ? value.slice(-longestList) : value
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0 // not there yet
  }
}

/** Of a host that keeps its things in `dataFolder`. */
export const logFolder = (dataFolder: string): string => join(dataFolder, 'log')

export function createLog(folder: string, limits = { fileBytes, files }): Log {
  const path = join(folder, 'heirloom.log')
  const older = (age: number): string => (age === 0 ? path : join(folder, `heirloom.${age}.log`))

  function makeRoom(bytes: number): void {
    if (sizeOf(path) + bytes <= limits.fileBytes) return
    for (let age = limits.files - 1; age > 0; age--)
      if (sizeOf(older(age - 1)) > 0) renameSync(older(age - 1), older(age))
  }

  return {
    path,
    write(what, facts) {
      const entry: Entry = { at: new Date().toISOString(), pid: process.pid, what, facts }
      try {
        const line = `\n${JSON.stringify(entry, bounded)}` // the break first: what a full disk cut off before ends there
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        makeRoom(Buffer.byteLength(line))
        appendFileSync(path, line, { mode: 0o600 })
      } catch {
        // A full disk, a folder of somebody else's: what is worth a sentence there is told by whoever cannot work then.
      }
    },
    async read() {
      const ages = Array.from({ length: limits.files }, (_, age) => limits.files - 1 - age)
      const texts = await Promise.all(ages.map((age) => readText(older(age)).catch(() => ''))) // not that many yet
      return texts.flatMap((text) => text.split('\n')).flatMap(entryOf)
    },
  }
}

function entryOf(line: string): Entry[] {
  try {
    const entry = Entry.safeParse(JSON.parse(line))
    return entry.success ? [entry.data] : []
  } catch {
    return [] // cut off
  }
}
