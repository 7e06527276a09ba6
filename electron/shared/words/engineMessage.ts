// What the engine says to people: a key of the catalogues with its values, so that a window says it in its own language.
import { z } from 'zod'
import { type Phrase, type Message, message } from './sentences.js'
import { engine } from './en/engine.js'
import { reasonIn } from './systemReason.js'

/** `key`: of `engine`; empty where it is said in English alone, as `text` has it in either case. */
export const EngineMessage = z.object({
  key: z.string(),
  values: z.record(z.string(), z.string()),
  text: z.string(),
})
export type EngineMessage = z.infer<typeof EngineMessage>

/** To stand in another sentence; undefined for what is said in English alone. */
export const enginePhrase = ({ key, values }: EngineMessage): Phrase | undefined =>
  Object.hasOwn(engine, key) ? { key: key as keyof typeof engine, values } : undefined

/** What the system said within it is put into words too. What is said in English alone stands as it is. */
export function engineSaid(from: EngineMessage): Message {
  const known = enginePhrase(from)
  if (!known) return message('engineSaid', { words: from.text })
  const reason = reasonIn(from.values['reason'] ?? '')
  return { key: known.key, values: reason ? { ...known.values, reason } : known.values }
}
