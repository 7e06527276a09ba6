// A film's cuts saved for another editor, in the browser: chosen by what each format is for, found where the page said.
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrowserDoor, artifacts, picturedDoor, summerIn } from './doors.js'
import { chooseAppearance, patience, settle, soon, waitForFilm } from './window.js'
import { words } from './words.js'

let door: BrowserDoor
let summer: string

beforeAll(async () => {
  door = await picturedDoor()
  summer = await summerIn(door.films, '30000/1001')
})
afterAll(() => door?.close())

async function openPage(language: 'en' | 'ja') {
  const { page } = door
  await page.getByRole('menuitem', { name: words('menu.file', {}, language) }).click()
  await page.getByRole('menuitem', { name: words('command.saveCuts', {}, language) }).click()
  const dialog = page.getByRole('dialog', { name: words('cuts.title', {}, language) })
  await dialog.getByRole('radio', { name: words('cuts.edl', {}, language) }).click()
  await dialog.getByText('29.97').waitFor({ timeout: patience })
  await settle(page)
  await page.screenshot({ path: join(artifacts, `cuts-${language}.jpg`), type: 'jpeg', quality: 85 })
  return dialog
}

test('a film cut in two goes to another editor with both its parts', async () => {
  const { page, films } = door
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
  await page.keyboard.press('Control+o')
  const open = page.getByRole('dialog', { name: words('open.title') })
  await open.getByRole('button', { name: basename(films), exact: true }).click()
  await open.getByRole('button', { name: 'Summer', exact: true }).click()
  await open.getByRole('checkbox', { name: 'tape.mp4' }).click()
  await open.getByRole('button', { name: words('open.chosen', { count: '1' }) }).click()
  await soon(() => page.locator('li [data-face]').innerText()).toContain('320 × 240')
  await page.keyboard.press('Shift+ArrowRight') // one second: into frame 29
  await page.keyboard.press('s')
  await soon(() => page.locator('li [data-face]').count()).toBe(2)

  await chooseAppearance(page, 'ja', 'dark')
  await openPage('ja')
  await page.keyboard.press('Escape')
  await chooseAppearance(page, 'en', 'light')
  const dialog = await openPage('en')
  await dialog.getByRole('button', { name: words('cuts.save'), exact: true }).click()
  await dialog.waitFor({ state: 'detached', timeout: patience })
  const made = readdirSync(summer).find((name) => name.endsWith('.edl'))
  expect(made).toBe('tape (cuts).edl')
  const text = readFileSync(join(summer, made ?? ''), 'utf8')
  expect(text).toContain('00:00:00;00 00:00:00;29 01:00:00;00 01:00:00;29')
  expect(text).toContain('00:00:00;29 00:00:04;00 01:00:00;29 01:00:04;00')
})
