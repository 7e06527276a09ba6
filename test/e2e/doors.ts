// The same app through its two doors with a window: a browser at `heirloom serve`, and Electron's main and preload, on the
// stand-in or on the real thing. A scenario gets a Door and does not know which one it came through.
import { execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { _electron, chromium, type Page } from 'playwright-core'
import { chromiumArguments, chromiumPath } from '../standin/browser.js'
import { launch, root } from '../standin/launch.js'

/** Where pictures go, for people to look at. */
export const artifacts = join(root, 'test', 'artifacts')

export interface Door {
  kind: 'browser' | 'electron'
  page: Page
  /** A folder the person has shared or can choose from, empty at first. */
  films: string
  /** Where the host keeps what is its own. */
  own: string
  /** Electron: the next native dialog gives these. The browser has our own page for it. */
  nextChoice(paths: string[]): Promise<void>
  /** Load the page again, as after a crash. */
  reload(): Promise<void>
  /** What the processes behind the window have written, for the message of a failed test. */
  output(): string
  close(): Promise<void>
}

async function makeFolders(): Promise<{ folder: string; films: string; own: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'heirloom-e2e-'))
  const [films, own] = [join(folder, 'films'), join(folder, 'own')]
  await mkdir(films)
  await mkdir(own)
  return { folder, films, own }
}

/** A folder of its own with a tape of four seconds, `tape.mp4`. Gives the folder. */
export async function summerIn(films: string, rate: string): Promise<string> {
  const summer = join(films, 'Summer')
  await mkdir(summer)
  const make = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=320x240:r=${rate}:d=4`, 'tape.mp4']
  await promisify(execFile)('ffmpeg', make, { cwd: summer })
  return summer
}

/** What a page must never do while a test drives it. */
function watch(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
}

export interface Served {
  /** Opens one window, once. */
  url: string
  /** The page on disk that opens one whenever it is opened. */
  launcher: string
  output(): string
  /** Ends it as Ctrl+C would; resolves with the exit code. */
  stop(): Promise<number | null>
  kill(): void
}

/** `heirloom serve` in a process of its own, on any free port. */
export async function serve(own: string, films: string, more: string[] = []): Promise<Served> {
  const cli = join(root, 'out', 'cli', 'index.js')
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run "npm run build" first`)
  const words = [cli, 'serve', '--no-open', '--share', films, ...more]
  const env = { ...process.env, HEIRLOOM_DATA: join(own, 'data'), HEIRLOOM_CACHE: join(own, 'cache') }
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const addresses = new Promise<Pick<Served, 'url' | 'launcher'>>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const found = /(http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43})[^]*(file:\/\/\S+)\n/.exec(text)
        if (found) resolve({ url: found[1] ?? '', launcher: found[2] ?? '' })
      })
    void ended.then((code) => reject(new Error(`heirloom serve ended with ${code}:\n${text}`)))
  })
  return {
    ...(await addresses),
    output: () => text,
    kill: () => void child.kill('SIGKILL'),
    stop() {
      child.kill('SIGINT')
      return ended
    },
  }
}

export interface BrowserDoor extends Door {
  /** Ends the host as a power cut would, and starts another in its place: the window is that one's. */
  killAndStart(): Promise<void>
}

export async function browserDoor(): Promise<BrowserDoor> {
  const { folder, films, own } = await makeFolders()
  let served = await serve(own, films)
  const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumArguments })
  const complaints: string[] = []
  // A context of its own, because axe opens a page beside ours.
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-US' })
  const page = await context.newPage()
  watch(page, complaints)
  await page.goto(served.url)
  return {
    kind: 'browser',
    page,
    films,
    own,
    nextChoice: () => Promise.resolve(),
    reload: async () => void (await page.reload()),
    async killAndStart() {
      await page.goto('about:blank')
      served.kill()
      served = await serve(own, films)
      await page.goto(served.url)
    },
    output: () => [served.output(), ...complaints].join('\n'),
    async close() {
      await browser.close()
      await served.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A browser whose pictures are taken: the folder for them is there. Half faded labels are neither to be read nor to be judged, so fades are instant. */
export async function picturedDoor(): Promise<BrowserDoor> {
  await mkdir(artifacts, { recursive: true })
  const door = await browserDoor()
  await door.page.emulateMedia({ reducedMotion: 'reduce' })
  return door
}

export async function standinDoor(): Promise<Door> {
  const { folder, films, own } = await makeFolders()
  const app = await launch({ folder: own })
  const complaints: string[] = []
  watch(app.page, complaints)
  await app.page.setViewportSize({ width: 1280, height: 720 })
  return {
    kind: 'electron',
    page: app.page,
    films,
    own,
    async nextChoice(paths) {
      const answer = { canceled: false, filePaths: paths, filePath: paths[0] }
      await app.order({ do: 'answerDialog', answer })
    },
    async reload() {
      const loaded = app.page.waitForEvent('load')
      await app.order({ do: 'reload' })
      await loaded
    },
    output: () => [app.output(), ...complaints].join('\n'),
    async close() {
      await app.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Electron's executable, or why there is none. Looked for here: with a wrong path Playwright throws where nobody can catch. */
export function electronBinary(): { path: string } | { why: string } {
  const folder = join(root, 'node_modules', 'electron')
  const named = join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron'
  const places = [process.env['ELECTRON_OVERRIDE_DIST_PATH'], join(folder, 'dist')]
  const path = places.flatMap((place) => (place ? [join(place, name)] : [])).find((file) => existsSync(file))
  if (!path) return { why: "Electron's runtime is not installed (npx install-electron)" }
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return { why: 'there is no desktop session for Electron' }
  return { path }
}

export async function electronDoor(executablePath: string): Promise<Door> {
  const { folder, films, own } = await makeFolders()
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = await _electron.launch({
    executablePath,
    args: [...asRoot, `--user-data-dir=${own}`, '--lang=en-US', root],
  })
  let text = ''
  app.process().stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const page = await app.firstWindow()
  const complaints: string[] = []
  watch(page, complaints)
  return {
    kind: 'electron',
    page,
    films,
    own,
    async nextChoice(paths) {
      await app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: chosen })
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen[0] ?? '' })
      }, paths)
    },
    async reload() {
      const loaded = page.waitForEvent('load')
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
      await loaded
    },
    output: () => [text, ...complaints].join('\n'),
    async close() {
      await app.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
