// Electron's main process: makes the host, puts the IPC door before it, opens the window. Keeps no state of its own.
import './installed.js'
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, dialog, protocol, shell } from 'electron'
import { createHost, type Host } from '../app/host/host.js'
import { readPages } from '../app/host/pages.js'
import type { Api } from '../shared/contract/api.js'
import { failing } from '../shared/contract/errors.js'
import { isEnded } from '../shared/contract/job.js'
import { scheme } from './address.js'
import { createAppMenu } from './appMenu.js'
import { answerCalls } from './calls.js'
import { createDialogs } from './dialogs.js'
import { launchEngine } from './engine.js'
import { guardEverything } from './guards.js'
import { answerPages } from './pages.js'
import { createWindow, loadWindow, preloadIn } from './window.js'
import type { Language } from '../shared/words/catalogue.js'
import { lookup } from '../shared/words/lookup.js'
import { nearest } from '../shared/words/sentences.js'

const out = resolve(dirname(fileURLToPath(import.meta.url)), '..')

protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])

/** Files named on a command line, ours or a second start's. */
const filesIn = (argv: readonly string[], folder: string): string[] =>
  argv
    .slice(app.isPackaged ? 1 : 2)
    .filter((word) => !word.startsWith('-'))
    .map((word) => resolve(folder, word))
    .filter((path) => existsSync(path))

async function makeHost(language: () => Language): Promise<Host> {
  const folder = app.getPath('userData')
  return createHost({
    kind: 'electron',
    dataFolder: join(folder, 'heirloom'),
    cacheFolder: join(folder, 'heirloom-cache'), // Chromium keeps its own "Cache" beside it
    grants: { files: [], folders: [] },
    launchEngine,
    dialogs: createDialogs(language),
    shell: {
      reveal(path) {
        shell.showItemInFolder(path)
        return Promise.resolve()
      },
      async open(path) {
        const failure = await shell.openPath(path)
        if (failure) throw failing('internal', 'outputNotOpened', { name: basename(path), reason: failure })
      },
    },
  })
}

/** A running export is worth a question; everything else is saved or made again. */
async function mayQuit(host: Host, language: Language): Promise<boolean> {
  const isBusy = (await host.api.jobs.list()).some((job) => job.kind === 'export' && !isEnded(job))
  if (!isBusy) return true
  const t = lookup(language)
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: t('shell.stillWorking'),
    detail: t('shell.stillWorkingDetail'),
    buttons: [t('shell.keepWorking'), t('shell.quit')],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}

async function start(): Promise<void> {
  await app.whenReady()
  guardEverything()
  const menu = createAppMenu(() => host)
  const host = await makeHost(menu.language)
  await menu.start()
  const api: Api = { ...host.api, app: menu.requests }

  protocol.handle(scheme, answerPages(await readPages(join(out, 'renderer')), host))
  const calls = answerCalls(host, api)
  const window = createWindow(preloadIn(out))

  let isSafeToQuit = false
  let isAsking = false
  const quit = async (): Promise<void> => {
    if (isAsking) return
    isAsking = true
    if (await mayQuit(host, menu.language())) {
      isSafeToQuit = true
      await host.close()
      calls.stop()
      app.quit()
    }
    isAsking = false
  }
  const holdBack = (event: { preventDefault(): void }): void => {
    if (isSafeToQuit) return
    event.preventDefault()
    void quit()
  }
  window.on('close', holdBack)
  app.on('before-quit', holdBack)
  app.on('window-all-closed', () => app.quit())

  const openFiles = (paths: readonly string[]): void => {
    if (paths.length > 0) void host.openFromOutside(paths)
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  await loadWindow(window)
  await calls.isHeard
  outside.deliver = openFiles
  openFiles([...filesIn(process.argv, process.cwd()), ...outside.waiting.splice(0)])
}

/** Files that come in from outside the window; they wait until the page listens. */
const outside = {
  waiting: [] as string[],
  deliver: (paths: readonly string[]): void => void outside.waiting.push(...paths),
}

function main(): void {
  if (!app.requestSingleInstanceLock()) return app.quit()
  app.on('second-instance', (_, argv, folder) => outside.deliver(filesIn(argv, folder)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    outside.deliver([path])
  })
  start().catch((error: unknown) => {
    dialog.showErrorBox(
      lookup(nearest(app.getLocale()))('shell.cannotStart'),
      error instanceof Error ? error.message : String(error),
    )
    app.exit(1)
  })
}

main()
