// Little room: small windows, a page at 200 %, letters of twice the size. The picture has a third of the height, every control is
// reached, nothing is cut, the page has no sideways scrolling; pictures of it in both languages and themes go to test/artifacts for people to look at.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type BrowserDoor } from './doors.js'
import { chooseAppearance, openFile, patience, settle, soon, waitForFilm } from './window.js'
import { words } from './words.js'

let door: BrowserDoor
let page: Page

beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  await waitForFilm(page)
})
afterAll(() => door?.close())

/** 1280 x 720 at 200 % is a window of 640 x 360 to the page. */
const rooms = [
  { name: 'usual', width: 1280, height: 720, letters: '' },
  { name: 'small', width: 1024, height: 600, letters: '' },
  { name: 'page-200', width: 640, height: 360, letters: '' },
  { name: 'letters-200', width: 1280, height: 720, letters: '32px' },
]

/** What is wrong with the page as it stands, in words. */
const faults = (): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const app = document.querySelector<HTMLElement>('#root > div > div')
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways')
    if (app && app.scrollWidth > app.clientWidth + 1) found.push('the app scrolls sideways')
    const viewer = document.querySelector('[data-full-screen]')?.getBoundingClientRect()
    if (!viewer) return ['there is no viewer']
    const seen = Math.min(viewer.bottom, innerHeight) - Math.max(0, viewer.top)
    if (seen < innerHeight / 3) found.push(`the viewer has ${seen} of ${innerHeight}`)
    const pane = document.querySelector('[data-pane]')?.getBoundingClientRect()
    if ((pane?.height ?? 0) < innerHeight / 4) found.push(`the picture has ${pane?.height} of ${innerHeight}`)
    for (const element of document.querySelectorAll('button, input, select, summary')) {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || !(element instanceof HTMLElement)) continue
      const name = element.getAttribute('aria-label') ?? element.textContent
      if (element.scrollWidth > element.clientWidth + 1) found.push(`"${name}" is cut`)
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`"${name}" is beside the window`)
      // Whatever clips what stands in it must be able to scroll to it.
      for (let around = element.parentElement; around; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around)
        const frame = around.getBoundingClientRect()
        const isBeside = box.left < frame.left - 1 || box.right > frame.right + 1
        if (/hidden|clip/.test(overflowX) && isBeside) found.push(`"${name}" is cut at the side`)
        const isBelow = box.top < frame.top - 1 || box.bottom > frame.bottom + 1
        if (/hidden|clip/.test(overflowY) && isBelow) found.push(`"${name}" is cut above or below`)
        if (/auto|scroll/.test(overflowY)) break
      }
    }
    return found
  })

test.each([
  ['en', 'light'],
  ['ja', 'dark'],
] as const)('there is room for the picture and for every button, in %s, %s', async (language, theme) => {
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.evaluate(() => (document.documentElement.style.fontSize = ''))
  await chooseAppearance(page, language, theme)
  const found: string[] = []
  for (const { name, width, height, letters } of rooms) {
    await page.evaluate((size) => (document.documentElement.style.fontSize = size), letters)
    await page.setViewportSize({ width, height })
    await settle(page)
    await page.screenshot({ path: join(artifacts, `room-${name}-${language}-${theme}.png`) })
    found.push(...(await faults()).map((fault) => `${name}: ${fault}`))
    found.push(...(await barriers(page)).map((barrier) => `${name}: ${barrier}`))
  }
  expect(found).toEqual([])
})

test('where there is little room the rest scrolls past below the picture, to the last button', async () => {
  await page.setViewportSize({ width: 640, height: 360 })
  await page.evaluate(() => (document.documentElement.style.fontSize = ''))
  const footer = page.getByRole('contentinfo').getByRole('button').last()
  await footer.scrollIntoViewIfNeeded()
  await page.screenshot({ path: join(artifacts, 'room-scrolled.png') })
  expect(await footer.evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight)).toBe(true)
})

/** Controls that are covered by something else, or out of sight, when they have been scrolled to. */
const covered = (): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, summary')].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect()
      if (width < 2 || height < 2 || !element.checkVisibility()) return [] // also in what is folded away
      element.scrollIntoView({ block: 'nearest' })
      const box = element.getBoundingClientRect()
      const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      const isReached = element.contains(found) || found?.contains(element) === true
      const isIn = box.top >= -1 && box.bottom <= innerHeight + 1
      const name = element.getAttribute('aria-label') ?? element.textContent
      return isReached && isIn ? [] : [`${name} is ${isReached ? 'out of sight' : 'covered'}`]
    }),
  )

test('with letters of twice the size every control is reached, and the wheel over the picture scrolls', async () => {
  for (const { name, width, height, letters } of [
    ...rooms,
    { ...rooms[3]!, name: 'high', width: 900, height: 1400 },
  ]) {
    await page.evaluate((size) => (document.documentElement.style.fontSize = size), letters)
    await page.setViewportSize({ width, height })
    await settle(page)
    expect((await covered()).map((fault) => `${name}: ${fault}`)).toEqual([])
  }
  const { width, height, letters } = rooms[3]!
  await page.evaluate((size) => (document.documentElement.style.fontSize = size), letters)
  await page.setViewportSize({ width, height })
  const pane = page.locator('[data-pane]').first()
  await pane.scrollIntoViewIfNeeded()
  const stage = (): Promise<string | null> => page.locator('[data-stage]').first().getAttribute('style')
  const top = (): Promise<number> => pane.evaluate((element) => element.getBoundingClientRect().top)
  const [before, place] = [await stage(), await top()]
  await pane.hover()
  await page.mouse.wheel(0, 300)
  await soon(top).toBeLessThan(place - 100)
  expect(await stage()).toBe(before)
  await page.screenshot({ path: join(artifacts, 'room-letters-scrolled.png') })
  await pane.scrollIntoViewIfNeeded()
  await page.evaluate(() => document.querySelector('#root > div > div')?.scrollTo(0, 0))
  await pane.hover()
  await page.keyboard.down('Control')
  await page.mouse.wheel(0, -300)
  await page.keyboard.up('Control')
  await soon(stage).not.toBe(before)
})

test('a double click opens the export page, whose button is in sight at 1024x600 in Japanese; Escape gives the focus back', async () => {
  await page.setViewportSize({ width: 1024, height: 600 })
  await chooseAppearance(page, 'ja', 'light')
  const opener = page.getByRole('contentinfo').getByRole('button', { name: words('export.button', {}, 'ja') })
  await opener.dblclick()
  const dialog = page.getByRole('dialog', { name: words('export.title', {}, 'ja') })
  const begin = dialog.getByRole('button', { name: words('export.begin', {}, 'ja'), exact: true })
  await begin.waitFor({ timeout: patience })
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'room-export-ja.png') })
  const box = await begin.boundingBox()
  expect(box && box.y >= 0 && box.y + box.height <= 600 && box.x + box.width <= 1024).toBe(true)
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
})

test.each([
  ['en', 'light', 1280, 720],
  ['ja', 'dark', 1024, 600],
] as const)(
  'what a film of different clips will have otherwise is in sight beside the button, in %s',
  async (language, theme, width, height) => {
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.evaluate(() => (document.documentElement.style.fontSize = ''))
    await chooseAppearance(page, 'en', 'light')
    if ((await page.locator('li [data-face]').count()) < 2) {
      const make = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=240x320:r=30:d=1', 'upright.mp4']
      await promisify(execFile)('ffmpeg', make, { cwd: door.films })
      await openFile(door, join(door.films, 'upright.mp4'))
      await soon(() => page.locator('li [data-face]').count()).toBe(2)
      await waitForFilm(page)
    }
    await chooseAppearance(page, language, theme)
    await page.setViewportSize({ width, height })
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: words('export.title', {}, language) })
    const begin = dialog.getByRole('button', { name: words('export.begin', {}, language), exact: true })
    await soon(() => begin.isEnabled()).toBe(true)
    const notes = dialog.getByRole('region', { name: words('export.notes', {}, language) })
    await settle(page)
    await page.screenshot({ path: join(artifacts, `room-notes-${language}-${theme}.png`) })
    const [box, first] = [await notes.boundingBox(), await notes.getByRole('listitem').first().boundingBox()]
    expect(box && first && first.y + first.height <= Math.min(box.y + box.height, height)).toBe(true)
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
  },
)
