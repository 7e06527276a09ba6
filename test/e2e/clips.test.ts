// Many clips in a real browser: the one in hand is in sight and in focus, whatever brought it there, and Delete removes it; of a
// file with several films another is chosen and is there again after a reload; clips of two sizes are one film.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { readFilm } from './film.js'
import { choosePlace, openFile, patience, settle, soon, waitForFilm } from './window.js'
import { words } from './words.js'

let door: Door
let page: Page

const picture = (size: string, seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=s=${size}:r=25:d=${seconds}`,
]

beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  const make = (...args: string[]): Promise<unknown> =>
    promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: door.films })
  await make(...picture('96x64', 1), 'wide.mp4')
  await make(...picture('96x64', 1), ...picture('64x96', 2), '-map', '0', '-map', '1', 'two.mkv')
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
})
afterAll(() => door?.close())

const strip = (): Locator => page.locator('[role=option]')
const faces = (): Locator => page.locator('li [data-face]')

/** The clip in hand by each way in which the window tells it, by its place in the film. */
const inHand = (): Promise<Record<string, number | boolean>> =>
  page.evaluate(() => {
    const places = [...document.querySelectorAll<HTMLElement>('[role=option]')]
    const items = [...document.querySelectorAll<HTMLElement>('li[data-piece]')]
    const isInside = (element: HTMLElement | undefined): boolean => {
      const [inner, outer] = [
        element?.getBoundingClientRect(),
        element?.parentElement?.getBoundingClientRect(),
      ]
      if (!inner || !outer) return false
      const isAcross = inner.left >= outer.left - 1 && inner.right <= outer.right + 1
      return (
        isAcross &&
        inner.top >= outer.top - 1 &&
        (inner.bottom <= outer.bottom + 1 || inner.height > outer.height)
      )
    }
    const chosen = places.findIndex((piece) => piece.getAttribute('aria-selected') === 'true')
    return {
      chosen,
      listed: items.findIndex(
        (item) => item.querySelector('[data-face]')?.getAttribute('aria-pressed') === 'true',
      ),
      focused: places.indexOf(document.activeElement as HTMLElement),
      isInSight: isInside(places[chosen]) && isInside(items[chosen]),
    }
  })

test('the clip in hand is in focus and in sight: opened, cut, gone through, undone; Delete removes that one', async () => {
  for (let i = 0; i < 6; i++) {
    await openFile(door, join(door.films, 'wide.mp4'))
    await soon(() => faces().count()).toBe(i + 1)
  }
  await soon(inHand).toMatchObject({ chosen: 5, listed: 5, isInSight: true })
  await strip().nth(1).click()
  await soon(inHand).toEqual({ chosen: 1, listed: 1, focused: 1, isInSight: true })
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('s')
  await soon(inHand).toEqual({ chosen: 2, listed: 2, focused: 2, isInSight: true })
  const before = await strip().allInnerTexts()
  await page.keyboard.press('Delete')
  await soon(() => strip().count()).toBe(before.length - 1)
  await soon(inHand).toEqual({ chosen: 2, listed: 2, focused: 2, isInSight: true })
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await soon(() => strip().count()).toBe(6)
  await soon(inHand).toEqual({ chosen: 1, listed: 1, focused: 1, isInSight: true })
  await page.keyboard.press('Tab') // reached with Tab, the row keeps its arrow keys
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('End')
  await soon(inHand).toEqual({ chosen: 5, listed: 5, focused: 5, isInSight: true })
  await page.keyboard.press('Home')
  await soon(inHand).toEqual({ chosen: 0, listed: 0, focused: 0, isInSight: true })
  await page.screenshot({ path: join(artifacts, 'clips.png') })
  expect(await barriers(page)).toEqual([])
  for (let i = 0; i < 5; i++) await page.keyboard.press('Delete')
  await soon(() => faces().count()).toBe(1)
})

test('another film of the file is chosen by keys, and is there again after a reload', async () => {
  await openFile(door, join(door.films, 'two.mkv'))
  const list = page.getByLabel(words('clips.film'))
  await list.waitFor({ timeout: patience })
  const first = await list.inputValue()
  await list.focus()
  await page.keyboard.press(first === '0' ? 'ArrowDown' : 'ArrowUp')
  const other = first === '0' ? '1' : '0'
  await soon(() => list.inputValue()).toBe(other)
  const size = other === '0' ? '96 × 64' : '64 × 96'
  await soon(() => faces().last().innerText()).toContain(size)
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'films.png') })
  expect(await barriers(page)).toEqual([])
  await page.waitForTimeout(1000) // autosave comes a moment after the last edit
  await door.reload()
  await waitForFilm(page)
  await soon(() => list.inputValue()).toBe(other)
  await soon(() => faces().last().innerText()).toContain(size)
  if (size === '96 × 64') await list.selectOption('1') // for the next test
})

/** How wide and high the picture stands in the film's frame, in parts of that. */
async function shares(): Promise<number[]> {
  const boxOf = async (name: string): Promise<{ width: number; height: number }> =>
    (await page.locator(name).first().boundingBox()) ?? { width: NaN, height: NaN }
  const [picture, stage] = [await boxOf('[data-layer=original]'), await boxOf('[data-stage]')]
  return [picture.width / stage.width, picture.height / stage.height].map(
    (share) => Math.round(100 * share) / 100,
  )
}

test('clips of two sizes are one film: how the upright one comes into it is chosen and said', async () => {
  await soon(() => faces().last().innerText()).toContain('64 × 96')
  await faces().first().click()
  await page.getByRole('switch').click() // as they are, which is quick
  await faces().last().click()
  await page.getByRole('switch').click()
  await page.getByText(words('fit.note.fit', { film: '96 × 64' })).waitFor({ timeout: patience })
  await soon(shares).toEqual([0.44, 1]) // 64x96 in 96x64
  await page.getByText(words('clips.sizeOfFirst')).waitFor()
  await page.screenshot({ path: join(artifacts, 'fit-whole.png') })
  await page.getByRole('radio', { name: words('fit.fill') }).click()
  await soon(shares).toEqual([1, 2.25])
  await page.getByText(words('viewer.sizeInFilm', { own: '64 × 96', film: '96 × 64' })).waitFor()
  await page.getByText(words('fit.note.fill', { film: '96 × 64' })).waitFor({ timeout: patience })
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'fit.png') })
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: words('export.title') })
  await choosePlace(door, dialog, join(door.films, 'both.mp4'))
  await dialog.getByRole('radio', { name: words('export.film') }).click()
  await dialog.getByText(/fills the film \(96×64\)/).waitFor({ timeout: patience })
  expect(await dialog.getByLabel(words('export.size')).isVisible()).toBe(true)
  await page.screenshot({ path: join(artifacts, 'fit-export.png') })
  const begin = dialog.getByRole('button', { name: words('export.begin'), exact: true })
  await soon(() => begin.isEnabled()).toBe(true)
  await begin.click()
  const ready = new RegExp(words('jobs.ready', { name: 'both.mp4' }))
  await page.getByText(ready).first().waitFor({ timeout: patience })
  const film = await readFilm(join(door.films, 'both.mp4'))
  expect([film.width, film.height, film.frames]).toEqual([96, 64, 25 + 50])
})
