// A Keepsake in a player that knows nothing of it: Chromium plays the file from the disk, with its part and without, and shows the frames that ffmpeg decodes.
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, truncateSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findKeepsake } from '../../electron/ffmpeg/keepsakeBox.js'
import { folder } from '../app/folder.js'
import { cliEntry, film, tool } from '../engine/bundle.js'
import { type OpenBrowser, openBrowser } from '../standin/browser.js'

const at = folder()
const [frames, width, height] = [50, 320, 240]
let open: OpenBrowser
let page: Page

beforeAll(async () => {
  film(join(at, 'tape.mp4'), { frames, size: `${width}x${height}` })
  open = await openBrowser()
  page = await open.browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 })
})
afterAll(() => open?.close())

function keepsake(name: string, codec: string): string {
  const words = ['keepsake', 'tape.mp4', '-o', name, '--quality', '4', '--codec', codec]
  const env = { ...process.env, HEIRLOOM_DATA: join(at, 'data'), HEIRLOOM_CACHE: join(at, 'cache') }
  const made = spawnSync(process.execPath, [cliEntry, ...words], { cwd: at, encoding: 'utf8', env })
  expect([made.status, made.stdout.trim()]).toEqual([0, join(at, name)])
  return join(at, name)
}

/** Opens a page on the disk that holds nothing but the film, plays it to its end, and answers what it has seen. */
async function played(path: string): Promise<{ frames: number; width: number; seconds: number }> {
  const html = `${path}.html`
  const style = 'body{margin:0}video{display:block}'
  writeFileSync(html, `<style>${style}</style><video muted src="${pathToFileURL(path).href}"></video>`)
  await page.goto(pathToFileURL(html).href)
  return page.evaluate(
    () =>
      new Promise<{ frames: number; width: number; seconds: number }>((resolve, reject) => {
        const video = document.querySelector('video')
        if (!video) return reject(new Error('there is no film'))
        const fail = (): void => reject(new Error(`${video.error?.code}: ${video.error?.message}`))
        if (video.error) return fail()
        video.addEventListener('error', fail)
        video.addEventListener('ended', () =>
          resolve({
            ...{ frames: video.getVideoPlaybackQuality().totalVideoFrames, width: video.videoWidth },
            seconds: video.currentTime,
          }),
        )
        video.play().catch(reject)
      }),
  )
}

/** Gray values of what is on the page, the film moved to a moment, or of a frame as ffmpeg decodes it. */
async function shownAt(seconds: number): Promise<Buffer> {
  await page.evaluate(
    (to) =>
      new Promise<void>((resolve) => {
        const video = document.querySelector('video')
        video?.requestVideoFrameCallback(() => resolve())
        if (video) video.currentTime = to
      }),
    seconds,
  )
  await page.screenshot({ path: join(at, 'shown.png') })
  return gray(join(at, 'shown.png'), 0)
}

function gray(path: string, frame: number): Buffer {
  const raw = join(at, 'gray.raw')
  const pick = ['-vf', `select=eq(n\\,${frame}),format=gray`, '-frames:v', '1']
  tool('ffmpeg', ['-v', 'error', '-y', '-i', path, ...pick, '-f', 'rawvideo', raw])
  return readFileSync(raw)
}

const away = (a: Buffer, b: Buffer): number =>
  a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length

test.each(['av1', 'h264'])('%s plays from the disk, and is the same film without its part', async (codec) => {
  const path = keepsake(`${codec}.mp4`, codec)
  const found = await findKeepsake(path, { isWhole: true })
  if (found.state !== 'there') throw new Error(`the part is ${found.state}`)
  const bare = join(at, `${codec}-bare.mp4`)
  copyFileSync(path, bare)
  truncateSync(bare, found.from)
  expect(found.to).toBe(statSync(path).size)
  const pictures: Buffer[] = []
  for (const one of [path, bare]) {
    const seen = await played(one)
    expect(seen.width).toBe(width)
    expect(seen.seconds).toBeCloseTo(frames / 25, 1)
    expect(seen.frames).toBeGreaterThan(frames / 2) // a busy machine drops some
    pictures.push(await shownAt(12.5 / 25))
  }
  const [whole = Buffer.alloc(0), other = Buffer.alloc(1)] = pictures
  expect(whole.length).toBe(width * height)
  expect(away(whole, other)).toBe(0)
  expect(away(whole, gray(path, 12))).toBeLessThan(4) // matrices of two programs
  expect(away(whole, gray(path, 30))).toBeGreaterThan(away(whole, gray(path, 12)) + 1)
})
