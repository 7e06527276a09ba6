// One WebSocket to the browser host: calls are matched to answers by number, a lost connection fails what was
// under way with a sentence and is tried again in the background. Nothing is sent twice.
import { ApiEvent, CallMessage } from '../../electron/shared/api.js'
import { AppError } from '../../electron/shared/errors.js'
import { AnswerMessage, HostMessage } from '../../electron/shared/wire.js'

export interface Socket {
  call(message: CallMessage): Promise<AnswerMessage>
  on(listener: (event: ApiEvent) => void): () => void
}

const retryMs = 1000

const lost = (): AppError =>
  new AppError(
    'internal',
    'The connection to Heirloom was lost. Exports go on without this window; if it does not come back, start Heirloom again.',
  )

interface Waiting {
  resolve(answer: AnswerMessage): void
  reject(error: AppError): void
}

export async function openSocket(url: string, protocols: readonly string[]): Promise<Socket> {
  const listeners = new Set<(event: ApiEvent) => void>()
  const waiting = new Map<number, Waiting>()

  const receive = (text: string): void => {
    const message = HostMessage.parse(JSON.parse(text))
    if ('event' in message) {
      for (const listener of listeners) listener(message.event)
      return
    }
    waiting.get(message.id)?.resolve(message)
    waiting.delete(message.id)
  }

  const dial = (): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, [...protocols])
      socket.onopen = () => resolve(socket)
      socket.onmessage = (event) => receive(String(event.data))
      socket.onclose = () => {
        reject(lost())
        for (const call of waiting.values()) call.reject(lost())
        waiting.clear()
      }
    })

  const keep = (socket: WebSocket): void => {
    current = socket
    socket.addEventListener('close', () => void redial())
  }
  const redial = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, retryMs))
    await dial().then(keep, redial)
  }

  let current = await dial()
  keep(current)

  return {
    call: (message) =>
      new Promise((resolve, reject) => {
        if (current.readyState !== WebSocket.OPEN) return reject(lost())
        waiting.set(message.id, { resolve, reject })
        current.send(JSON.stringify(message))
      }),
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
