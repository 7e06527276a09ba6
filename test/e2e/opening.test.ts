// Films are chosen on the page of shared folders, several at once and by keys alone, and dropped as a folder.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { type BrowserDoor, artifacts, picturedDoor } from './doors.js'
import { chooseAppearance, settle, soon, waitForFilm } from './window.js'
import { words } from './words.js'

let door: BrowserDoor
const names = ['a.mp4', 'b.mp4', 'c.mp4']
beforeAll(async () => {
  door = await picturedDoor()
  mkdirSync(join(door.films, 'older'))
  for (const [i, name] of names.entries()) {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=${i + 1}`]
    execFileSync('ffmpeg', ['-v', 'error', ...picture, join(door.films, name)])
  }
  writeFileSync(join(door.films, 'letter.txt'), 'Dear grandmother')
  await waitForFilm(door.page)
  await door.page.keyboard.press('Delete') // the sample
})
afterAll(() => door?.close())

const listed = () => door.page.locator('li [data-face]').allInnerTexts()

test('several films are chosen by the mouse with Shift, and by keys; other files are not among them', async () => {
  const { page } = door
  const folder = page.getByRole('dialog').getByRole('button', { name: basename(door.films) })
  await page.keyboard.press('Control+o')
  await folder.click()
  await page.getByRole('checkbox').first().waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(3)
  await page.getByText('a.mp4').click()
  await page.getByText('c.mp4').click({ modifiers: ['Shift'] })
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'open-several.png') })
  expect(await barriers(page)).toEqual([])
  await page.getByRole('button', { name: words('open.chosen', { count: '3' }) }).click()
  await soon(async () => (await listed()).map((text) => names.find((name) => text.includes(name)))).toEqual(
    names,
  )

  await chooseAppearance(page, 'ja', 'dark')
  await page.keyboard.press('Control+o')
  // It begins where films were opened last, at the first entry.
  await page.getByRole('checkbox').first().waitFor()
  await page.keyboard.press('ArrowDown') // past the folder inside
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'open-several-ja.png') })
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('Enter')
  await soon(async () => (await listed()).length).toBe(5)
  await chooseAppearance(page, 'en', 'light')
})

test('a dropped folder: its films are copied and opened; one without films says so, and nothing of copying', async () => {
  const { page } = door
  const client = await page.context().newCDPSession(page)
  const drop = async (path: string): Promise<void> => {
    const data = { items: [], files: [path], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await client.send('Input.dispatchDragEvent', { type, x: 600, y: 300, data })
  }
  await drop(join(door.films, 'older'))
  await page.getByText(/There are no films in the folder "older"/).waitFor()
  await drop(door.films)
  await soon(async () => (await listed()).length).toBe(8)
  expect(await page.getByText(/interrupted/).count()).toBe(0)
})
