// What runs inside the page: the preload script's `electron` in an isolated world, and the other end of its context
// bridge in the page's world. Both functions are sent as text, so they use nothing from outside themselves.
//
// The worlds talk by CustomEvents, which cross synchronously and clone what they carry, as the real bridge does.
// Functions cross only as an argument or result of their own, promises only as results, files only as arguments and by
// name (an event's detail does not clone them): all that our preload uses.

export interface IsolatedWorldOptions {
  preload: string
  /** Name of the CDP binding that carries text to the stand-in. */
  binding: string
}

/** The isolated world: `require('electron')` for the preload script. */
export function isolatedWorld({ preload, binding }: IsolatedWorldOptions): void {
  type Receive = (message: {
    kind: string
    id?: number
    channel?: string
    value?: unknown
    error?: string
  }) => void
  const world = globalThis as unknown as Record<string, unknown>
  const toHost = (message: unknown): void =>
    (world[binding] as (text: string) => void)(JSON.stringify(message))
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  const listeners = new Map<string, Set<(event: unknown, ...args: unknown[]) => void>>()
  const droppedPaths = new Map<string, string>()
  let lastId = 0

  /** Electron clones what it sends and refuses functions; this channel is text, so it refuses what text would change. */
  const plain = (value: unknown): unknown => {
    const copy = structuredClone(value)
    const check = (part: unknown): void => {
      if (typeof part === 'bigint') throw new Error('The stand-in carries plain data only')
      if (part === null || typeof part !== 'object') return
      const isPlain = Array.isArray(part) || Object.getPrototypeOf(part) === Object.prototype
      if (!isPlain) throw new Error('The stand-in carries plain data only')
      Object.values(part).forEach(check)
    }
    check(copy)
    return copy
  }

  const receive: Receive = ({ kind, id = 0, channel = '', value, error }) => {
    if (kind === 'answer') {
      const call = waiting.get(id)
      waiting.delete(id)
      if (error === undefined) call?.resolve(value)
      else call?.reject(new Error(`Error invoking remote method '${channel}': ${error}`))
    } else if (kind === 'event')
      for (const listener of listeners.get(channel) ?? []) listener({}, ...(value as unknown[]))
    else if (kind === 'dropped') droppedPaths.set(channel, String(value))
  }
  world['standinReceive'] = receive

  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve, reject })
        toHost({ kind: 'invoke', id, channel, args: plain(args) })
      }),
    send: (channel: string, ...args: unknown[]) => toHost({ kind: 'send', channel, args: plain(args) }),
    on(channel: string, listener: (event: unknown, ...args: unknown[]) => void) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener))
      return ipcRenderer
    },
    off(channel: string, listener: (event: unknown, ...args: unknown[]) => void) {
      listeners.get(channel)?.delete(listener)
      return ipcRenderer
    },
  }

  const functions = new Map<number, (...args: unknown[]) => unknown>()
  const dispatch = (name: string, detail: unknown): void => {
    dispatchEvent(new CustomEvent(`standin:${name}`, { detail }))
  }
  const keep = (value: unknown): unknown => {
    if (typeof value !== 'function') return value
    functions.set(++lastId, value as (...args: unknown[]) => unknown)
    return { $function: lastId }
  }
  const contextBridge = {
    exposeInMainWorld(key: string, api: Record<string, unknown>) {
      dispatch('expose', {
        key,
        api: Object.fromEntries(Object.entries(api).map(([k, v]): [string, unknown] => [k, keep(v)])),
      })
    },
  }
  addEventListener('standin:call', (event) => {
    const { id, call, args } = (event as CustomEvent<{ id: number; call: number; args: unknown[] }>).detail
    const open = (value: unknown): unknown => {
      const { $callback, $file } = (value ?? {}) as { $callback?: number; $file?: string }
      if ($file !== undefined) return new File([], $file)
      if ($callback === undefined) return value
      return (...given: unknown[]) => dispatch('callback', { callback: $callback, args: given })
    }
    const result = functions.get(id)?.(...args.map(open))
    if (result instanceof Promise) {
      dispatch('result', { call, isPromise: true })
      ;(result as Promise<unknown>).then(
        (value) => dispatch('settle', { call, value }),
        (error: Error) => dispatch('settle', { call, error: error.message }),
      )
    } else dispatch('result', { call, value: keep(result) })
  })

  const electron = {
    ipcRenderer,
    contextBridge,
    // A page cannot make a file with a path; the test says which path stands behind which dropped name.
    webUtils: { getPathForFile: (file: File) => droppedPaths.get(file.name) ?? '' },
  }
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`module not found: ${name}`) // as in a sandboxed preload
  }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is how a preload script is run
  const run = new Function('require', 'module', 'exports', preload) as (...args: unknown[]) => void
  run(require, { exports: {} }, {})
}

/** The page's world: builds what `exposeInMainWorld` announces, frozen and not replaceable. */
export function pageWorld(): void {
  interface Result {
    call: number
    value?: unknown
    error?: string
    isPromise?: boolean
  }
  const callbacks = new Map<number, (...args: unknown[]) => void>()
  const settled = new Map<number, (result: Result) => void>()
  let lastId = 0
  let lastResult: Result | undefined
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the hearer says what it expects
  const on = <Detail>(name: string, hear: (detail: Detail) => void): void =>
    addEventListener(`standin:${name}`, (event) => hear((event as CustomEvent<Detail>).detail))

  const close = (value: unknown): unknown => {
    if (value instanceof File) return { $file: value.name }
    if (typeof value !== 'function') return value
    callbacks.set(++lastId, value as (...args: unknown[]) => void)
    return { $callback: lastId }
  }
  const open = (value: unknown): unknown => {
    const id = (value as { $function?: number } | null | undefined)?.$function
    return id === undefined ? value : (...args: unknown[]) => callIsolated(id, args)
  }
  const callIsolated = (id: number, args: unknown[]): unknown => {
    const call = ++lastId
    lastResult = undefined
    dispatchEvent(new CustomEvent('standin:call', { detail: { id, call, args: args.map(close) } }))
    const result = lastResult as Result | undefined
    if (!result?.isPromise) return open(result?.value)
    return new Promise((resolve, reject) =>
      settled.set(call, ({ value, error }) =>
        error === undefined ? resolve(value) : reject(new Error(error)),
      ),
    )
  }
  on<Result>('result', (result) => (lastResult = result))
  on<Result>('settle', (result) => {
    settled.get(result.call)?.(result)
    settled.delete(result.call)
  })
  on<{ callback: number; args: unknown[] }>('callback', ({ callback, args }) =>
    callbacks.get(callback)?.(...args),
  )
  on<{ key: string; api: Record<string, unknown> }>('expose', ({ key, api }) => {
    const value = Object.freeze(Object.fromEntries(Object.entries(api).map(([k, v]) => [k, open(v)])))
    Object.defineProperty(window, key, { value, enumerable: true })
  })
}
