// Files on their way to the browser host: how far each is, and, after a page that was closed meanwhile, which did not arrive.
import { create } from 'zustand'
import { z } from 'zod'
import { failing, toFailure } from '../../electron/shared/contract/errors.js'
import { connection } from './host.js'
import { inform, notify } from './session.js'

export interface Upload {
  id: number
  name: string
  bytes: number
  sent: number
}

interface UploadsState {
  /** Those that have not arrived, in the order in which they are sent: the first is on its way. */
  waiting: Upload[]
  /** Since there was none. */
  arrived: number
  total: number
  stop?: AbortController
  releaseSign?: () => void
}

const nothing: UploadsState = { waiting: [], arrived: 0, total: 0, stop: undefined, releaseSign: undefined }
export const useUploads = create<UploadsState>()(() => nothing)

const storageKey = 'heirloom.uploads'

/** Written down for the next time the page is opened. A browser that keeps nothing for us cannot tell, that is all. */
function remember(): void {
  try {
    const names = useUploads.getState().waiting.map(({ name }) => name)
    if (names.length === 0) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, JSON.stringify(names))
  } catch {
    // Storage may be switched off.
  }
}

function remembered(): string[] {
  try {
    const found = z.array(z.string()).safeParse(JSON.parse(localStorage.getItem(storageKey) ?? '[]'))
    localStorage.removeItem(storageKey)
    return found.success ? found.data : []
  } catch {
    return [] // storage may be switched off
  }
}

/** Another page of this browser is sending: what is written down is its, and not lost. */
const isOtherSending = async (): Promise<boolean> =>
  'locks' in navigator && ((await navigator.locks.query()).held ?? []).some(({ name }) => name === storageKey)

/** Says once which files did not arrive because the page was closed. */
export async function tellOfLostUploads(): Promise<void> {
  if (await isOtherSending()) return
  const names = remembered()
  if (names.length > 0)
    notify({
      failure: toFailure(
        failing('source-unreadable', 'uploadsLost', { count: names.length, names: names.join(', ') }),
      ),
    })
}

/** Held until it is called: the sign for other pages that this one is sending. */
function holdSign(): () => void {
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  if ('locks' in navigator) void navigator.locks.request(storageKey, { mode: 'shared' }, () => held)
  return () => release()
}

const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault()

let lastId = 0

/** Takes files into the list; each is sent in its turn with `send`. Leaving the page is asked about until all have arrived. */
export function queueUploads(files: readonly File[]): { send(file: File): Promise<string> } {
  const queued = files.map((file) => ({ file, id: ++lastId }))
  window.addEventListener('beforeunload', askBeforeLeaving)
  useUploads.setState(({ waiting, total, stop, releaseSign }) => ({
    waiting: [
      ...waiting,
      ...queued.map(({ file, id }) => ({ id, name: file.name, bytes: file.size, sent: 0 })),
    ],
    total: total + queued.length,
    stop: stop ?? new AbortController(),
    releaseSign: releaseSign ?? holdSign(),
  }))
  remember()
  const leave = (id: number, hasArrived: boolean): void => {
    useUploads.setState(({ waiting, arrived }) => ({
      waiting: waiting.filter((upload) => upload.id !== id),
      arrived: arrived + (hasArrived ? 1 : 0),
    }))
    remember()
    const { waiting, arrived, total, releaseSign } = useUploads.getState()
    if (waiting.length > 0) return
    releaseSign?.()
    if (total > 1 && arrived === total) inform('filesArrived', { count: total })
    window.removeEventListener('beforeunload', askBeforeLeaving)
    useUploads.setState(nothing)
  }
  return {
    async send(file) {
      const id = queued.find((entry) => entry.file === file)?.id ?? 0
      const onProgress = (sent: number): void =>
        useUploads.setState(({ waiting }) => ({
          waiting: waiting.map((upload) => (upload.id === id ? { ...upload, sent } : upload)),
        }))
      let path: string | undefined
      try {
        const { signal } = useUploads.getState().stop ?? {}
        path = await connection().upload?.(file, { onProgress, signal })
        if (!path) throw failing('source-unreadable', 'fileNowhere', { name: file.name })
        return path
      } finally {
        leave(id, path !== undefined)
      }
    },
  }
}

/** Those that have not arrived are not sent any more. */
export const stopUploads = (): void => useUploads.getState().stop?.abort()
