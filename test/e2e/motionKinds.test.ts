// Every other motion of a clip from the keyboard to the finished file: slow motion of a range through Electron's main and preload, the true tempo of
// an 8 mm film and the repair of doubled frames in a browser. Rates, times and sound are those that were said.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import { type Door, artifacts, picturedDoor, standinDoor } from './doors.js'
import { readFilm } from './film.js'
import { chooseMotion, leaveSection, makeFilm, moving, openAlone, ratesOf, timesOf } from './moving.js'
import {
  difference,
  exportTo,
  fileIsReady,
  goTo,
  layers,
  patience,
  playhead,
  previewSecond,
  settle,
  slider,
  soon,
  valueOf,
  waitForFilm,
} from './window.js'
import { words } from './words.js'

const through = (open: () => Promise<Door>): (() => Door) => {
  let door: Door
  beforeAll(async () => {
    door = await open()
    await waitForFilm(door.page)
  })
  afterAll(() => door?.close())
  return () => door
}

/** Exported by keys, with a look at what is said of the motion before. */
async function exported(door: Door, name: string, said: readonly RegExp[]) {
  const path = join(door.films, name)
  await exportTo(door, path, async (dialog) => {
    for (const sentence of said) await dialog.getByText(sentence).waitFor({ timeout: patience })
  })
  await fileIsReady(door.page, name)
  return { path, film: await readFilm(path) }
}

const enhancedFrame = async (page: Page): Promise<number | undefined> =>
  (await layers(page, 'enhanced'))[0]?.frame

describe("slow motion of a range through Electron's main and preload, on the stand-in", () => {
  const door = through(standinDoor)

  test('the range between two cuts takes four times as long, and its times are those of the film', async () => {
    const { page } = door()
    await makeFilm(door(), 'ball.mp4', moving(25), 2)
    await openAlone(door(), 'ball.mp4')
    for (const frame of [14, 6]) {
      await goTo(page, frame)
      await page.keyboard.press('s')
      await soon(() => valueOf(slider(page, 'timeline.start'))).toBe(frame)
    }
    expect(await valueOf(slider(page, 'timeline.end'))).toBe(14) // the middle one of three clips
    await chooseMotion(door(), 'slow')
    await page.keyboard.press('Tab') // how slow
    await page.keyboard.press('ArrowRight')
    await page
      .getByText(/Everything takes 4 times as long. It lasts 1.3 seconds instead of 0.3 seconds/)
      .waitFor({ timeout: patience })
    await page.getByText(/24 of its 32 frames are estimates/).waitFor({ timeout: patience })
    await leaveSection(door())
    await goTo(page, 14) // six frames at their speed, eight at a quarter of it: 38 frames of the film
    expect(await page.getByTestId('time').innerText()).toBe('00:00:01:13')
    await goTo(page, 8)
  })

  test('a preview of it is made, and compared frame by frame with what was filmed', async () => {
    const { page } = door()
    await previewSecond(page)
    await soon(() => enhancedFrame(page)).toBe(8)
    await soon(() => difference(page)).toBeLessThan(3) // a filmed frame beside itself, when both are drawn
    const itself = await difference(page)
    await page.keyboard.press('.')
    await soon(() => difference(page)).toBeGreaterThan(itself + 0.5)
    expect(await playhead(page)).toBe(8)
    expect(await page.getByTestId('time').innerText()).toBe('00:00:00:15')
    await page.getByText(words('compare.estimate', { made: words('motion.kind.slow') })).waitFor()
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('.')
    await soon(() => playhead(page)).toBe(9)
    await soon(() => difference(page)).toBeLessThan(itself + 0.5)
    expect(await page.getByTestId('time').innerText()).toBe('00:00:00:18')
  })

  test('the film is that much longer at exactly its rate, and so is its sound', async () => {
    const { path, film } = await exported(door(), 'slow.mp4', [
      /Of 32 frames of "ball.mp4" from \S+ to \S+, 24 are estimated/,
      /"ball.mp4" from \S+ to \S+ lasts 1.28 s instead of 0.32 s/,
      /The sound of "ball.mp4" from \S+ to \S+ is stretched/,
    ])
    expect(film.frames).toBe(6 + 32 + 36)
    expect(film.seconds).toBeCloseTo(2.96, 3)
    expect(film.audioSeconds).toBeCloseTo(2.96, 1)
    expect(await ratesOf(path)).toBe('25/1,25/1,2.960000')
    for (const [i, at] of (await timesOf(path)).entries()) expect(at).toBeCloseTo(i / 25, 6)
  })
})

describe('in a browser', () => {
  const door = through(picturedDoor)

  test('an 8 mm film of 18 frames a second, stored as 25, is shown at its true tempo', async () => {
    const { page } = door()
    await makeFilm(door(), 'cine.mp4', `${moving(18)},fps=25`, 4)
    await openAlone(door(), 'cine.mp4')
    await chooseMotion(door(), 'tempo')
    await page
      .getByText(/Filmed at 18 frames per second, stored as 25: 28 in 100/)
      .waitFor({ timeout: patience })
    await page.getByText(/It lasts as long as before/).waitFor()
    await leaveSection(door())
    await previewSecond(page)
    await soon(() => enhancedFrame(page)).toBe(0)
    await page.keyboard.press('.')
    await soon(() => playhead(page)).toBeGreaterThan(0)
    await soon(() => difference(page)).toBeLessThan(2) // one of the frames that were filmed
  })

  test('the film has exactly 18 frames a second, every filmed one once, and all of the sound', async () => {
    const { path, film } = await exported(door(), 'tempo.mp4', [
      /Of 100 frames of "cine.mp4", 28 are left out/,
    ])
    expect(film.frames).toBe(72)
    expect(film.audioSeconds).toBeCloseTo(4, 1)
    expect(await ratesOf(path)).toBe('18/1,18/1,4.000000')
    for (const [i, at] of (await timesOf(path)).entries()) expect(at).toBeCloseTo(i / 18, 6)
  })

  test('frames that a capture card gave twice are marked, and are others in the preview', async () => {
    const { page } = door()
    // Frames 8 and 33 are the ones before them once more.
    const doubled = [8, 33].map(
      (frame, i) =>
        `split[a${i}][b${i}];[a${i}][b${i}]freezeframes=first=${frame}:last=${frame}:replace=${frame - 1}`,
    )
    await makeFilm(door(), 'card.mp4', [moving(25), ...doubled].join(','), 2)
    await openAlone(door(), 'card.mp4')
    await chooseMotion(door(), 'repair')
    await page.getByText(/2 frames are replaced/).waitFor({ timeout: patience })
    const marks = page.getByRole('img', { name: words('timeline.estimated') })
    await soon(() => marks.allInnerTexts()).toEqual(['', '']) // a frame has no room for the word, and half of one is none
    await leaveSection(door())
    await goTo(page, 7)
    await previewSecond(page)
    await soon(() => enhancedFrame(page)).toBe(7)
    await soon(() => difference(page)).toBeLessThan(3)
    await page.keyboard.press('.')
    await soon(() => playhead(page)).toBe(8)
    await soon(() => difference(page)).toBeGreaterThan(4)
    await settle(page)
    await page.screenshot({ path: join(artifacts, 'motion-repair.png') })
    expect(await barriers(page)).toEqual([])
  })

  test('the repaired film has the times, the length and the sound of before, and tells of its estimates', async () => {
    const before = await timesOf(join(door().films, 'card.mp4'))
    const { path, film } = await exported(door(), 'repaired.mp4', [
      /Of 50 frames of "card.mp4", 2 are estimated/,
    ])
    expect(film.frames).toBe(50)
    expect((await timesOf(path)).map((at) => at.toFixed(4))).toEqual(before.map((at) => at.toFixed(4)))
    expect(film.audioSeconds).toBeCloseTo(2, 1)
    expect(film.tags['comment']).toMatch(/Estimated with Heirloom: 2 of 50 frames/)
  })
})
