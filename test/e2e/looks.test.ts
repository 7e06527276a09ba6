// How the window looks and whether everybody can use it: pictures of it in both languages, both themes and two sizes go to
// test/artifacts for people to look at, and axe searches each state for barriers. With UPDATE_SCREENSHOTS=1 the pictures
// that the papers show are made anew.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../standin/launch.js'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import {
  appearances,
  chooseAppearance,
  compareBy,
  goTo,
  layers,
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
})
afterAll(() => door?.close())

test('there is something to compare', async () => {
  await waitForFilm(page)
  await goTo(page, 5)
  await previewSecond(page)
  await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBe(5)
})

test.each(appearances)('the window in %s, %s', async (language, theme) => {
  await chooseAppearance(page, language, theme)
  for (const size of sizes) {
    await page.setViewportSize(size)
    await settle(page)
    await page.screenshot({
      path: join(artifacts, `window-${language}-${theme}-${size.width}x${size.height}.png`),
    })
    const overflow = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement
      return scrollWidth > innerWidth || scrollHeight > innerHeight
    })
    expect(overflow, 'the page itself must not scroll').toBe(false)
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  expect(await barriers(page)).toEqual([])
})

test.each(appearances)('dialogs have no barriers, %s, %s', async (language, theme) => {
  await chooseAppearance(page, language, theme)
  const found: string[] = []
  for (const [name, key] of [
    ['export', 'e'],
    ['photo', 'Shift+e'],
    ['settings', 'Control+,'],
    ['commands', 'Control+k'],
    ['shortcuts', 'Shift+?'],
    ['open', 'Control+o'],
  ] as const) {
    await page.keyboard.press(key)
    await page.getByRole('dialog').waitFor()
    await settle(page)
    await page.screenshot({ path: join(artifacts, `${name}-${language}-${theme}.png`) })
    found.push(...(await barriers(page)).map((barrier) => `${name}: ${barrier}`))
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await chooseAppearance(page, 'en', 'dark')
  expect(found).toEqual([])
})

test.each(['side', 'difference', 'divider'] as const)('comparing by %s', async (mode) => {
  await compareBy(page, mode)
  await settle(page)
  await page.screenshot({ path: join(artifacts, `compare-${mode}.png`) })
  expect(await barriers(page)).toEqual([])
})

test('a model that draws says so, and what it costs; a size it does not have becomes the next smaller', async () => {
  const size = page.getByRole('radiogroup', { name: words('enhance.size'), exact: true })
  const model = page.getByLabel(words('enhance.model')).first()
  await size.getByText('×4').click()
  await model.selectOption('heirloom-m-texture')
  await soon(() => size.locator('[aria-checked=true]').allInnerTexts()).toEqual(['×2'])
  for (const [language, theme] of appearances) {
    await chooseAppearance(page, language, theme)
    await page.getByText(words('models.purpose.heirloom-m-texture', {}, language)).waitFor()
    const name = 'Heirloom M Texture'
    await page.getByText(words('enhance.timesSlower', { name, times: '5' }, language)).waitFor()
    await settle(page)
    await page.screenshot({ path: join(artifacts, `texture-${language}-${theme}.png`) })
    expect(await barriers(page)).toEqual([])
  }
  await chooseAppearance(page, 'en', 'dark')
  await model.selectOption('heirloom-s')
})

test('everything in the window can be reached and left by keyboard', async () => {
  await page.keyboard.press('1')
  await page.locator('[data-pane]').first().click() // the picture is in hand, and does not keep it
  const seen = new Set<string>()
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab')
    const now = await page.evaluate(() => {
      const element = document.activeElement
      return element === document.body
        ? ''
        : (element?.getAttribute('aria-label') ?? element?.textContent ?? '')
    })
    if (now !== '') seen.add(now.trim())
  }
  expect([...seen].join('\n')).toContain(words('export.button'))
  expect([...seen].join('\n')).toContain(words('timeline.start'))
})

test.runIf(process.env['UPDATE_SCREENSHOTS'] === '1')('the pictures of the papers', async () => {
  const folder = join(root, 'docs', 'screenshots')
  await mkdir(folder, { recursive: true })
  await chooseAppearance(page, 'en', 'dark')
  await compareBy(page, 'divider')
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.mouse.move(700, 300) // the labels fade while the pointer rests
  await settle(page)
  await page.screenshot({ path: join(folder, 'heirloom.png') })
})
