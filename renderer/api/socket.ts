// One WebSocket to the browser host: calls are matched to answers by number, a lost connection fails what was
// under way with a sentence and is tried again in the background. Nothing is sent twice.
import { ApiEvent, CallMessage } from '../../electron/shared/contract/api.js'
import { AppError, failing } from '../../electron/shared/contract/errors.js'
import {
  AnswerMessage,
  HostMessage,
  mostRequestBytes,
  tooLarge,
} from '../../electron/shared/contract/wire.js'

export interface Socket {
  call(message: CallMessage): Promise<AnswerMessage>
  on(listener: (event: ApiEvent) => void): () => void
  /** Hears at once when the host is lost, and when it is there again. */
  onState(listener: (isConnected: boolean) => void): () => void
}

const retryMs = 1000
/** A host that hangs does not hang up: it is asked for a sign of life this often, and given up when it owes one for so long. */
const pulseMs = 5000
const silenceMs = 15_000
/** Far from the numbers of calls. */
const pulseId = -1

const lost = (): AppError => failing('internal', 'connectionLost')

interface Waiting {
  resolve(answer: AnswerMessage): void
  reject(error: AppError): void
}

/** Resolves when it is open; `onLost` is called when it closes, and when it never opened. */
const dial = (
  url: string,
  protocols: readonly string[],
  receive: (message: HostMessage) => void,
  onLost: () => void,
): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols])
    socket.onopen = () => resolve(socket)
    socket.onmessage = (event) => receive(HostMessage.parse(JSON.parse(String(event.data))))
    socket.onclose = () => {
      reject(lost())
      onLost()
    }
  })

/** Asks for signs of life as long as it is open, and closes it when one is owed for too long. */
function startPulse(socket: WebSocket): void {
  let owedSinceMs: number | undefined
  const pulse = setInterval(() => {
    // A page in the background is woken seldom: only a question that went unanswered counts, not the time since the last word.
    if (owedSinceMs !== undefined && performance.now() - owedSinceMs > silenceMs) return socket.close()
    owedSinceMs ??= performance.now()
    socket.send(JSON.stringify({ id: pulseId, name: 'jobs.list', args: [] } satisfies CallMessage))
  }, pulseMs)
  socket.addEventListener('message', () => (owedSinceMs = undefined))
  socket.addEventListener('close', () => clearInterval(pulse))
}

export async function openSocket(url: string, protocols: readonly string[]): Promise<Socket> {
  const listeners = new Set<(event: ApiEvent) => void>()
  const waiting = new Map<number, Waiting>()
  const stateListeners = new Set<(isConnected: boolean) => void>()
  const tellState = (isConnected: boolean): void => stateListeners.forEach((tell) => tell(isConnected))

  const receive = (message: HostMessage): void => {
    if ('event' in message) {
      for (const listener of listeners) listener(message.event)
      return
    }
    waiting.get(message.id)?.resolve(message)
    waiting.delete(message.id)
  }
  const onLost = (): void => {
    for (const call of waiting.values()) call.reject(lost())
    waiting.clear()
  }
  const keep = (socket: WebSocket): void => {
    current = socket
    startPulse(socket)
    socket.addEventListener('close', () => {
      tellState(false)
      void redial()
    })
  }
  const redial = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, retryMs))
    await dial(url, protocols, receive, onLost).then((socket) => {
      keep(socket)
      tellState(true)
    }, redial)
  }

  let current = await dial(url, protocols, receive, onLost)
  keep(current)

  return {
    call: (message) =>
      new Promise((resolve, reject) => {
        if (current.readyState !== WebSocket.OPEN) return reject(lost())
        const text = JSON.stringify(message)
        const bytes = text.length * 3 > mostRequestBytes ? new Blob([text]).size : text.length
        if (bytes > mostRequestBytes) return reject(tooLarge(bytes)) // the host would hang up
        waiting.set(message.id, { resolve, reject })
        current.send(text)
      }),
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onState: (listener) => {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
  }
}
