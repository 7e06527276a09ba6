// Pictures on demand: the last ones are remembered, two are made at a time, equal requests share one answer,
// and a picture nobody waits for any more is not made.
import { failing } from '../../shared/contract/errors.js'

type Make = (signal: AbortSignal) => Promise<Uint8Array>

export interface Pictures {
  get(key: string, make: Make, signal?: AbortSignal): Promise<Uint8Array>
}

interface Making {
  picture: Promise<Uint8Array>
  controller: AbortController
  waiting: number
}

/** The pictures that were asked for last, up to so many bytes. */
function createKept(limitBytes: number): { get: (key: string) => Uint8Array | undefined; keep: Keep } {
  const kept = new Map<string, Uint8Array>() // oldest first
  let bytes = 0
  return {
    get(key) {
      const known = kept.get(key)
      if (known) {
        kept.delete(key)
        kept.set(key, known) // newest again
      }
      return known
    },
    keep(key, picture) {
      kept.set(key, picture)
      bytes += picture.byteLength
      for (const [old, value] of kept) {
        if (bytes <= limitBytes) break
        kept.delete(old)
        bytes -= value.byteLength
      }
    },
  }
}
type Keep = (key: string, picture: Uint8Array) => void

/** Runs so many pieces of work at once; the others wait for their turn. */
function createPlaces(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = 0
  const queue: (() => void)[] = []
  return async (work) => {
    if (busy >= atOnce) await new Promise<void>((resume) => queue.push(resume))
    else busy++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else busy--
    }
  }
}

/** The picture that is being made, for one who waits until `signal`; `onLeft` when that was the last one. */
function waitFor(entry: Making, signal: AbortSignal | undefined, onLeft: () => void): Promise<Uint8Array> {
  entry.waiting++
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      if (--entry.waiting === 0) {
        entry.controller.abort()
        onLeft()
      }
      reject(failing('cancelled', 'cancelled'))
    }
    signal?.addEventListener('abort', leave, { once: true })
    const settled = (): void => signal?.removeEventListener('abort', leave)
    entry.picture.then(
      (made) => {
        settled()
        resolve(made)
      },
      (error: unknown) => {
        settled()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

export function createPictures(options: { bytes?: number; atOnce?: number } = {}): Pictures {
  const { bytes: limitBytes = 48 * 1024 * 1024, atOnce = 2 } = options
  const kept = createKept(limitBytes)
  const inPlace = createPlaces(atOnce)
  const making = new Map<string, Making>()
  const forget = (key: string, entry: Making): void => {
    if (making.get(key) === entry) making.delete(key)
  }

  function start(key: string, make: Make): Making {
    const controller = new AbortController()
    const { signal } = controller
    const picture = inPlace(() => {
      if (signal.aborted) throw failing('cancelled', 'cancelled')
      return make(signal)
    })
    const entry: Making = { picture, controller, waiting: 0 }
    making.set(key, entry)
    picture.then(
      (made) => {
        forget(key, entry)
        kept.keep(key, made)
      },
      () => forget(key, entry), // everybody who waits hears it from the promise itself
    )
    return entry
  }

  return {
    get(key, make, signal) {
      const known = kept.get(key)
      if (known) return Promise.resolve(known)
      if (signal?.aborted) return Promise.reject(failing('cancelled', 'cancelled'))
      const entry = making.get(key) ?? start(key, make)
      return waitFor(entry, signal, () => forget(key, entry))
    },
  }
}
