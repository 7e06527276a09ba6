// The main job from end to end, as a person does it, through whichever door: see the sample, mark a range, preview it,
// compare, export it, stop another export, and meet a file that is no film. Each step is a test of its own, in order.
import { createHash } from 'node:crypto'
import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { type Door, artifacts } from './doors.js'
import { readFilm } from './film.js'
import {
  button,
  choosePlace,
  difference,
  exportTo,
  fileIsReady,
  goTo,
  layers,
  openFile,
  patience,
  playhead,
  previewIsDone,
  slider,
  soon,
  valueOf,
  waitForFilm,
} from './window.js'
import { root } from '../standin/launch.js'
import { words } from './words.js'

const samples = join(root, 'resources', 'sample')
const hashOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

/** Marked by keys: frames [from, to). */
const range = { from: 10, to: 34 }

export function scenario(name: string, open: () => Promise<Door>, more?: (door: () => Door) => void): void {
  describe(name, () => {
    let door: Door
    let sample = ''
    let sampleHash = ''
    let hasFailed = false

    beforeAll(async () => {
      const names = await readdir(samples)
      sample = join(samples, names.find((file) => /\.(mp4|mkv|avi|mov)$/.test(file)) ?? '')
      sampleHash = await hashOf(sample)
      door = await open()
    })
    afterAll(async () => {
      if (hasFailed) console.log(`${door.output()}\nLook at test/artifacts/failed-*.png`)
      await door?.close()
    })
    const step = (title: string, work: () => Promise<void>): void =>
      test(title, async () => {
        if (hasFailed) throw new Error('a step before this one failed')
        onTestFailed(async () => {
          hasFailed = true
          await door.page.screenshot({ path: join(artifacts, `failed-${name.replaceAll(' ', '-')}.png`) })
        })
        await work()
      })

    step('the first start opens the sample', async () => {
      await waitForFilm(door.page)
      expect(await playhead(door.page)).toBe(0)
      await soon(async () => (await layers(door.page, 'original'))[0]?.frame).toBe(0)
    })

    step('the strength begins where the damage suggests, and a button goes back to it', async () => {
      const { page } = door
      const strength = page.getByRole('slider', { name: words('look.strength') })
      const spoken = (): Promise<string | null> => strength.getAttribute('aria-valuetext')
      await page.getByText(words('suggestion.bad')).waitFor({ timeout: patience }) // a tape
      expect(await spoken()).toBe('100%')
      await strength.focus()
      await page.keyboard.press('ArrowLeft')
      await soon(spoken).toBe('95%')
      const back = page.getByRole('button', { name: words('suggestion.use', { percent: '100%' }) })
      await back.focus()
      await page.keyboard.press('Enter')
      await soon(spoken).toBe('100%')
      await back.waitFor({ state: 'detached' })
    })

    step('keys step frame by frame and set the marks', async () => {
      const { page } = door
      await goTo(page, range.from)
      await page.keyboard.press('i')
      await goTo(page, range.to - 1)
      await page.keyboard.press('o')
      await soon(() => valueOf(slider(page, 'timeline.start'))).toBe(range.from)
      await soon(() => valueOf(slider(page, 'timeline.end'))).toBe(range.to)
      await page.keyboard.press('Control+z')
      await soon(() => valueOf(slider(page, 'timeline.end'))).toBeGreaterThan(range.to)
      await page.keyboard.press('Control+Shift+z')
      await soon(() => valueOf(slider(page, 'timeline.end'))).toBe(range.to)
    })

    step('a preview fills in and shows the very same frame enhanced', async () => {
      const { page } = door
      await goTo(page, range.from)
      await page
        .getByRole('radiogroup', { name: words('preview.length') })
        .getByRole('radio')
        .first()
        .click()
      await button(page, 'preview.button').click()
      await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBe(range.from)
      const [original] = await layers(page, 'original')
      const [enhanced] = await layers(page, 'enhanced')
      expect(original).toMatchObject({ frame: range.from })
      expect([enhanced?.width, enhanced?.height]).toEqual([original?.width, original?.height])
      const changed = await difference(page)
      expect(changed).toBeGreaterThan(0.2) // it is not the original
      expect(changed).toBeLessThan(40) // and it is a picture of the same thing
      await page.locator('[data-state=ready]').first().waitFor({ timeout: patience })
      await previewIsDone(page)
    })

    step('the divider moves by mouse and by keyboard', async () => {
      const { page } = door
      const divider = slider(page, 'compare.dividerLabel')
      expect(await valueOf(divider)).toBe(50)
      const clip = async (): Promise<string | undefined> => (await layers(page, 'enhanced'))[0]?.clip
      expect(await clip()).toContain('50%')
      const box = await divider.boundingBox()
      const stage = await page.locator('[data-stage]').first().boundingBox()
      if (!box || !stage) throw new Error('the divider is not on screen')
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x - stage.width / 8, y, { steps: 4 })
      await page.mouse.move(stage.x + stage.width / 4, y, { steps: 4 })
      await page.mouse.up()
      expect(await valueOf(divider)).toBeGreaterThanOrEqual(24)
      expect(await valueOf(divider)).toBeLessThanOrEqual(26)
      await divider.focus()
      const before = await valueOf(divider)
      await page.keyboard.press('ArrowRight')
      await soon(() => valueOf(divider)).toBeGreaterThan(before)
      expect(await playhead(page)).toBe(range.from)
      await divider.evaluate((element) => (element as HTMLElement).blur())
    })

    step('holding backslash shows the original, side by side shows both', async () => {
      const { page } = door
      const enhancedFrame = async (): Promise<number | undefined> =>
        (await layers(page, 'enhanced'))[0]?.frame
      await page.keyboard.down('\\')
      await soon(enhancedFrame).toBeUndefined()
      await page.keyboard.up('\\')
      await soon(enhancedFrame).toBe(range.from)
      await page.keyboard.press('v')
      await page.locator('[data-compare=side]').waitFor()
      await soon(enhancedFrame).toBe(range.from)
      expect((await layers(page, 'original'))[0]?.frame).toBe(range.from)
      await page.keyboard.press('ArrowRight')
      await soon(enhancedFrame).toBe(range.from + 1)
      await soon(async () => (await layers(page, 'original'))[0]?.frame).toBe(range.from + 1)
      await page.keyboard.press('v')
      await page.locator('[data-compare=ab]').waitFor()
      await page.keyboard.press('1')
      await soon(enhancedFrame).toBeUndefined()
      await page.keyboard.press('2')
      await soon(enhancedFrame).toBe(range.from + 1)
      await page.keyboard.press('v')
      await page.locator('[data-compare=difference]').waitFor()
      await page.locator('[data-difference="4"]').waitFor()
      await page.keyboard.press('v')
      await page.locator('[data-compare=divider]').waitFor()
    })

    step('a frame outside the preview says that it is not enhanced', async () => {
      const { page } = door
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowLeft') // before the film its source goes on
      await page.getByText(words('compare.notYet')).first().waitFor({ timeout: patience })
      expect((await layers(page, 'enhanced'))[0]?.frame).toBeUndefined()
      await goTo(page, range.from)
    })

    more?.(() => door)

    step('the marked part is exported whole: frames, size, sound, and nothing beside it', async () => {
      const { page } = door
      const path = join(door.films, 'marked.mp4')
      const source = await readFilm(sample)
      await exportTo(door, path)
      await page
        .getByText(new RegExp(words('jobs.ready', { name: '.+' })))
        .first()
        .waitFor({ timeout: patience })
      expect(await readdir(door.films)).toEqual(['marked.mp4'])
      const film = await readFilm(path)
      const size = (await layers(page, 'enhanced'))[0]
      expect(film.codec).toBe('h264')
      expect(film.frames).toBe(range.to - range.from)
      expect([film.width, film.height]).toEqual([size?.width, size?.height])
      expect(film.audioCodec === undefined).toBe(source.audioCodec === undefined)
      const rate = source.frames / source.seconds
      const [from, to] = [range.from / rate, range.to / rate]
      // The sample's own sound ends early: the rest is silence. A packet of sound is up to 1536 samples long.
      if (film.audioCodec) expect(Math.abs(film.audioSeconds - (to - from))).toBeLessThan(0.08)
      expect(Math.abs(film.seconds - (to - from))).toBeLessThan(0.001)
    })

    step("a moment is saved as a photo from the picture's menu, twice as large", async () => {
      const { page } = door
      const path = join(door.films, 'moment.png')
      await goTo(page, range.from)
      await page.locator('[data-stage]').first().click({ button: 'right' })
      await page.getByRole('menuitem', { name: words('command.photo') }).click()
      const dialog = page.getByRole('dialog', { name: words('photo.title') })
      await choosePlace(door, dialog, join(door.films, 'other.png'))
      await dialog.getByRole('textbox').fill('moment')
      await dialog.getByRole('button', { name: words('photo.save') }).click()
      await fileIsReady(page, 'moment.png')
      const photo = await readFilm(path)
      const size = (await layers(page, 'enhanced'))[0]
      expect([photo.codec, photo.width, photo.height]).toEqual(['png', size?.width, size?.height])
      expect((await readFile(path)).toString('latin1')).toContain('Made with Heirloom: ')
      await rm(path)
    })

    step('an export that is stopped leaves nothing', async () => {
      const { page } = door
      await page.keyboard.press('Control+z') // the end mark
      await exportTo(door, join(door.films, 'stopped.mp4'))
      await page
        .getByRole('contentinfo')
        .getByRole('button', { name: words('cancel') })
        .click()
      await page
        .getByText(new RegExp(words('jobs.cancelledNamed', { name: '.+' })))
        .first()
        .waitFor({ timeout: patience })
      await soon(() => readdir(door.films)).toEqual(['marked.mp4'])
      await page.keyboard.press('Control+Shift+z')
    })

    step('a file that is no film is refused in a sentence, and nothing is lost', async () => {
      const { page } = door
      await writeFile(join(door.films, 'letter.txt'), 'Dear grandmother, this is no film.\n')
      await openFile(door, join(door.films, 'letter.txt'))
      const said = page.getByText(words('failure.not-a-video.title')).first()
      await said.waitFor({ timeout: patience })
      expect(await page.getByText('letter.txt').count()).toBeGreaterThan(0)
      expect(await valueOf(slider(page, 'timeline.start'))).toBe(range.from)
    })

    step('the project is there again after a reload', async () => {
      const { page } = door
      await page.waitForTimeout(1000) // autosave comes a moment after the last edit
      await door.reload()
      await waitForFilm(page)
      expect(await valueOf(slider(page, 'timeline.start'))).toBe(range.from)
      expect(await valueOf(slider(page, 'timeline.end'))).toBe(range.to)
    })

    step('the sample was never written to, and the page had nothing to complain about', async () => {
      expect(await hashOf(sample)).toBe(sampleHash)
      const complaints = door
        .output()
        .split('\n')
        .filter((line) => /^(page error|console):/.test(line))
      expect(complaints).toEqual([])
    })
  })
}
