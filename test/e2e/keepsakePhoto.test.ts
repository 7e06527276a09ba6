// A Keepsake photo through the window, in a browser at `heirloom serve`, with the small model of the goldens as one that was added: made at a level, opened
// again, asked what it is, and saved as PNG with detail drawn on it. Without the model nothing of it is offered.
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPhoto } from '../../electron/ffmpeg/keepsakePhoto.js'
import { root, tool } from '../engine/bundle.js'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import {
  appearances,
  chooseAppearance,
  choosePlace,
  fileIsReady,
  openFile,
  patience,
  settle,
  waitForFilm,
} from './window.js'
import { type Language, words } from './words.js'

let door: Door
let page: Page
beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  const still = join(door.films, 'still.png')
  const picture = ['-f', 'lavfi', '-i', 'mandelbrot=size=300x200', '-frames:v', '1', still]
  tool('ffmpeg', ['-v', 'error', ...picture])
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
  await openPhoto('still.png')
})
afterAll(() => door?.close())

async function openPhoto(name: string): Promise<void> {
  await openFile(door, join(door.films, name))
  await page.locator('[data-face][aria-pressed=true]', { hasText: name }).waitFor({ timeout: patience })
}

async function photoPage(language: Language = 'en'): Promise<Locator> {
  await page.keyboard.press('Shift+e')
  const dialog = page.getByRole('dialog', { name: words('photo.titleStill', {}, language) })
  await dialog.getByRole('textbox').waitFor({ timeout: patience })
  return dialog
}
const fileType = (dialog: Locator): Locator => dialog.getByRole('radio', { name: words('photo.formats.hlm') })

test('without a model none is offered', async () => {
  const dialog = await photoPage()
  expect(await fileType(dialog).count()).toBe(0)
  expect(await dialog.getByRole('slider').count()).toBe(0)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('with one it is made at a level, and opened again says what it is', async () => {
  const models = join(door.own, 'data', 'models')
  mkdirSync(models, { recursive: true })
  cpSync(join(root, 'test/fixtures/residual-codec-golden'), join(models, 'small-photo'), { recursive: true })
  await door.reload()
  await page.locator('[data-face]', { hasText: '300 × 200' }).waitFor({ timeout: patience })
  const dialog = await photoPage()
  await dialog.getByRole('radio', { name: words('photo.same') }).click()
  await fileType(dialog).click()
  await dialog.getByRole('radio', { name: words('export.keepsake.levels.keep'), exact: true }).click()
  await choosePlace(door, dialog, join(door.films, 'kept.hlm'))
  await dialog.getByRole('button', { name: words('photo.save') }).click()
  await fileIsReady(page, 'kept.hlm')
  expect((await readPhoto(join(door.films, 'kept.hlm')))?.info).toMatchObject({
    quality: 63,
    width: 300,
    height: 200,
  })
  await openPhoto('kept.hlm')
  await page
    .getByText(/"kept\.hlm" is shown as the model "residual-codec-golden" wrote it/)
    .waitFor({ timeout: patience })
})

test.each(appearances)('its page has detail, and no barriers: %s, %s', async (language, theme) => {
  await chooseAppearance(page, language, theme)
  const dialog = await photoPage(language)
  const slider = dialog.getByRole('slider', { name: words('enhance.keepsake.detail', {}, language) })
  await slider.focus()
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight')
  await dialog.getByText(words('photo.detailDrawn', {}, language)).waitFor({ timeout: patience })
  await settle(page)
  await page.screenshot({ path: join(artifacts, `keepsake-photo-${language}-${theme}.png`) })
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

test('restored to PNG it has the detail, and says so', async () => {
  await chooseAppearance(page, 'en', 'light')
  const pixels = async (name: string, steps: number): Promise<Buffer> => {
    const dialog = await photoPage()
    await dialog.getByRole('slider').focus()
    for (let i = 0; i < steps; i++) await page.keyboard.press('ArrowRight')
    if (steps === 0) await dialog.getByRole('radio', { name: words('photo.same') }).click()
    await choosePlace(door, dialog, join(door.films, name))
    await dialog.getByRole('button', { name: words('photo.save') }).click()
    await fileIsReady(page, name)
    const raw = join(door.films, 'pixels.raw')
    tool('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      join(door.films, name),
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      raw,
    ])
    return readFileSync(raw)
  }
  const drawn = await pixels('drawn.png', 10)
  const text = readFileSync(join(door.films, 'drawn.png'), 'latin1')
  expect(text).toContain('from a Keepsake photo, detail 0.5 drawn, not photographed')
  const shown = await pixels('shown.png', 0)
  expect(drawn.length).toBe(300 * 200 * 3)
  expect(shown.length).toBe(drawn.length)
  expect(drawn.equals(shown)).toBe(false)
})
