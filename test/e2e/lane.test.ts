// The time of the film in a real browser: three clips of different sizes on one lane, gone through by its ruler, by steps and by typed times, played and put
// in another order.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { openFile, patience, playhead, settle, soon, waitForFilm } from './window.js'
import { words } from './words.js'

let door: Door
let page: Page

/** 50, 25 and 75 frames: three seconds and a half at two rates. */
const films = [
  ['tape', '96x64', 25, 2],
  ['phone', '64x96', 50, 0.5],
  ['camera', '128x72', 25, 1],
] as const

beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
  for (const [name, size, rate, seconds] of films) {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`]
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...picture, `${name}.mp4`], { cwd: door.films })
    await openFile(door, join(door.films, `${name}.mp4`))
    await page.locator('li', { hasText: `${name}.mp4` }).waitFor({ timeout: patience })
  }
})
afterAll(() => door?.close())

const clips = (): Locator => page.locator('[role=listbox] > [role=option]')
const inHand = async (): Promise<string> =>
  page.locator('[role=listbox] > [aria-selected=true]').innerText({ timeout: patience })
const time = (): Promise<string> => page.getByTestId('time').innerText({ timeout: patience })
const length = (): Promise<string> => page.getByTestId('length').innerText({ timeout: patience })
const ruler = (): Locator => page.getByRole('slider', { name: words('timeline.time') })

/** The point of the ruler at so many seconds of the film. */
async function at(seconds: number): Promise<[x: number, y: number]> {
  const box = await ruler().boundingBox()
  if (!box) throw new Error('there is no ruler')
  return [box.x + (seconds / 3.5) * box.width, box.y + box.height / 2]
}

/** Where the lane's playhead stands, in seconds. */
async function laneSeconds(): Promise<number> {
  const [box, mark] = [await ruler().boundingBox(), await page.getByTestId('lane-playhead').boundingBox()]
  return box && mark ? ((mark.x + 1 - box.x) / box.width) * 3.5 : NaN
}

test('a drag over the ruler leads through all clips; the clip under it is in hand, its frame is looked at', async () => {
  await soon(inHand).toBe('3. camera.mp4')
  await soon(length).toBe('/ 00:00:03:12')
  await page.mouse.move(...(await at(0.42)))
  await page.mouse.down()
  await soon(inHand).toBe('1. tape.mp4')
  expect([await time(), await playhead(page)]).toEqual(['00:00:00:10', 10])
  await page.mouse.move(...(await at(2.21)))
  await soon(inHand).toBe('2. phone.mp4')
  await soon(time).toBe('00:00:02:10')
  expect(await playhead(page)).toBe(10)
  await page.mouse.move(...(await at(3.03)))
  await soon(inHand).toBe('3. camera.mp4')
  await soon(() => playhead(page)).toBe(13)
  await page.mouse.up()
  expect(await laneSeconds()).toBeCloseTo(3.02, 1)
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'lane.png') })
  expect(await barriers(page)).toEqual([])
})

test('steps go on over a cut, and Up, Down, Home and End over the film', async () => {
  await page.keyboard.press('Home')
  await soon(inHand).toBe('1. tape.mp4')
  expect(await time()).toBe('00:00:00:00')
  await page.keyboard.press('ArrowDown')
  await soon(inHand).toBe('2. phone.mp4')
  expect(await playhead(page)).toBe(0)
  await page.keyboard.press('ArrowLeft')
  await soon(inHand).toBe('1. tape.mp4')
  expect([await time(), await playhead(page)]).toEqual(['00:00:01:24', 49])
  await page.keyboard.press('ArrowRight')
  await soon(inHand).toBe('2. phone.mp4')
  await page.keyboard.press('End')
  await soon(inHand).toBe('3. camera.mp4')
  expect(await playhead(page)).toBe(24)
})

test('a typed time is one of the film', async () => {
  await page.keyboard.press('g')
  await page.getByRole('textbox', { name: words('viewer.timeTitle') }).fill('2.1')
  await page.keyboard.press('Enter')
  await soon(inHand).toBe('2. phone.mp4')
  expect([await time(), await playhead(page)]).toEqual(['00:00:02:05', 5])
})

test('playing goes on over the cuts, and the playhead of the film with it', async () => {
  await page.keyboard.press('Home')
  await soon(time).toBe('00:00:00:00')
  await page.keyboard.press(' ')
  await soon(inHand).toBe('2. phone.mp4')
  await soon(inHand).toBe('3. camera.mp4')
  await soon(time).toBe('00:00:03:11') // frames of its second 3: 12, the first at 3.02
  expect(await laneSeconds()).toBeGreaterThan(3.4)
})

test('a clip that is put in another place takes its time of the film along', async () => {
  await clips().nth(2).click()
  await page.keyboard.press('Alt+ArrowUp')
  await soon(() => clips().allInnerTexts()).toEqual(['1. tape.mp4', '2. camera.mp4', '3. phone.mp4'])
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await soon(inHand).toBe('2. camera.mp4')
  await page.keyboard.press('ArrowDown')
  await soon(inHand).toBe('3. phone.mp4')
  await soon(time).toBe('00:00:03:00')
})

test('a clip is dragged to the beginning of the film, and undone', async () => {
  const [first, last] = [await clips().first().boundingBox(), await clips().last().boundingBox()]
  if (!first || !last) throw new Error('there are no clips')
  await page.mouse.move(last.x + last.width / 2, last.y + 10)
  await page.mouse.down()
  await page.mouse.move(first.x + first.width / 4, first.y + 10, { steps: 5 })
  await page.getByTestId('insertion').waitFor()
  await page.screenshot({ path: join(artifacts, 'lane-drag.png') })
  await page.mouse.up()
  await soon(() => clips().allInnerTexts()).toEqual(['1. phone.mp4', '2. tape.mp4', '3. camera.mp4'])
  await soon(inHand).toBe('1. phone.mp4')
  expect(await page.getByTestId('insertion').count()).toBe(0)
  await page.keyboard.press('Control+z')
  await soon(() => clips().allInnerTexts()).toEqual(['1. tape.mp4', '2. camera.mp4', '3. phone.mp4'])
})

test('near enough, the wheel zooms the lane at the pointer, and Shift with it pans', async () => {
  await page.keyboard.press('Home')
  await page.mouse.move(...(await at(1)))
  for (let turns = 0; turns < 4; turns++) await page.mouse.wheel(0, -400)
  await soon(() => clips().count()).toBe(1)
  await page.keyboard.down('Shift')
  for (let turns = 0; turns < 30; turns++) await page.mouse.wheel(0, 400)
  await page.keyboard.up('Shift')
  await soon(() => clips().last().innerText()).toBe('3. phone.mp4')
  await page.keyboard.press('Shift+Z')
  await soon(() => clips().count()).toBe(3)
})

test('a film of three scenes is cut where they begin, and is one clip again after one undo', async () => {
  const pictures = [
    'testsrc2=s=128x72',
    'mandelbrot=s=128x72',
    'gradients=s=128x72:c0=white:c1=yellow:seed=1',
  ]
  const scenes = pictures.flatMap((picture, i) => [
    ...['-f', 'lavfi', '-t', String([1, 0.8, 1.2][i]), '-i', `${picture}:r=25`],
  ])
  const joined = ['-filter_complex', '[0][1][2]concat=n=3', 'scenes.mp4']
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...scenes, ...joined], { cwd: door.films })
  await openFile(door, join(door.films, 'scenes.mp4'))
  await soon(inHand).toBe('4. scenes.mp4')
  await choose('splitAtScenes')
  const dialog = page.getByRole('dialog')
  await soon(() => dialog.getByRole('checkbox').count()).toBe(2)
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'lane-scenes.png') })
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('Enter')
  await soon(() => page.locator('li', { hasText: 'scenes.mp4' }).count()).toBe(3)
  await page.keyboard.press('Home')
  for (let cut = 0; cut < 4; cut++) await page.keyboard.press('ArrowDown')
  await soon(() => playhead(page)).toBe(25)
  await page.keyboard.press('ArrowDown')
  await soon(() => playhead(page)).toBe(45)
  await page.keyboard.press('Control+z')
  await soon(() => page.locator('li', { hasText: 'scenes.mp4' }).count()).toBe(1)
})

/** By the list of commands. */
async function choose(name: 'splitAtScenes'): Promise<void> {
  await page.keyboard.press('Control+k')
  await page
    .getByRole('dialog')
    .getByRole('combobox')
    .fill(words(`command.${name}`))
  await page.keyboard.press('Enter')
}

test('another key for a command is chosen with the keyboard, works at once, and is kept', async () => {
  const own = (): Locator => page.locator('[data-command=moveEarlier]')
  await page.keyboard.press('?')
  await own().getByRole('button').focus()
  await page.keyboard.press('Enter')
  await own().getByRole('textbox').waitFor()
  await page.keyboard.press('m')
  await soon(() => own().getByRole('status').innerText()).not.toBe('')
  await settle(page)
  await page.screenshot({ path: join(artifacts, 'keys-taken.png') })
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('q')
  await soon(() => own().locator('kbd').allInnerTexts()).toEqual(['Q'])
  await page.screenshot({ path: join(artifacts, 'keys-changed.png') })
  await page.keyboard.press('Escape')
  await page.reload()
  await waitForFilm(page)
  await clips().nth(1).click()
  const name = (await inHand()).slice(3)
  await page.keyboard.press('q')
  await soon(inHand).toBe(`1. ${name}`)
})
