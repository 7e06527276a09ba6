// What no page of this app may do, whichever window or view it comes to stand in: go elsewhere, open windows, ask for the camera.
import { app, session, type Session, type WebContents } from 'electron'

/** Copying is what a person pressed a button for; what lies there already stays unread. */
const allowed = new Set(['fullscreen', 'clipboard-sanitized-write'])

function guardSession(guarded: Session): void {
  guarded.setPermissionRequestHandler((_, permission, answer) => answer(allowed.has(permission)))
  guarded.setPermissionCheckHandler((_, permission) => allowed.has(permission))
  guarded.setDevicePermissionHandler(() => false)
}

function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Before the first window: every page and every session from here on. */
export function guardEverything(): void {
  app.on('web-contents-created', (_, contents) => guardContents(contents))
  app.on('session-created', guardSession)
  guardSession(session.defaultSession)
}
