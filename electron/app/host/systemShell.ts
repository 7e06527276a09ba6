// Asks the operating system to open something in the program a person uses for it: the browser host's page, a finished film.
import { dirname } from 'node:path'
import { run } from '../../ffmpeg/run.js'
import { failing } from '../../shared/contract/errors.js'
import { phrase } from '../../shared/words/sentences.js'

const openers: Partial<Record<NodeJS.Platform, [tool: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

const hasDesktop = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/** False when there is nothing to open it with (a server without a desktop): the caller shows the address instead. */
export async function openInSystem(target: string): Promise<boolean> {
  const [tool, ...args] = openers[process.platform] ?? ['xdg-open']
  if (!hasDesktop()) return false
  const child = run(tool, [...args, target], { what: phrase('doOpen', { target }) })
  child.stdin.end()
  child.stdout.resume()
  return child.done.then(
    () => true,
    () => false, // not installed, or no program for it: the caller shows the address
  )
}

async function mustOpen(target: string): Promise<void> {
  if (!(await openInSystem(target))) throw failing('not-found', 'noProgram', { target })
}

/** For a host without Electron's own: undefined where nobody would see what is opened. */
export const systemShell = () =>
  hasDesktop() ? { open: mustOpen, reveal: (path: string) => mustOpen(dirname(path)) } : undefined
