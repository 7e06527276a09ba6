// Looks and strength with a model that was trained for them, in a browser at `heirloom serve`: by keys, in both languages and both
// themes, into a preview, a film and a photo. Pictures of it go to test/artifacts, axe looks at each.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { placeAble } from '../app/able.js'
import { film, tool } from '../engine/bundle.js'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import {
  appearances,
  chooseAppearance,
  choosePlace,
  exportTo,
  fileIsReady,
  layers,
  openFile,
  patience,
  previewSecond,
  settle,
  sizes,
  soon,
  waitForFilm,
} from './window.js'
import { type Language, words } from './words.js'

let door: Door
let page: Page
beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  film(join(door.films, 'tape.mp4'), { frames: 30, size: '160x120' })
  placeAble(join(door.own, 'data', 'models'))
  await waitForFilm(page)
  await door.reload() // the window hears of the model
  await waitForFilm(page)
  await openFile(door, join(door.films, 'tape.mp4'))
  await page.getByText('160 × 120').first().waitFor({ timeout: patience })
})
afterAll(() => door?.close())

const looks = (language: Language = 'en'): Locator =>
  page.getByRole('radiogroup', { name: words('look.title', {}, language) })
const strength = (): Locator => page.getByRole('slider', { name: words('look.strength') })
const checked = (): Promise<string[]> => looks().locator('[aria-checked=true]').allInnerTexts()
const spoken = (): Promise<string | null> => strength().getAttribute('aria-valuetext')

test('a model that was trained for looks brings its own', async () => {
  await page.getByLabel(words('enhance.model')).first().selectOption('able')
  await looks()
    .getByRole('radio', { name: words('look.natural') })
    .click({ timeout: patience })
  expect([await checked(), await spoken()]).toEqual([[words('look.natural')], '60%'])
})

test('the preview stays in sight above the settings, in a small window too', async () => {
  const panel = page.getByRole('region', { name: words('enhance.label') })
  await panel.evaluate((element) => element.scrollTo(0, 0))
  const [outer, inner] = [
    await panel.boundingBox(),
    await panel.getByRole('button', { name: words('preview.button') }).boundingBox(),
  ]
  if (!outer || !inner) throw new Error('there is no panel')
  expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height)
  await page.screenshot({ path: join(artifacts, 'strength-top-1280x720.png') })
})

test('keys choose a look and a strength; Shift is finer; undo goes back by one', async () => {
  await looks().locator('[aria-checked=true]').focus()
  await page.keyboard.press('ArrowRight')
  expect([await checked(), await spoken()]).toEqual([[words('look.strong')], '100%'])
  await strength().focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Shift+ArrowLeft')
  expect([await checked(), await spoken()]).toEqual([[], '94%'])
  await page.getByText(words('look.custom'), { exact: true }).waitFor()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  expect([await checked(), await spoken()]).toEqual([[words('look.strong')], '100%'])
})

test('a preview of one look is not shown for another', async () => {
  await previewSecond(page)
  await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBeDefined()
  await looks().getByRole('radio').first().click()
  await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBeUndefined()
})

test.each(appearances)(
  'looks in the panel and in the photo dialog have no barriers: %s, %s',
  async (language, theme) => {
    await chooseAppearance(page, language, theme)
    await page.getByRole('slider', { name: words('look.strength', {}, language) }).focus()
    await page.keyboard.press('ArrowRight')
    await settle(page)
    await page.screenshot({ path: join(artifacts, `strength-${language}-${theme}-1280x720.png`) })
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Shift+e')
    await page.getByRole('dialog').getByRole('textbox').waitFor({ timeout: patience })
    await settle(page)
    await page.screenshot({ path: join(artifacts, `strength-photo-${language}-${theme}-1280x720.png`) })
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  },
)

test('the film and the photo say which strength they were made with', async () => {
  await chooseAppearance(page, 'en', 'light')
  await looks()
    .getByRole('radio', { name: words('look.gentle') })
    .click()
  const path = join(door.films, 'gentle.mp4')
  const onlyThis = (dialog: Locator): Promise<void> =>
    dialog.getByRole('radio', { name: words('export.clip') }).click()
  await exportTo(door, path, onlyThis) // the sample has another size
  await fileIsReady(page, 'gentle.mp4')
  expect(readFileSync(path).toString('latin1')).toContain('strength 0.3, detail 0.8')
  await page.keyboard.press('Shift+e')
  const dialog = page.getByRole('dialog', { name: words('photo.title') })
  await dialog.getByRole('radio', { name: words('look.strong') }).click()
  await choosePlace(door, dialog, join(door.films, 'strong.png'))
  await dialog.getByRole('button', { name: words('photo.save') }).click()
  await fileIsReady(page, 'strong.png')
  expect(readFileSync(join(door.films, 'strong.png')).toString('latin1')).toContain('strength 1, seed')
})

test('combs that the file says nothing of are told of, and taken apart by a key', async () => {
  const path = join(door.films, 'woven.mp4')
  const moving = 'mandelbrot=size=320x240:rate=25:start_scale=0.4:end_scale=0.3:end_pts=40,format=gray'
  const woven = `${moving},scroll=h=0.03,tinterlace=interleave_top,setfield=prog,format=yuv420p`
  const coded = ['-frames:v', '12', '-c:v', 'libx264', '-qp', '1', '-preset', 'ultrafast', path]
  tool('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', woven, ...coded])
  await openFile(door, path)
  await page.getByText(words('fields.combed')).waitFor({ timeout: patience })
  for (const [language, theme] of appearances) {
    await chooseAppearance(page, language, theme)
    for (const size of sizes) {
      await page.setViewportSize(size)
      await settle(page)
      await page.screenshot({
        path: join(artifacts, `strength-combed-${language}-${theme}-${size.width}x${size.height}.png`),
      })
    }
    await page.setViewportSize(sizes[0])
    expect(await barriers(page)).toEqual([])
  }
  await chooseAppearance(page, 'en', 'light')
  const end = page.getByRole('slider', { name: words('timeline.end') })
  expect(await end.getAttribute('aria-valuenow')).toBe('12')
  await page.getByRole('button', { name: words('fields.takeApart') }).focus()
  await page.keyboard.press('Enter')
  await page.getByText(words('fields.apart')).waitFor({ timeout: patience })
  expect(await end.getAttribute('aria-valuenow')).toBe('24')
  for (const [language, theme] of [appearances[0], appearances[3]]) {
    await chooseAppearance(page, language, theme)
    await settle(page)
    await page.screenshot({ path: join(artifacts, `strength-apart-${language}-${theme}-1280x720.png`) })
    expect(await barriers(page)).toEqual([])
  }
  await chooseAppearance(page, 'en', 'light')
  const together = page.getByRole('button', { name: words('fields.putTogether') })
  await together.focus()
  await page.keyboard.press('Enter')
  await page.getByText(words('fields.combed')).waitFor({ timeout: patience })
  expect(await end.getAttribute('aria-valuenow')).toBe('12')
})
