// A clip's motion in a real browser, from its panel to the finished file: what was found is said, duplicates are left out, frames between are
// previewed, compared and exported; length, times and sound are those that were said.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { readFilm } from './film.js'
import { chooseMotion, leaveSection, makeFilm, moving, openAlone, ratesOf, timesOf } from './moving.js'
import {
  appearances,
  chooseAppearance,
  difference,
  exportTo,
  fileIsReady,
  goTo,
  layers,
  patience,
  playhead,
  previewSecond,
  settle,
  sizes,
  soon,
  waitForFilm,
} from './window.js'
import { words } from './words.js'

let door: Door
let page: Page

beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  await makeFilm(door, 'old.mp4', `${moving(16)},fps=25`, 4)
  await makeFilm(door, 'new.mp4', moving(25), 2)
  await waitForFilm(page)
})
afterAll(() => door?.close())

test('a film of 16 frames a second that is stored as 25 is told, and its duplicates are left out', async () => {
  await openAlone(door, 'old.mp4')
  await page.keyboard.press('m')
  await page
    .getByText(/Filmed at 16 frames per second, stored as 25: 36 in 100/)
    .waitFor({ timeout: patience })
  await chooseMotion(door, 'unique')
  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: words('settings.title') })
  await settings.waitFor()
  await page.keyboard.press('Escape')
  await settings.waitFor({ state: 'detached' })
  await page.keyboard.press('Escape') // out of the list, to where the focus was
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('switch')
  await page.getByText(/36 of 100 frames are left out/).waitFor()
  const path = join(door.films, 'unique.mp4')
  await exportTo(door, path, async (dialog) => {
    await dialog.getByText(/Of 100 frames of "old.mp4", 36 are left out/).waitFor({ timeout: patience })
    await settle(page)
    await page.screenshot({ path: join(artifacts, 'motion-export.png') })
    expect(await barriers(page)).toEqual([])
  })
  await fileIsReady(page, 'unique.mp4')
  const film = await readFilm(path)
  expect(film.frames).toBe(64)
  expect(film.seconds).toBeCloseTo(4, 1) // a container gives its last frame the usual length
  expect(film.audioSeconds).toBeCloseTo(4, 1)
  for (const at of await timesOf(path)) expect(at * 25).toBeCloseTo(Math.round(at * 25), 3) // on the source's own times
})

test.each(appearances)('the section in %s, %s', async (language, theme) => {
  await chooseAppearance(page, language, theme)
  for (const size of sizes) {
    await page.setViewportSize(size)
    await page.locator('[data-motion]').scrollIntoViewIfNeeded()
    await settle(page)
    await page.screenshot({ path: join(artifacts, `motion-${language}-${theme}-${size.width}.png`) })
  }
  await page.setViewportSize(sizes[0])
  expect(await barriers(page)).toEqual([])
  await chooseAppearance(page, 'en', 'dark')
})

test.each(appearances)(
  'what a choice makes of the clip and what was found are in sight above the button, %s, %s',
  async (language, theme) => {
    await chooseAppearance(page, language, theme)
    await page.setViewportSize(sizes[0])
    const preview = page.getByRole('button', { name: words('preview.button', {}, language), exact: true })
    for (const kind of ['slow', 'tempo', 'smooth'] as const) {
      await page.locator('[data-motion] select').selectOption(kind)
      for (const part of ['[data-outcome]', '[data-found]'])
        await soon(async () => {
          const [told, pressed] = [await page.locator(part).boundingBox(), await preview.boundingBox()]
          return told !== null && pressed !== null && told.height > 20 && told.y + told.height <= pressed.y
        }).toBe(true)
      await settle(page)
      await page.screenshot({ path: join(artifacts, `motion-outcome-${kind}-${language}-${theme}.png`) })
    }
    await page.locator('[data-motion] select').selectOption('unique')
    await chooseAppearance(page, 'en', 'dark')
  },
)

test('smooth at 50: frames between are previewed, stepped through and compared', async () => {
  await openAlone(door, 'new.mp4')
  await chooseMotion(door, 'smooth')
  await leaveSection(door)
  await page.getByText(/Evenly at 50 frames per second/).waitFor()
  await page.getByText(words('motion.estimates')).waitFor()
  const mark = page.getByRole('img', { name: words('timeline.estimated') })
  await soon(() => mark.innerText()).toBe(words('timeline.estimatedShort'))
  await goTo(page, 5)
  await previewSecond(page)
  await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBe(5)
  await soon(() => difference(page)).toBeLessThan(3) // a filmed frame beside itself, when both are drawn
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
  await fileIsReady(page, 'smooth.mp4')
  const film = await readFilm(path)
  expect(film.frames).toBe(100)
  expect(film.seconds).toBeCloseTo(2, 3)
  expect(film.audioSeconds).toBeCloseTo(2, 1)
  for (const [i, at] of (await timesOf(path)).entries()) expect(at).toBeCloseTo(i / 50, 6)
  expect(await ratesOf(path)).toBe('50/1,50/1,2.000000')
})
