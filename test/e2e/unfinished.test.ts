// Heirloom is killed in the middle of an export: started again, the window tells of it and goes on with it.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { type BrowserDoor, artifacts, picturedDoor } from './doors.js'
import { readFilm } from './film.js'
import {
  button,
  chooseAppearance,
  exportTo,
  fileIsReady,
  openFile,
  patience,
  settle,
  soon,
  waitForFilm,
} from './window.js'
import { words } from './words.js'

let door: BrowserDoor
beforeAll(async () => {
  door = await picturedDoor()
  const make = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=30', 'long.mp4']
  await promisify(execFile)('ffmpeg', make, { cwd: door.films })
})
afterAll(() => door?.close())

test('a killed export is told of with how far it came, goes on, and is whole', async () => {
  const { page, films } = door
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
  await openFile(door, join(films, 'long.mp4'))
  await soon(() => page.locator('[data-face]').innerText()).toContain('320 × 240')
  await page.getByRole('switch').click() // as it is, which is quick
  await exportTo(door, join(films, 'whole.mp4'))
  // Ten seconds are a segment.
  const progress = page.getByRole('contentinfo').getByRole('progressbar')
  await soon(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(34)
  await door.killAndStart()
  const told = page.getByText(words('unfinished.title', { name: 'whole.mp4' }))
  await told.waitFor({ timeout: patience })
  await page.getByText(/(250|500|750) of 750 frames are finished/).waitFor()
  await waitForFilm(page)
  for (const [language, theme] of [
    ['ja', 'dark'],
    ['en', 'light'],
  ] as const) {
    await chooseAppearance(page, language, theme)
    await settle(page)
    await page.screenshot({ path: join(artifacts, `unfinished-${language}-${theme}.png`) })
    expect(await barriers(page)).toEqual([])
  }
  await page.keyboard.press('Delete') // it needs nothing that is open
  await button(page, 'unfinished.goOn').click()
  await fileIsReady(page, 'whole.mp4')
  await page.screenshot({ path: join(artifacts, 'unfinished-done.png') })
  expect(await told.count()).toBe(0)
  expect((await readFilm(join(films, 'whole.mp4'))).frames).toBe(750)
})
