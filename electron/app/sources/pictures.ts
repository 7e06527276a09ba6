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

export function createPictures(options: { bytes?: number; atOnce?: number } = {}): Pictures {
  const { bytes: limit = 48 * 1024 * 1024, atOnce = 2 } = options
  const kept = new Map<string, Uint8Array>() // oldest first
  let bytes = 0
  const making = new Map<string, Making>()
  let busy = 0
  const queue: (() => void)[] = []

  function keep(key: string, picture: Uint8Array): void {
    kept.set(key, picture)
    bytes += picture.byteLength
    for (const [old, value] of kept) {
      if (bytes <= limit) break
      kept.delete(old)
      bytes -= value.byteLength
    }
  }

  async function inPlace<T>(work: () => Promise<T>): Promise<T> {
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

  function start(key: string, make: Make): Making {
    const controller = new AbortController()
    const { signal } = controller
    const picture = inPlace(() => {
      if (signal.aborted) throw failing('cancelled', 'cancelled')
      return make(signal)
    })
    const entry = { picture, controller, waiting: 0 }
    making.set(key, entry)
    const end = (): void => void (making.get(key) === entry && making.delete(key))
    picture.then(
      (made) => {
        end()
        keep(key, made)
      },
      end, // everybody who waits hears it from the promise itself
    )
    return entry
  }

  return {
    get(key, make, signal) {
      const known = kept.get(key)
      if (known) {
        kept.delete(key)
        kept.set(key, known) // newest again
        return Promise.resolve(known)
      }
      if (signal?.aborted) return Promise.reject(failing('cancelled', 'cancelled'))
      const entry = making.get(key) ?? start(key, make)
      entry.waiting++
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          if (--entry.waiting === 0) {
            entry.controller.abort()
            if (making.get(key) === entry) making.delete(key)
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
    },
  }
}
