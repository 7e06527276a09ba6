// Asks the operating system to open something in the program a person uses for it: the browser host's page, mostly.
import { run } from '../ffmpeg/run.js'

const openers: Partial<Record<NodeJS.Platform, [tool: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

/** False when there is nothing to open it with (a server without a desktop): the caller shows the address instead. */
export async function openInSystem(target: string): Promise<boolean> {
  const [tool, ...args] = openers[process.platform] ?? ['xdg-open']
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false
  const child = run(tool, [...args, target], { what: `open ${target}` })
  child.stdin.end()
  child.stdout.resume()
  return child.done.then(
    () => true,
    () => false, // not installed, or no program for it: the caller shows the address
  )
}
