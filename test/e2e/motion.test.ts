// A clip's motion in a real browser, from its panel to the finished file: what was found is said, duplicates are left out, frames between are
// previewed, compared and exported; length, times and sound are those that were said.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { readFilm } from './film.js'
import {
  chooseAppearance,
  difference,
  exportTo,
  goTo,
  layers,
  openFile,
  patience,
  playhead,
  previewIsDone,
  settle,
  soon,
  waitForFilm,
} from './window.js'
import { words } from './words.js'

let door: Door
let page: Page
const run = promisify(execFile)

/** Something that moves everywhere, at so many frames a second. */
const filmed = (rate: number): string =>
  `mandelbrot=size=160x96:rate=${rate}:start_scale=0.5:end_scale=0.05:end_pts=160`

beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  const make = (graph: string, seconds: number, name: string): Promise<unknown> =>
    run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `${graph},noise=alls=8:allf=t,format=yuv420p`],
      ...['-f', 'lavfi', '-i', `sine=d=${seconds}`, '-t', String(seconds), '-crf', '18'],
      join(door.films, name),
    ])
  await make(`${filmed(16)},fps=25`, 4, 'old.mp4')
  await make(filmed(25), 2, 'new.mp4')
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
})
afterAll(() => door?.close())

const open = async (name: string): Promise<void> => {
  await openFile(door, join(door.films, name))
  await waitForFilm(page)
  await page.getByRole('switch').first().click() // its pictures as they are, which is quick
}
/** Keys are the film's again when the list is left. */
async function choose(kind: string): Promise<void> {
  await page.getByLabel(words('motion.kinds')).selectOption(kind)
  await page.locator('[data-pane]').first().click()
}

/** Times of the frames of a film in the order in which they are shown, in seconds as the file has them. */
async function times(path: string): Promise<number[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, path])
  return stdout
    .trim()
    .split('\n')
    .map((line) => parseFloat(line))
    .sort((a, b) => a - b)
}

const ready = (name: string): Promise<void> =>
  page
    .getByText(new RegExp(words('jobs.ready', { name })))
    .first()
    .waitFor({ timeout: patience })

test('a film of 16 frames a second that is stored as 25 is told, and its duplicates are left out', async () => {
  await open('old.mp4')
  await page.keyboard.press('m')
  await page
    .getByText(/Filmed at 16 frames per second, stored as 25: 36 in 100/)
    .waitFor({ timeout: patience })
  await choose('unique')
  await page.getByText(/36 of 100 frames are left out/).waitFor()
  const path = join(door.films, 'unique.mp4')
  await exportTo(door, path, async (dialog) => {
    await dialog.getByText(/Of 100 frames of "old.mp4", 36 are left out/).waitFor({ timeout: patience })
    await settle(page)
    await page.screenshot({ path: join(artifacts, 'motion-export.png') })
    expect(await barriers(page)).toEqual([])
  })
  await ready('unique.mp4')
  const film = await readFilm(path)
  expect(film.frames).toBe(64)
  expect(film.seconds).toBeCloseTo(4, 1) // a container gives its last frame the usual length
  expect(film.audioSeconds).toBeCloseTo(4, 1)
  for (const at of await times(path)) expect(at * 25).toBeCloseTo(Math.round(at * 25), 3) // on the source's own times
})

const appearances = [
  ['en', 'light'],
  ['en', 'dark'],
  ['ja', 'light'],
  ['ja', 'dark'],
] as const

test.each(appearances)('the section in %s, %s', async (language, theme) => {
  await chooseAppearance(page, language, theme)
  for (const size of [
    { width: 1280, height: 720 },
    { width: 2560, height: 1440 },
  ]) {
    await page.setViewportSize(size)
    await page.locator('[data-motion]').scrollIntoViewIfNeeded()
    await settle(page)
    await page.screenshot({ path: join(artifacts, `motion-${language}-${theme}-${size.width}.png`) })
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  expect(await barriers(page)).toEqual([])
  await chooseAppearance(page, 'en', 'dark')
})

test('smooth at 50: frames between are previewed, stepped through and compared', async () => {
  await page.keyboard.press('Delete')
  await open('new.mp4')
  await choose('smooth')
  await page.getByText(/Evenly at 50 frames per second/).waitFor()
  await page.getByText(words('motion.estimates')).waitFor()
  await page.getByRole('img', { name: words('timeline.estimated') }).waitFor()
  await goTo(page, 5)
  await page
    .getByRole('radiogroup', { name: words('preview.length') })
    .getByRole('radio')
    .first()
    .click()
  await page.keyboard.press('p')
  await page.locator('[data-state=ready]').first().waitFor({ timeout: patience })
  await previewIsDone(page)
  await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBe(5)
  const itself = await difference(page)
  await page.keyboard.press('.') // the estimate behind it
  await soon(() => playhead(page)).toBe(5)
  await soon(() => difference(page)).toBeGreaterThan(itself + 0.5)
  await page.keyboard.press('.')
  await soon(() => playhead(page)).toBe(6)
  await soon(() => difference(page)).toBeLessThan(itself + 0.5)
  await page.screenshot({ path: join(artifacts, 'motion-smooth.png') })
  expect(await barriers(page)).toEqual([])
})

test('the export has exactly 50 frames a second, the length and the sound of before', async () => {
  const path = join(door.films, 'smooth.mp4')
  await exportTo(door, path)
  await ready('smooth.mp4')
  const film = await readFilm(path)
  expect(film.frames).toBe(100)
  expect(film.seconds).toBeCloseTo(2, 3)
  expect(film.audioSeconds).toBeCloseTo(2, 1)
  for (const [i, at] of (await times(path)).entries()) expect(at).toBeCloseTo(i / 50, 6)
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=r_frame_rate,avg_frame_rate'],
    ...['-of', 'csv=p=0', path],
  ])
  expect(stdout.trim()).toBe('50/1,50/1')
})
