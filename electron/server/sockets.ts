// The contract over WebSocket: one message is one call, its answer carries the same number. Reading stops while many
// calls are under way, events wait until the last one has left: neither side can fill the memory of the other.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Host } from '../app/host/host.js'
import { socketProtocol } from '../shared/contract/session.js'
import { answerCall, mostRequestBytes, refuseLarge } from '../shared/contract/wire.js'
import { createEventQueue } from './events.js'

/** What is larger still ends the connection; up to here it is told. */
const maxMessageBytes = 2 * mostRequestBytes
/** Of calls under way. */
const maxBytesUnderWay = 2 * mostRequestBytes
const maxCallsUnderWay = 64

export interface Sockets {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

export function createSockets(host: Host): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(socketProtocol) ? socketProtocol : false), // never the one with the key
    perMessageDeflate: false, // loopback: compressing would only cost time and memory
  })
  server.on('connection', (socket) => serveSocket(host, socket))
  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request)),
    close() {
      for (const socket of server.clients) socket.close(1001, 'Heirloom was closed')
      server.close()
    },
  }
}

function serveSocket(host: Host, socket: WebSocket): void {
  let [underWay, bytesUnderWay] = [0, 0]
  const isFull = (): boolean => underWay >= maxCallsUnderWay || bytesUnderWay >= maxBytesUnderWay
  const send = (message: unknown, sent?: () => void): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message), () => sent?.())
  }

  const answer = async (text: string): Promise<void> => {
    const bytes = Buffer.byteLength(text)
    underWay++
    bytesUnderWay += bytes
    if (isFull()) socket.pause()
    const call = parseJson(text)
    send(bytes > mostRequestBytes ? refuseLarge(call, bytes) : await answerCall(host.api, call))
    underWay--
    bytesUnderWay -= bytes
    if (!isFull()) socket.resume()
  }

  const queue = createEventQueue()
  let isSending = false
  const pump = (): void => {
    const event = isSending ? undefined : queue.shift()
    if (!event) return
    isSending = true
    send({ event }, () => {
      isSending = false
      pump()
    })
  }
  const stop = host.on((event) => {
    queue.push(event)
    pump()
  })

  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'text messages only')
    else void answer((data as Buffer).toString()) // binaryType is nodebuffer
  })
  socket.on('close', stop)
  socket.on('error', () => socket.terminate()) // too large or malformed: the window sees a lost connection and dials again
}

/** What is not JSON becomes a call without a name, which is answered with bad-argument. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
