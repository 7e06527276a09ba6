// The contract over Electron's IPC: one channel for calls, one for events, one for dropped files. Only the main frame of
// our own page is heard; everything it says is parsed by the contract's schemas.
import { BrowserWindow, ipcMain, type WebFrameMain } from 'electron'
import type { Host } from '../app/host/host.js'
import type { Api } from '../shared/contract/api.js'
import { toFailure, AppError } from '../shared/contract/errors.js'
import { answerCall, type AnswerMessage } from '../shared/contract/wire.js'
import { isOurs } from './address.js'

const isOurPage = (frame: WebFrameMain | null): boolean =>
  frame !== null && frame.parent === null && isOurs(frame.url)

const refused = toFailure(
  new AppError('not-allowed', "Heirloom takes orders only from its own window's page."),
)

export interface Calls {
  /** The page has spoken, so it listens as well: it subscribes to events before its first call. */
  isHeard: Promise<void>
  stop: () => void
}

export function answerCalls(host: Host, api: Api): Calls {
  let hear: () => void
  const isHeard = new Promise<void>((resolve) => (hear = resolve))
  // A dropped file's grant comes before the call that opens it: calls wait until grants are noted.
  let granting: Promise<void> = Promise.resolve()

  ipcMain.handle('heirloom:call', async (event, message: unknown): Promise<AnswerMessage> => {
    if (!isOurPage(event.senderFrame)) return { id: -1, failure: refused }
    hear()
    await granting
    return answerCall(api, message)
  })
  ipcMain.on('heirloom:grant', (event, path: unknown) => {
    if (!isOurPage(event.senderFrame) || typeof path !== 'string' || path === '') return
    // A path that vanished meanwhile is refused by the call that names it, with its sentence.
    granting = granting.then(() => host.grant(path)).catch(() => undefined)
  })
  const stopEvents = host.on((event) => {
    for (const window of BrowserWindow.getAllWindows())
      if (!window.isDestroyed()) window.webContents.send('heirloom:event', event)
  })
  return {
    isHeard,
    stop() {
      stopEvents()
      ipcMain.removeHandler('heirloom:call')
      ipcMain.removeAllListeners('heirloom:grant')
    },
  }
}
