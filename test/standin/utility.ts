// Loaded before a utility process's own entry: gives it `process.parentPort` over the channel that fork made.
import { EventEmitter } from 'node:events'

class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(message)
  }
}

const port = new ParentPort()
const early: unknown[] = []
// Electron keeps messages until somebody listens.
port.on('newListener', (name) => {
  if (name === 'message')
    queueMicrotask(() => {
      for (const data of early.splice(0)) port.emit('message', { data, ports: [] })
    })
})
process.on('message', (data) => {
  if (port.listenerCount('message') === 0) early.push(data)
  else port.emit('message', { data, ports: [] })
})
Object.defineProperty(process, 'parentPort', { value: port })
// A utility process ends with its parent.
process.on('disconnect', () => process.exit(0))
