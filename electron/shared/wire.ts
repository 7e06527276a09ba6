// How a call crosses a border, the same for Electron IPC and WebSocket: arguments and results are parsed by the
// contract's schemas here, and what fails comes back as a Failure, never as a bare exception.
import { z } from 'zod'
import { Api, ApiEvent, CallMessage, RequestName, requests } from './api.js'
import { AppError, Failure, toFailure } from './errors.js'

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

const idOf = (raw: unknown): number => {
  const parsed = z.object({ id: z.number().int() }).safeParse(raw)
  return parsed.success ? parsed.data.id : -1
}

const isKnown = (name: unknown): name is RequestName =>
  typeof name === 'string' && Object.prototype.hasOwnProperty.call(requests, name)

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
  if (!isKnown(name)) throw new AppError('bad-argument', `Heirloom has no request named "${shown(name)}".`)
  const message = CallMessage.safeParse(raw)
  if (!message.success) throw badArguments(name, message.error)
  const args = requests[name].args.safeParse(message.data.args)
  if (!args.success) throw badArguments(name, args.error)
  const method = api[name] as (...args: unknown[]) => Promise<unknown>
  const result = requests[name].result.safeParse(await method(...args.data))
  if (!result.success)
    throw new AppError('internal', `Heirloom's answer to "${name}" does not have the agreed form.`, {
      detail: z.prettifyError(result.error),
    })
  return result.data
}

const shown = (value: unknown): string => String(value).slice(0, 60)

const badArguments = (name: RequestName, error: z.ZodError): AppError =>
  new AppError('bad-argument', `The request "${name}" does not have the agreed form; nothing was done.`, {
    detail: z.prettifyError(error),
  })
