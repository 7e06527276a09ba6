// One line of the log, and how people read it.
import { z } from 'zod'
import { visible } from '../../shared/words/visible.js'

export const Entry = z.object({
  /** When, in UTC. */
  at: z.string(),
  pid: z.number().int(),
  what: z.enum(['start', 'found', 'failed', 'jobBegins', 'jobEnded', 'engineDied', 'crashed', 'end']),
  facts: z.record(z.string(), z.unknown()),
})
export type Entry = z.infer<typeof Entry>

const words: Record<Entry['what'], string> = {
  start: 'Heirloom starts',
  found: 'what is here',
  failed: 'failed',
  jobBegins: 'job begins',
  jobEnded: 'job ended',
  engineDied: 'the engine died',
  crashed: 'crashed',
  end: 'Heirloom ends',
}

/** What a message says again in other words. */
const unread = ['sentence']

function linesOf(name: string, value: unknown, indent: string): string[] {
  if (value === undefined || value === null || unread.includes(name)) return []
  if (typeof value === 'string' && value.includes('\n'))
    return [`${indent}${name}:`, ...value.split('\n').map((line) => `${indent}  ${line}`)]
  if (typeof value !== 'object')
    return [`${indent}${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`]
  const parts = Array.isArray(value)
    ? value.flatMap((part) => linesOf('-', part, `${indent}  `))
    : Object.entries(value).flatMap(([key, part]) => linesOf(key, part, `${indent}  `))
  return [`${indent}${name}:`, ...parts]
}

/** In English, as whoever is sent it reads it. Nothing in it moves a cursor. */
export const textOf = (entries: readonly Entry[]): string =>
  entries
    .flatMap(({ at, pid, what, facts }) => [
      `${at} [${pid}] ${words[what]}`,
      ...Object.entries(facts).flatMap(([name, value]) => linesOf(name, value, '  ')),
    ])
    .map(visible)
    .join('\n')
