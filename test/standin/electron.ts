// A stand-in for the `electron` module: our built main and preload run unchanged in plain Node, with Debian's Chromium
// as the window. It exists because Electron's binary cannot be had everywhere our tests run.
//
// It proves: main's and preload's own code, the calls and events between them in order, isolation of the preload's
// world, the response headers as Chromium enforces them, ranges and streams of protocol.handle, dialogs and menus as data,
// quitting. It does not prove: the origin of a real custom scheme, Chromium's and Electron's sandbox, native dialogs, menus
// and accelerators, focus, several windows, paths of dropped files, permissions, asar and fuses, crashes of the page,
// speed of IPC, or the Node inside Electron. The same tests run on the real thing where it is installed.
import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import type { MenuItemConstructorOptions } from 'electron'
import { openBrowser, type OpenBrowser } from './browser.js'
import type { ControlMessage, Order, OrderMessage } from './control.js'
import { serveSchemes, type SchemeHandler, type SchemeServer } from './schemes.js'
import { isolatedWorld, pageWorld } from './worlds.js'

interface Preventable {
  isPrevented: boolean
  preventDefault(): void
}
const preventable = (): Preventable => ({
  isPrevented: false,
  preventDefault() {
    this.isPrevented = true
  },
})

// --- app -------------------------------------------------------------------------------------------------------------

let chromium: OpenBrowser | undefined
let schemes: SchemeServer | undefined
const children = new Set<{ kill(): void }>()

class App extends EventEmitter {
  readonly isPackaged = false
  #ready: Promise<void> | undefined
  #hasStarted = false

  isReady(): boolean {
    return this.#hasStarted
  }
  whenReady(): Promise<void> {
    this.#ready ??= this.#start()
    return this.#ready
  }
  async #start(): Promise<void> {
    schemes = await serveSchemes(handlers)
    chromium = await openBrowser()
    this.#hasStarted = true
    this.emit('ready')
  }
  getPath(name: string): string {
    return join(process.env['STANDIN_FOLDER'] ?? '', name)
  }
  getLocale(): string {
    return process.env['STANDIN_LOCALE'] ?? 'en-US'
  }
  getVersion(): string {
    return '0.0.0'
  }
  requestSingleInstanceLock(): boolean {
    return true
  }
  /** As Electron: ask, close the windows, then end. */
  quit(): void {
    const event = preventable()
    this.emit('before-quit', event)
    if (event.isPrevented) return
    for (const window of windows) if (!window.closeUnlessPrevented()) return
    this.emit('will-quit', preventable())
    this.exit(0)
  }
  exit(code: number): void {
    for (const child of children) child.kill()
    schemes?.close()
    void (chromium?.close() ?? Promise.resolve()).finally(() => process.exit(code))
  }
}
export const app = new App()

// --- protocol --------------------------------------------------------------------------------------------------------

const handlers = new Map<string, SchemeHandler>()
const privileged = new Set<string>()

export const protocol = {
  registerSchemesAsPrivileged(list: { scheme: string }[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const { scheme } of list) privileged.add(scheme)
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (handlers.has(scheme)) throw new Error('The scheme has been registered')
    if (!privileged.has(scheme)) throw new Error(`The stand-in serves privileged schemes only, not ${scheme}`)
    handlers.set(scheme, handler)
  },
}

// --- ipc -------------------------------------------------------------------------------------------------------------

type Invoked = (event: unknown, ...args: unknown[]) => unknown

class IpcMain extends EventEmitter {
  readonly invoked = new Map<string, Invoked>()
  handle(channel: string, listener: Invoked): void {
    if (this.invoked.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.invoked.set(channel, listener)
  }
  removeHandler(channel: string): void {
    this.invoked.delete(channel)
  }
}
export const ipcMain = new IpcMain()

// --- windows ---------------------------------------------------------------------------------------------------------

const windows = new Set<BrowserWindow>()
const worldName = 'preload'
const binding = 'standinSend'

interface FromPage {
  kind: 'invoke' | 'send'
  id: number
  channel: string
  args: unknown[]
}

class WebContents extends EventEmitter {
  page: Page | undefined
  #cdp: CDPSession | undefined
  #worldId: number | undefined
  #early: string[] = []
  #openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  #mayNavigate = false

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#openHandler = handler
  }

  /** Which of these ways out are shut. */
  forbidden(): Record<string, boolean> {
    const ways = ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']
    const isShut = (way: string): boolean => {
      const event = preventable()
      this.emit(way, event)
      return event.isPrevented
    }
    const opens = this.#openHandler({ url: 'https://example.org/' }).action === 'deny'
    return { ...Object.fromEntries(ways.map((way) => [way, isShut(way)])), opens }
  }

  async load(address: string, preload: string | undefined): Promise<void> {
    if (!chromium || !schemes) throw new Error('app is not ready')
    const context = chromium.browser.contexts()[0] ?? (await chromium.browser.newContext())
    this.page = await context.newPage()
    this.page.on('popup', (opened) => {
      if (this.#openHandler({ url: opened.url() }).action === 'deny') void opened.close()
    })
    const cdp = (this.#cdp = await context.newCDPSession(this.page))
    cdp.on('Runtime.executionContextCreated', ({ context: made }) => {
      if (made.name !== worldName) return
      this.#worldId = made.id
      for (const text of this.#early.splice(0)) this.#evaluate(text)
    })
    cdp.on('Runtime.bindingCalled', ({ payload }) => void this.#hear(JSON.parse(payload) as FromPage))
    await this.#guardNavigation(cdp)
    await cdp.send('Page.enable')
    await cdp.send('Runtime.enable')
    await cdp.send('Runtime.addBinding', { name: binding, executionContextName: worldName })
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${String(pageWorld)})()` })
    const options = JSON.stringify({ preload: preload ? readFileSync(preload, 'utf8') : '', binding })
    const source = `(${String(isolatedWorld)})(${options})`
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName })
    this.#mayNavigate = true
    await this.page.goto(schemes.toHttp(address))
    this.emit('did-finish-load')
  }

  /** Only main's own loadURL and reload go through unasked; whatever the page starts is announced first. */
  async #guardNavigation(cdp: CDPSession): Promise<void> {
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] })
    cdp.on('Fetch.requestPaused', ({ requestId, request }) => {
      const event = { ...preventable(), url: schemes?.fromHttp(request.url) }
      if (!this.#mayNavigate) this.emit('will-navigate', event)
      this.#mayNavigate = false
      void (event.isPrevented
        ? cdp.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
        : cdp.send('Fetch.continueRequest', { requestId }))
    })
  }

  reload(): void {
    this.#mayNavigate = true
    void this.page?.reload()
  }

  send(channel: string, ...args: unknown[]): void {
    this.toWorld({ kind: 'event', channel, value: structuredClone(args) })
  }
  toWorld(message: unknown): void {
    const text = `standinReceive(${JSON.stringify(message)})`
    if (this.#worldId === undefined) this.#early.push(text)
    else this.#evaluate(text)
  }
  #evaluate(expression: string): void {
    // A page that is going away has no world any more; real messages to it are lost as well.
    this.#cdp?.send('Runtime.evaluate', { expression, contextId: this.#worldId }).catch(() => undefined)
  }

  async #hear({ kind, id, channel, args }: FromPage): Promise<void> {
    const url = schemes?.fromHttp(this.page?.url() ?? '') ?? ''
    const event = { sender: this, senderFrame: { url, parent: null } }
    if (kind === 'send') {
      ipcMain.emit(channel, event, ...args)
      return
    }
    try {
      const listener = ipcMain.invoked.get(channel)
      if (!listener) throw new Error(`No handler registered for '${channel}'`)
      this.toWorld({ kind: 'answer', id, channel, value: await listener(event, ...args) })
    } catch (error) {
      this.toWorld({ kind: 'answer', id, channel, error: String(error) })
    }
  }
}

interface WindowOptions {
  webPreferences?: {
    preload?: string
    sandbox?: boolean
    contextIsolation?: boolean
    nodeIntegration?: boolean
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows(): BrowserWindow[] {
    return [...windows]
  }
  readonly webContents = new WebContents()
  #options: WindowOptions

  constructor(options: WindowOptions = {}) {
    super()
    const { sandbox, contextIsolation, nodeIntegration } = options.webPreferences ?? {}
    if (sandbox === false || contextIsolation === false || nodeIntegration === true)
      throw new Error('The stand-in has only sandboxed, isolated windows without Node')
    this.#options = options
    windows.add(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  async loadURL(address: string): Promise<void> {
    await this.webContents.load(address, this.#options.webPreferences?.preload)
    const { page } = this.webContents
    if (chromium && page) tell({ ready: { endpoint: chromium.endpoint, url: page.url() } })
  }
  isDestroyed(): boolean {
    return !windows.has(this)
  }
  isMinimized(): boolean {
    return false
  }
  restore(): void {}
  focus(): void {}
  close(): void {
    if (this.closeUnlessPrevented() && windows.size === 0) app.emit('window-all-closed')
  }
  closeUnlessPrevented(): boolean {
    const event = preventable()
    this.emit('close', event)
    if (event.isPrevented) return false
    windows.delete(this)
    void this.webContents.page?.close()
    this.emit('closed')
    return true
  }
}

type Judge = (contents: unknown, permission: string, answer: (isAllowed: boolean) => void) => void

/** Permissions cannot be asked for here, headless Chromium refuses them all: what main would answer is asked by the test. */
class Session {
  request: Judge | undefined
  check: ((contents: unknown, permission: string) => boolean) | undefined
  device: (() => boolean) | undefined
  setPermissionRequestHandler(judge: Judge): void {
    this.request = judge
  }
  setPermissionCheckHandler(judge: (contents: unknown, permission: string) => boolean): void {
    this.check = judge
  }
  setDevicePermissionHandler(judge: () => boolean): void {
    this.device = judge
  }
  /** Nothing allowed is the answer of nobody. */
  judged(permission: string): Record<string, boolean | undefined> {
    let request: boolean | undefined
    this.request?.({}, permission, (isAllowed) => (request = isAllowed))
    return { request, check: this.check?.({}, permission), device: this.device?.() }
  }
}
export const session = { defaultSession: new Session() }

// --- what the system does: recorded, answered by the test ------------------------------------------------------------

const answers: Record<string, unknown>[] = []
const asked: { what: string; with: unknown }[] = []
const note = (what: string, given: unknown): void => void asked.push({ what, with: given })
const lastOf = (args: unknown[]): unknown => args.at(-1)

function dialogAnswer<Answer>(what: string, args: unknown[], cancelled: Answer): Promise<Answer> {
  note(what, lastOf(args))
  return Promise.resolve((answers.shift() as Answer | undefined) ?? cancelled)
}

export const dialog = {
  showOpenDialog: (...args: unknown[]) =>
    dialogAnswer('open', args, { canceled: true, filePaths: [] as string[] }),
  showSaveDialog: (...args: unknown[]) => dialogAnswer('save', args, { canceled: true, filePath: '' }),
  showMessageBox: (...args: unknown[]) => dialogAnswer('message', args, { response: 0 }),
  showErrorBox: (title: string, content: string) => {
    note('error', { title, content })
    console.error(`${title} ${content}`)
  },
}

export const shell = {
  showItemInFolder: (path: string) => note('reveal', path),
  openPath: (path: string) => {
    note('open', path)
    return Promise.resolve('')
  },
}

export const nativeTheme = { themeSource: 'system' }

interface RecordedMenu {
  items: MenuItemConstructorOptions[]
}
let menu: RecordedMenu | null = null
export const Menu = {
  buildFromTemplate: (items: MenuItemConstructorOptions[]): RecordedMenu => ({ items }),
  setApplicationMenu: (made: RecordedMenu | null) => void (menu = made),
  getApplicationMenu: () => menu,
}
const itemsOf = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])])

export const utilityProcess = {
  fork(entry: string, args: string[] = [], { env }: { env?: NodeJS.ProcessEnv } = {}) {
    const shim = new URL('./utility.mjs', import.meta.url).href
    // The hook that replaces `electron` must not reach the child: a utility process has no such module to import.
    const child = fork(entry, args, { env, serialization: 'advanced', execArgv: ['--import', shim] })
    const utility = Object.assign(new EventEmitter(), {
      postMessage: (message: unknown) => void child.send(message as object),
      kill: () => child.kill(),
      get pid() {
        return child.pid
      },
    })
    child.on('spawn', () => utility.emit('spawn'))
    child.on('message', (message) => utility.emit('message', message))
    child.on('error', (error) => utility.emit('error', error))
    child.on('exit', (code) => {
      children.delete(child)
      utility.emit('exit', code ?? 1)
    })
    children.add(child)
    return utility
  },
}

// --- orders of the test ----------------------------------------------------------------------------------------------

function tell(message: ControlMessage): void {
  process.send?.(message)
}

function obey(order: Order): unknown {
  const window = BrowserWindow.getAllWindows()[0]
  switch (order.do) {
    case 'answerDialog':
      return answers.push(order.answer)
    case 'chooseMenu': {
      const item = itemsOf(menu?.items ?? []).find(({ id }) => id === order.id)
      if (!item?.click) throw new Error(`no menu item ${order.id}`)
      return item.click(undefined as never, undefined, undefined as never)
    }
    case 'menuLabels':
      return itemsOf(menu?.items ?? []).flatMap(({ label }) => label ?? [])
    case 'pathOfDropped':
      return window?.webContents.toWorld({ kind: 'dropped', channel: order.name, value: order.path })
    case 'openFile':
      return app.emit('open-file', preventable(), order.path)
    case 'secondInstance':
      return app.emit('second-instance', {}, ['electron', '.', ...order.words], process.cwd())
    case 'asked':
      return asked
    case 'reload':
      return window?.webContents.reload()
    case 'judge':
      return session.defaultSession.judged(order.permission)
    case 'anotherPage': {
      const contents = new WebContents()
      app.emit('web-contents-created', {}, contents)
      return contents.forbidden()
    }
    case 'closeWindow':
      return window?.close()
    case 'quit':
      return app.quit()
  }
}

process.on('message', ({ id, order }: OrderMessage) => {
  try {
    const result = obey(order)
    const isAnswer = ['asked', 'menuLabels', 'judge', 'anotherPage'].includes(order.do)
    tell({ id, result: isAnswer ? result : undefined })
  } catch (error) {
    tell({ id, error: String(error) })
  }
})
process.on('disconnect', () => app.exit(1)) // the test has gone
