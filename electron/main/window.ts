// The one window: sandboxed, isolated, on our own address and nowhere else (guards.ts).
import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { home } from './address.js'

export function createWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    title: 'Heirloom',
    backgroundColor: '#1b1a19', // until the page has painted; close to the dark theme's ground
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false, // it would fetch dictionaries
    },
  })
  reloadAfterCrash(window)
  return window
}

/** The project is on disk, so a page that died comes back; one that dies at once again stays away, or it would loop. */
function reloadAfterCrash(window: BrowserWindow): void {
  let lastMs = 0
  window.webContents.on('render-process-gone', () => {
    const nowMs = Date.now()
    if (nowMs - lastMs > 10_000 && !window.isDestroyed()) window.webContents.reload()
    lastMs = nowMs
  })
}

export const loadWindow = (window: BrowserWindow): Promise<void> => window.loadURL(home)

export const preloadIn = (out: string): string => join(out, 'preload', 'index.cjs')
