// Debian's Chromium with a throwaway profile and an open DevTools port: the stand-in and the test both connect to it.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

export const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
export const chromiumArguments = [
  '--no-sandbox', // tests run as root in containers, where Chromium's own sandbox cannot start
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--force-color-profile=srgb',
]

export interface OpenBrowser {
  browser: Browser
  endpoint: string
  close(): Promise<void>
}

export async function openBrowser(): Promise<OpenBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'heirloom-chromium-'))
  const own = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank']
  const child = spawn(chromiumPath, [...chromiumArguments, ...own], { stdio: 'ignore' })
  const gone = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`${chromiumPath} ended (${code}) before it was ready`))),
  )
  const close = async (): Promise<void> => {
    gone.catch(() => undefined) // expected from here on
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill()
      await ended
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const port = await Promise.race([portOf(profile), gone])
    const endpoint = `http://127.0.0.1:${port}`
    return { browser: await chromium.connectOverCDP(endpoint), endpoint, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Chromium writes the port it took into its profile once it listens. */
async function portOf(profile: string): Promise<number> {
  for (let tries = 0; tries < 600; tries++) {
    const text = await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')
    const port = Number(text.split('\n')[0])
    if (port > 0) return port
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${chromiumPath} did not open its DevTools port`)
}
