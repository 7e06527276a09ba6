// Films that move in every frame, a clip's motion chosen by keys, and the times of a film as its file has them.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import type { Door } from './doors.js'
import { openFile, patience, waitForFilm } from './window.js'
import { words } from './words.js'

const run = promisify(execFile)

/** Something that moves everywhere, at so many frames a second, in the same path whatever the rate. */
export const moving = (rate: number): string =>
  `mandelbrot=size=160x96:rate=${rate}:start_scale=0.5:end_scale=0.05:end_pts=160`

/** A graph of ffmpeg's as a film with a tone, in the door's folder. */
export const makeFilm = (door: Door, name: string, graph: string, seconds: number): Promise<unknown> =>
  run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `${graph},noise=alls=8:allf=t,format=yuv420p`],
    ...['-f', 'lavfi', '-i', `sine=d=${seconds}`, '-t', String(seconds), '-crf', '18'],
    join(door.films, name),
  ])

/** As the only film, its pictures as they are, which is quick. */
export async function openAlone(door: Door, name: string): Promise<void> {
  const { page } = door
  await page.keyboard.press('Delete') // the sample, or the film before
  await page.getByRole('heading', { name: words('start.title') }).waitFor({ timeout: patience })
  await openFile(door, join(door.films, name))
  await page.getByText(name).first().waitFor({ timeout: patience })
  await waitForFilm(page)
  await page.getByRole('switch').first().click()
}

/** As they stand in the list, below what is as filmed. */
const kindsInOrder = ['unique', 'tempo', 'smooth', 'slow', 'repair'] as const

/** In the section's list, by keys alone. */
export async function chooseMotion({ page }: Door, kind: (typeof kindsInOrder)[number]) {
  await page.keyboard.press('m')
  const list = page.getByLabel(words('motion.kinds'))
  await expect.poll(() => list.evaluate((one) => one === document.activeElement)).toBe(true)
  for (const key of ['Home', ...kindsInOrder.slice(0, kindsInOrder.indexOf(kind) + 1).map(() => 'ArrowDown')])
    await page.keyboard.press(key)
  await expect.poll(() => list.inputValue()).toBe(kind)
}

/** Keys are the film's again. */
export const leaveSection = ({ page }: Door): Promise<void> => page.locator('[data-pane]').first().click()

/** Times of a film's frames in the order in which they are shown, in seconds as the file has them. */
export async function timesOf(path: string): Promise<number[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, path])
  return stdout
    .trim()
    .split('\n')
    .map((line) => parseFloat(line))
    .sort((a, b) => a - b)
}

/** As the file says it: the rate of its times, frames by its length, and that length in seconds. */
export async function ratesOf(path: string): Promise<string> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'stream=r_frame_rate,avg_frame_rate,duration']
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, '-of', 'csv=p=0', path])
  return stdout.trim()
}
