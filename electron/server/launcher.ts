// A page on disk that opens the browser host: only its owner can read it, and it always holds a fresh token. The browser is
// started with its path, so that no token ever stands in the list of processes.
import { chmod, open, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { tokenLifeMs } from './sessions.js'

export interface Launcher {
  readonly path: string
  /** Its token was used. */
  renew(): Promise<void>
  remove(): Promise<void>
}

const page = (address: string): string => `<!doctype html>
<meta charset="utf-8">
<title>Heirloom</title>
<meta http-equiv="content-security-policy" content="default-src 'none'">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<a href="${address}">Heirloom</a>
`

/** Pages of hosts that did not live to remove them: a living one is written anew before its token ends. */
async function tidy(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined) // another host was quicker
    if (found && Date.now() - found.mtimeMs > 2 * tokenLifeMs) await rm(path, { force: true })
  }
}

/** `address` gives an address with a token nobody has used. */
export async function keepLauncher(folder: string, port: number, address: () => string): Promise<Launcher> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700) // it may be older than this rule
  await tidy(folder)
  const path = join(folder, `heirloom-${port}.html`)
  const write = async (): Promise<void> => {
    const beside = `${path}.${process.pid}.tmp`
    await rm(beside, { force: true })
    const file = await open(beside, 'wx', 0o600)
    await file.writeFile(page(address())).finally(() => file.close())
    await rename(beside, path)
  }
  let last = write()
  const renew = (): Promise<void> => {
    last = last.then(write, write)
    return last
  }
  await last
  // Failing (the disk is full) leaves an old page, which says so when it is opened.
  const timer = setInterval(() => void renew().catch(() => undefined), tokenLifeMs / 2).unref()
  return {
    path,
    renew,
    async remove() {
      clearInterval(timer)
      await last.catch(() => undefined) // there is nothing to remove then
      await rm(path, { force: true })
    },
  }
}
