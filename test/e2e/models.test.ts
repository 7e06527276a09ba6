// Bringing one's own weights in a browser at `heirloom serve`, as a person does it: find the folder, say which version it is, wait,
// enhance with it, remove it. The pages of it go to test/artifacts in both languages, both themes and two sizes, and axe looks at them.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toyFolder } from '../app/flashvsr.js'
import { film } from '../engine/bundle.js'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { readFilm } from './film.js'
import { exportTo, goTo, openFile, patience, slider, soon, valueOf, waitForFilm } from './window.js'
import { type Language, type WordKey, words } from './words.js'

const hashesIn = (folder: string): string[] =>
  readdirSync(folder).map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
  )

let door: Door
let page: Page
let weights: string
beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  weights = toyFolder(join(door.films, 'FlashVSR-v1.1'))
  film(join(door.films, 'tape.mp4'), { frames: 30, size: '64x48' })
  await waitForFilm(page)
})
afterAll(() => door?.close())

const dialog = (): Locator => page.getByRole('dialog')
const press = (key: WordKey, language: Language = 'en'): Promise<void> =>
  dialog()
    .getByRole('button', { name: words(key, {}, language), exact: true })
    .click()

async function openModels(language: Language = 'en'): Promise<void> {
  await page.keyboard.press('Control+,')
  await dialog()
    .getByRole('tab', { name: words('models.title', {}, language) })
    .click()
}
async function close(): Promise<void> {
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'detached' })
}
async function picture(name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(artifacts, `models-${name}.png`) })
}

test('a folder is found, the version is asked for, the import is told to its end', async () => {
  await openModels()
  expect(await barriers(page)).toEqual([])
  await press('models.addFolder')
  await dialog()
    .getByRole('button', { name: /^films/ })
    .click()
  await dialog()
    .getByRole('button', { name: /^FlashVSR-v1\.1/ })
    .click()
  await dialog().getByText('LQ_proj_in.ckpt').waitFor()
  await picture('browse')
  expect(await barriers(page)).toEqual([])
  await press('models.browse.choose')
  const add = dialog().getByRole('button', { name: words('models.found.add') })
  await add.waitFor({ timeout: patience })
  expect(await add.isEnabled()).toBe(false)
  await picture('found')
  expect(await barriers(page)).toEqual([])
  await dialog()
    .getByRole('radio', { name: /FlashVSR v1\.1/ })
    .click()
  await add.click()
  await dialog()
    .getByText(words('models.work.done', { name: 'FlashVSR-v1.1' }))
    .waitFor({ timeout: patience })
  await dialog().getByRole('heading', { name: 'FlashVSR v1.1' }).waitFor({ timeout: patience })
  await picture('done')
  await close()
})

test('the film is enhanced with it', async () => {
  await openFile(door, join(door.films, 'tape.mp4'))
  await soon(() => page.getByText('tape.mp4').count()).toBeGreaterThan(0)
  await soon(() => valueOf(slider(page, 'timeline.end'))).toBe(30)
  await page.keyboard.press('Alt+ArrowUp') // before the sample, so that the film begins with it
  await page.getByRole('combobox', { name: words('enhance.model') }).selectOption({ label: 'FlashVSR v1.1' })
  await goTo(page, 3)
  await page.keyboard.press('i')
  await goTo(page, 5)
  await page.keyboard.press('o')
  await soon(() => valueOf(slider(page, 'timeline.end'))).toBe(6)
  const path = join(door.films, 'flash.mp4')
  await exportTo(door, path, async (form) => {
    await form.getByRole('radio', { name: words('export.clip') }).click()
  })
  const ready = page.getByText(words('jobs.ready', { name: 'flash.mp4' })).first()
  await ready.waitFor({ timeout: patience })
  const made = await readFilm(path)
  expect([made.frames, made.width, made.height]).toEqual([3, 128, 96])

  const link = page.getByRole('contentinfo').getByRole('link', { name: words('jobs.save') })
  const address = new URL((await link.getAttribute('href')) ?? '', page.url()).href
  const fetched = await page.evaluate(async (from) => {
    const part = await fetch(from, { headers: { range: 'bytes=4-7' } })
    return { status: part.status, type: await part.text(), name: part.headers.get('content-disposition') }
  }, address)
  expect(fetched).toMatchObject({ status: 206, type: 'ftyp' })
  expect(fetched.name).toContain('flash.mp4')
  // The address carries the window's key: without it, or with another, nothing is given.
  expect((await fetch(address.replace(/\/s\/[^/]+/, ''))).ok).toBe(false)
  expect((await fetch(address.replace(/\/s\/[^/]+/, '/s/another'))).ok).toBe(false)
})

test('a download says everything before it asks for anything, and a bad answer in a sentence', async () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    await openModels()
    await press('models.download')
    const field = dialog().getByLabel(words('models.offer.address'))
    await field.waitFor()
    await dialog().getByText(words('models.offer.privacy')).waitFor()
    expect(await barriers(page)).toEqual([])
    await field.fill('ftp://nowhere.example/')
    await dialog().getByRole('alert').waitFor()
    await field.fill(address)
    const agree = dialog().getByRole('button', { name: /^Download \d/ })
    await soon(() => dialog().getByRole('alert').count()).toBe(0)
    expect(asked).toBe(0)
    // Where the disk has no room for it, saying so is all that can be tried.
    if ((await dialog().getByText(words('models.offer.full')).count()) === 0) {
      await agree.click()
      await dialog()
        .getByText(/answer 404/)
        .waitFor({ timeout: patience })
      expect(asked).toBe(1)
      await press('models.work.discard')
    } else await press('cancel')
    await close()
  } finally {
    server.close()
  }
})

test.each([
  ['en', 'light', 1280, 720],
  ['en', 'dark', 2560, 1440],
  ['ja', 'light', 2560, 1440],
  ['ja', 'dark', 1280, 720],
] as const)('the pages of models in %s, %s, %i x %i', async (language, theme, width, height) => {
  await page.keyboard.press('Control+,')
  await dialog().getByRole('tab').first().click()
  const chosen = { en: 'English', ja: '日本語' }[language]
  await dialog().getByRole('radio', { name: chosen, exact: true }).click()
  await dialog()
    .getByRole('radio', { name: words(`settings.${theme}`, {}, language), exact: true })
    .click()
  await close()
  await page.setViewportSize({ width, height })
  await openModels(language)
  const name = `${language}-${theme}-${width}x${height}`
  await picture(`list-${name}`)
  expect(await barriers(page)).toEqual([])
  await press('models.download', language)
  await dialog()
    .getByLabel(words('models.offer.address', {}, language))
    .waitFor()
  await picture(`download-${name}`)
  expect(await barriers(page)).toEqual([])
  await close()
})

test('removing asks first; the folder it came from is as it was', async () => {
  const before = hashesIn(weights)
  await openModels('ja')
  await dialog()
    .getByRole('button', { name: words('models.removeNamed', { name: 'FlashVSR v1.1' }, 'ja') })
    .click()
  await press('models.keep', 'ja')
  await dialog()
    .getByRole('button', { name: words('models.removeNamed', { name: 'FlashVSR v1.1' }, 'ja') })
    .click()
  await picture('remove')
  expect(await barriers(page)).toEqual([])
  await press('models.removeYes', 'ja')
  await dialog()
    .getByRole('heading', { name: 'FlashVSR v1.1' })
    .waitFor({ state: 'detached', timeout: patience })
  expect(hashesIn(weights)).toEqual(before)
  await close()
  await page
    .getByText(words('enhance.modelGone', { id: 'flashvsr-v1.1' }, 'ja'))
    .first()
    .waitFor()
})

test('the page had nothing to complain about but what was tried on purpose', () => {
  const complaints = door
    .output()
    .split('\n')
    .filter((line) => /^(page error|console):/.test(line))
  expect(complaints).toEqual([])
})
