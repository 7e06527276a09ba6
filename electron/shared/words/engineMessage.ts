// What the engine says to people: a key of the catalogues with its values, so that a window says it in its own language.
import { z } from 'zod'
import { type Part, type Said, said } from './sentences.js'
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
export const enginePhrase = ({ key, values }: EngineMessage): Part | undefined =>
  Object.hasOwn(engine, key) ? { key: key as keyof typeof engine, values } : undefined

/** What the system said within it is put into words too. What is said in English alone stands as it is. */
export function engineSaid(message: EngineMessage): Said {
  const known = enginePhrase(message)
  if (!known) return said('engineSaid', { words: message.text })
  const reason = reasonIn(message.values['reason'] ?? '')
  return { key: known.key, values: reason ? { ...known.values, reason } : known.values }
}
