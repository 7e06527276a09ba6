// How a call crosses a border, the same for Electron IPC and WebSocket: arguments and results are parsed by the
// contract's schemas here, and what fails comes back as a Failure, never as a bare exception.
import { z } from 'zod'
import { Api, ApiEvent, CallMessage, RequestName, partsOf, requestNames, requestOf } from './api.js'
import { type AppError, Failure, failing, toFailure } from './errors.js'

export const AnswerMessage = z.union([
  z.object({ id: z.number().int(), failure: Failure }),
  z.object({ id: z.number().int(), result: z.unknown() }),
])
export type AnswerMessage = z.infer<typeof AnswerMessage>

/** What a host sends to a window: answers to calls, and events on their own. */
export const HostMessage = z.union([z.object({ event: ApiEvent }), AnswerMessage])
export type HostMessage = z.infer<typeof HostMessage>

/** What the preload script exposes as `window.heirloom`. */
export interface PreloadBridge {
  call(message: CallMessage): Promise<AnswerMessage>
  on(listener: (event: ApiEvent) => void): () => void
  /** The path behind a dropped or chosen file, empty when it has none; the host is told that the person chose it. */
  pathForFile(file: File): string
}

/** A project of a hundred thousand clips is about 30 MB. */
export const mostRequestBytes = 32 << 20

export const tooLarge = (bytes: number): AppError =>
  failing('bad-argument', 'requestTooLarge', {
    megabytes: Math.ceil(bytes / 2 ** 20),
    most: mostRequestBytes / 2 ** 20,
  })

/** The answer to a call that is not read any further. */
export const refuseLarge = (raw: unknown, bytes: number): AnswerMessage => ({
  id: idOf(raw),
  failure: toFailure(tooLarge(bytes)),
})

const idOf = (raw: unknown): number => {
  const parsed = z.object({ id: z.number().int() }).safeParse(raw)
  return parsed.success ? parsed.data.id : -1
}

const isKnown = (name: unknown): name is RequestName =>
  typeof name === 'string' && (requestNames as string[]).includes(name)

/** Parse a call that came in from outside, make it, check what comes back. Never rejects. */
export async function answerCall(api: Api, raw: unknown): Promise<AnswerMessage> {
  const id = idOf(raw)
  try {
    return { id, result: await perform(api, raw) }
  } catch (error) {
    return { id, failure: toFailure(error) }
  }
}

async function perform(api: Api, raw: unknown): Promise<unknown> {
  const name = (raw as { name?: unknown } | null)?.name
  if (!isKnown(name)) throw failing('bad-argument', 'requestUnknown', { name: shown(name) })
  const message = CallMessage.safeParse(raw)
  if (!message.success) throw badArguments(name, message.error)
  const request = requestOf(name)
  const args = request.args.safeParse(message.data.args)
  if (!args.success) throw badArguments(name, args.error)
  const [namespace, method] = partsOf(name)
  const methods = api[namespace] as Record<string, (...args: unknown[]) => Promise<unknown>>
  const result = request.result.safeParse(await methods[method]?.(...args.data))
  if (!result.success)
    throw failing('internal', 'answerForm', { name }, { detail: z.prettifyError(result.error) })
  return result.data
}

/** Of any kind, lists in lists of any depth too: of those only what they are. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 60)
  if (Array.isArray(value)) return '[...]'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'object' && value !== null ? '{...}' : ''
}

const badArguments = (name: RequestName, error: z.ZodError): AppError =>
  failing('bad-argument', 'requestForm', { name }, { detail: z.prettifyError(error) })
