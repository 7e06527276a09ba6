// A Keepsake through the window, in a browser at `heirloom serve`: made by quality and by size, told before what it will be, opened again and
// asked what it is. Pictures of it go to test/artifacts in both languages and both themes, axe looks at each.
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendKeepsake, findKeepsake, mediaOf } from '../../electron/ffmpeg/keepsakeBox.js'
import { film } from '../engine/bundle.js'
import { keepsakeFor } from '../shared/media/keepsake/kit.js'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { readFilm } from './film.js'
import {
  appearances,
  chooseAppearance,
  choosePlace,
  compareBy,
  difference,
  exportTo,
  fileIsReady,
  openFile,
  patience,
  previewSecond,
  settle,
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
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
  await openFile(door, join(door.films, 'tape.mp4'))
  await page.getByText('160 × 120').first().waitFor({ timeout: patience })
  // As filmed: nothing about the film changes by itself while its size is worked out.
  await page.getByRole('switch', { name: words('enhance.title') }).click()
})
afterAll(() => door?.close())

const begin = (dialog: Locator): Locator =>
  dialog.getByRole('button', { name: words('export.begin'), exact: true })
const keepsake = (dialog: Locator, language: Language = 'en'): Locator =>
  dialog.getByRole('radio', { name: new RegExp(`^${words('export.quality.keepsake', {}, language)}`) })
const by = (dialog: Locator, way: 'quality' | 'size', language: Language = 'en'): Locator =>
  dialog.getByRole('radio', { name: words(`export.keepsake.ways.${way}`, {}, language), exact: true })

/** The export page, with the filmed clip in hand: the Keepsake behind it is restored. */
async function exportFilmed(language: Language): Promise<Locator> {
  await page.locator('li [data-face]').first().click()
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: words('export.title', {}, language) })
  await dialog.getByRole('textbox').first().waitFor({ timeout: patience })
  return dialog
}

test('one by quality is made, and opened again says what it is', async () => {
  const path = join(door.films, 'kept.mp4')
  await exportTo(door, path, async (dialog) => {
    await keepsake(dialog).click()
    await dialog.getByRole('radio', { name: words('export.keepsake.levels.send'), exact: true }).click()
    await dialog.getByLabel(words('export.codec')).selectOption('h264')
  })
  await fileIsReady(page, 'kept.mp4')
  expect((await readFilm(path)).codec).toBe('h264')
  expect(await findKeepsake(path, { isWhole: true })).toMatchObject({ media: 'same', damages: [] })
  await openFile(door, path)
  const facts = page.getByText(words('clips.keepsake'))
  await facts.waitFor({ timeout: patience })
  await facts.click()
  await page.getByText(/x264 .*\(h264\) crf 36/).waitFor({ timeout: patience })
  for (const [language, theme] of appearances) {
    await chooseAppearance(page, language, theme)
    await settle(page)
    await page
      .getByText(words('keepsake.grain', {}, language), { exact: true })
      .last()
      .scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(artifacts, `keepsake-facts-${language}-${theme}.png`) })
    expect(await barriers(page)).toEqual([])
  }
  await chooseAppearance(page, 'en', 'light')
})

test('one of a size is worked out first, by keys, and is no larger; a size that cannot be met says the smallest', async () => {
  const path = join(door.films, 'small.mp4')
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: words('export.title') })
  await choosePlace(door, dialog, path)
  await keepsake(dialog).focus()
  await by(dialog, 'size').click()
  const size = dialog.getByLabel(words('export.keepsake.size'))
  await size.fill('0.001')
  expect(await begin(dialog).isDisabled()).toBe(true)
  await size.press('Enter')
  const refused = dialog.getByText(/at its coarsest it has 0\.\d+ MB/)
  await refused.waitFor({ timeout: patience })
  await page.screenshot({ path: join(artifacts, 'keepsake-too-small.png') })
  expect(await begin(dialog).isDisabled()).toBe(true)
  await size.fill('0.06')
  await dialog.getByRole('button', { name: words('export.keepsake.find') }).click()
  await dialog.getByText(/^It will have about/).waitFor({ timeout: patience })
  await soon(() => begin(dialog).isEnabled()).toBe(true)
  await begin(dialog).click()
  await fileIsReady(page, 'small.mp4')
  expect(statSync(path).size).toBeLessThanOrEqual(60_000)
})

test.each(appearances)(
  'a frame of it is seen before it is made, beside the filmed one, at 100 %%: %s, %s',
  async (language, theme) => {
    await chooseAppearance(page, language, theme)
    const dialog = await exportFilmed(language)
    await keepsake(dialog, language).click()
    await by(dialog, 'quality', language).click()
    await dialog
      .getByRole('radio', { name: words('export.keepsake.levels.send', {}, language), exact: true })
      .click()
    await dialog.getByRole('button', { name: words('export.keepsake.look.begin', {}, language) }).click()
    const pictures = (['filmed', 'made'] as const).map((side) =>
      dialog.getByRole('img', { name: words(`export.keepsake.look.${side}`, {}, language) }),
    )
    const pixels = async (picture: Locator): Promise<number[]> => {
      await picture.waitFor({ timeout: patience })
      await soon(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(160)
      return picture.evaluate((image: HTMLImageElement) => {
        const canvas = document.createElement('canvas')
        ;[canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight]
        const context = canvas.getContext('2d')
        context?.drawImage(image, 0, 0)
        return [...(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [])]
      })
    }
    const [filmed, made] = [await pixels(pictures[0] as Locator), await pixels(pictures[1] as Locator)]
    const away = filmed.reduce((sum, value, i) => sum + Math.abs(value - (made[i] ?? 0)), 0) / filmed.length
    expect(away).toBeGreaterThan(0.5)
    expect(away).toBeLessThan(20)
    await pictures[1]?.scrollIntoViewIfNeeded()
    await settle(page)
    await page.screenshot({ path: join(artifacts, `keepsake-look-${language}-${theme}.png`) })
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  },
)

test.each(appearances)(
  'the choice has no barriers and needs no scrolling sideways: %s, %s',
  async (language, theme) => {
    await chooseAppearance(page, language, theme)
    const dialog = await exportFilmed(language)
    for (const way of ['quality', 'size'] as const) {
      await by(dialog, way, language).click()
      await dialog.getByText(words('export.keepsake.notOthers', {}, language)).scrollIntoViewIfNeeded()
      await settle(page)
      await page.screenshot({ path: join(artifacts, `keepsake-${way}-${language}-${theme}.png`) })
      expect(await barriers(page)).toEqual([])
    }
    const isWider = await dialog.evaluate((element) => element.scrollWidth > element.clientWidth)
    expect(isWider).toBe(false)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  },
)

test('one that is damaged says so when it is opened, and plays', async () => {
  await chooseAppearance(page, 'en', 'light')
  const path = join(door.films, 'hurt.mp4')
  copyFileSync(join(door.films, 'kept.mp4'), path)
  const bytes = readFileSync(path)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(path, bytes)
  await openFile(door, path)
  await page.getByText(/The Keepsake part of "hurt\.mp4" is damaged: "qntz"/).waitFor({ timeout: patience })
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'keepsake-damaged.png') })
})

test('opened, it is shown with its grain, beside the film as others see it', async () => {
  const path = join(door.films, 'grainy.mp4')
  film(path, { frames: 30, size: '160x120' })
  const kept = keepsakeFor(30, await mediaOf(path))
  const base = { ...kept.info.base, width: 160, height: 120 }
  await appendKeepsake(path, { ...kept, info: { ...kept.info, base } })
  await openFile(door, path)
  await page.locator('[aria-selected=true]', { hasText: 'grainy.mp4' }).waitFor({ timeout: patience })
  // Nothing is chosen: it comes restored, and its first seconds are made by themselves.
  await page.getByText(/"grainy\.mp4": its Keepsake part names no model/).waitFor()
  await compareBy(page, 'side')
  await soon(() => difference(page)).toBeGreaterThan(0.5)
  const grained = await difference(page)
  for (const [language, theme] of appearances) {
    await chooseAppearance(page, language, theme)
    await page
      .getByRole('switch', { name: words('enhance.keepsake.grain', {}, language) })
      .scrollIntoViewIfNeeded()
    await settle(page)
    await page.screenshot({ path: join(artifacts, `keepsake-restore-${language}-${theme}.png`) })
    expect(await barriers(page)).toEqual([])
  }
  await chooseAppearance(page, 'en', 'light')
  await page.getByRole('switch', { name: words('enhance.keepsake.grain') }).click()
  await previewSecond(page)
  await soon(() => difference(page)).toBeLessThan(grained / 2)
})
