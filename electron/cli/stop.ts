// Being asked to stop, as a signal for the work: Ctrl-C, `kill`, or the terminal that is closed. Asked twice, it goes at once.
import { type AppError, failing } from '../shared/contract/errors.js'

/** Within this long a second signal is the same Ctrl-C: a terminal gives it to everybody, npm and npm start pass it on as well. */
const samePressMs = 1000

export function listenForStop(stop: AbortController): void {
  let askedMs = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted && performance.now() - askedMs > samePressMs) process.exit(130)
      if (stop.signal.aborted) return
      askedMs = performance.now()
      stop.abort()
    })
}

/** The work's end, or cancelled as soon as it is asked to stop. For what only reads: nothing has to be tidied behind it. */
export async function unlessStopped<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  const cancelled = (): AppError => failing('cancelled', 'cancelled')
  if (stop.aborted) throw cancelled()
  let leave = (): void => undefined
  const stopped = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(cancelled())
    stop.addEventListener('abort', onAbort, { once: true })
    leave = () => stop.removeEventListener('abort', onAbort)
  })
  return Promise.race([work(), stopped]).finally(leave)
}
