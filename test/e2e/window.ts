// The window as a person handles it: by labels, keys and the mouse. Shared by every scenario.
import { basename, dirname } from 'node:path'
import { expect } from 'vitest'
import { isFilmName } from '../../electron/shared/media/fileNames.js'
import type { Locator, Page } from 'playwright-core'
import type { Door } from './doors.js'
import { type Language, type WordKey, words } from './words.js'

/** Long, because the computer that runs these tests may be slow and busy; nothing here is timed. */
export const patience = 240_000

/** Tries again until it is so. */
export const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: patience })

export const slider = (page: Page, key: WordKey): Locator => page.getByRole('slider', { name: words(key) })
export const button = (page: Page, key: WordKey): Locator =>
  page.getByRole('button', { name: words(key), exact: true })

/** A slider's value, as screen readers get it. */
export const valueOf = async (found: Locator): Promise<number> =>
  Number(await found.getAttribute('aria-valuenow', { timeout: patience }))

export const playhead = (page: Page): Promise<number> => valueOf(slider(page, 'timeline.playhead'))

/** Put the playhead on a frame by keys alone: to the beginning of the film, then second by second and frame by frame. */
export async function goTo(page: Page, frame: number): Promise<void> {
  await page.keyboard.press('Home')
  await soon(async () => (await playhead(page)) - (await valueOf(slider(page, 'timeline.start')))).toBe(0)
  for (let at = await playhead(page); at !== frame;) {
    const before = at
    await page.keyboard.press(
      frame > before ? (frame - before > 30 ? 'Shift+ArrowRight' : 'ArrowRight') : 'ArrowLeft',
    )
    await soon(() => playhead(page)).not.toBe(before)
    at = await playhead(page)
  }
}

/** The clip of this name is in the list and its picture is on screen. */
export async function waitForFilm(page: Page): Promise<void> {
  await page.getByTestId('time').waitFor({ timeout: patience })
  await slider(page, 'timeline.playhead').waitFor({ timeout: patience })
}

/** V goes round the ways to compare. */
export async function compareBy(page: Page, mode: 'divider' | 'side' | 'ab' | 'difference'): Promise<void> {
  for (let presses = 0; presses < 5; presses++) {
    if ((await page.locator(`[data-compare=${mode}]`).count()) > 0) return
    const before = await page.locator('[data-compare]').getAttribute('data-compare')
    await page.keyboard.press('v')
    await page.locator(`[data-compare]:not([data-compare=${before}])`).waitFor()
  }
  throw new Error(`V never led to comparing by ${mode}`)
}

/** Every picture of the preview is there. */
export const previewIsDone = (page: Page): Promise<void> =>
  button(page, 'preview.button').waitFor({ timeout: patience })

/** The second from the playhead on, by key, until every picture of it is there. */
export async function previewSecond(page: Page): Promise<void> {
  await page
    .getByRole('radiogroup', { name: words('preview.length') })
    .getByRole('radio')
    .first()
    .click()
  await page.keyboard.press('p')
  await page.locator('[data-state=ready]').first().waitFor({ timeout: patience })
  await previewIsDone(page)
}

/** A film or photo of this name has been written, and the window says so. */
export const fileIsReady = (page: Page, name: string): Promise<void> =>
  page.getByText(words('jobs.ready', { name })).first().waitFor({ timeout: patience })

export interface Layer {
  frame: number | undefined
  width: number
  height: number
  clip: string
}

/** The pictures that lie in the viewer, by name, as they are on screen now. */
export const layers = (page: Page, name: 'original' | 'enhanced'): Promise<Layer[]> =>
  page.locator(`canvas[data-layer=${name}]`).evaluateAll((found) =>
    (found as HTMLCanvasElement[]).map((canvas) => ({
      frame: canvas.dataset['frame'] === undefined ? undefined : Number(canvas.dataset['frame']),
      width: canvas.width,
      height: canvas.height,
      clip: canvas.style.clipPath,
    })),
  )

/** Mean absolute difference of the two pictures on screen, 0 to 255; both must be of one size. */
export const difference = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const pixels = (name: string): Uint8ClampedArray => {
      const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-layer=${name}]`)
      const context = canvas?.getContext('2d')
      if (!canvas || !context) throw new Error(`no picture ${name}`)
      return context.getImageData(0, 0, canvas.width, canvas.height).data
    }
    const [a, b] = [pixels('original'), pixels('enhanced')]
    if (a.length !== b.length) throw new Error('the two pictures differ in size')
    return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length
  })

/** The page of folders begins where something was opened last. */
export async function toTopFolder(dialog: Locator): Promise<void> {
  const up = dialog.getByRole('button', { name: words('folder.up'), exact: true })
  // It is disabled at the top, which a press comes too late for where the last folder is not shared any more.
  while (await up.isEnabled()) await up.click({ timeout: 1000 }).catch(() => undefined)
}

/** Open a file the way this door does: the system's dialog, or our own page of shared folders. */
export async function openFile(door: Door, path: string): Promise<void> {
  const { page } = door
  await door.nextChoice([path])
  await page.keyboard.press('Control+o')
  if (door.kind === 'electron') return
  const dialog = page.getByRole('dialog', { name: words('open.title') })
  await toTopFolder(dialog)
  await dialog.getByRole('button', { name: basename(dirname(path)) }).click()
  if (!isFilmName(path)) await dialog.getByRole('switch', { name: words('open.all') }).click()
  await dialog.getByRole('checkbox', { name: basename(path) }).click()
  await dialog.getByRole('button', { name: words('open.chosen', { count: '1' }) }).click()
}

/** Say where a dialog's file goes: by the system's dialog or our own page of shared folders, then by name. */
export async function choosePlace(door: Door, dialog: Locator, path: string): Promise<void> {
  const name = dialog.getByRole('textbox')
  await name.waitFor({ timeout: patience })
  await door.nextChoice([path])
  await dialog.getByRole('button', { name: words('export.change') }).click()
  if (door.kind === 'browser') {
    await dialog.getByRole('button', { name: basename(dirname(path)) }).click()
    await dialog.getByRole('button', { name: words('export.thisFolder') }).click()
  } else await dialog.getByText(dirname(path)).waitFor({ timeout: patience }) // the system's dialog has answered
  await name.fill(basename(path).replace(/\.\w+$/, ''))
}

/** Fill the export dialog so that it writes to `path`; the film is then what stands there by default. */
export async function exportTo(
  door: Door,
  path: string,
  details?: (dialog: Locator) => Promise<void>,
): Promise<void> {
  const { page } = door
  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: words('export.title') })
  await choosePlace(door, dialog, path)
  await details?.(dialog)
  const begin = dialog.getByRole('button', { name: words('export.begin'), exact: true })
  await soon(() => begin.isEnabled()).toBe(true)
  await begin.click()
  await dialog.waitFor({ state: 'detached', timeout: patience })
}

/** Wait until what is on screen has settled: fonts, thumbnails, the picture under the playhead. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForFunction(
    () => [...document.images].every((image) => image.complete && image.naturalWidth > 0),
    undefined,
    { timeout: patience },
  )
  await page.waitForTimeout(400) // transitions
}

export const appearances = [
  ['en', 'light'],
  ['en', 'dark'],
  ['ja', 'light'],
  ['ja', 'dark'],
] as const

/** A small notebook and a large screen; the first is the one that tests work at. */
export const sizes = [
  { width: 1280, height: 720 },
  { width: 2560, height: 1440 },
] as const

/** In the settings, as a person does it. */
export async function chooseAppearance(
  page: Page,
  language: Language,
  theme: 'light' | 'dark',
): Promise<void> {
  await page.keyboard.press('Control+,')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const chosen = { en: 'English', ja: '日本語' }[language]
  await dialog.getByRole('radio', { name: chosen, exact: true }).click()
  await dialog.getByRole('radio', { name: words(`settings.${theme}`, {}, language), exact: true }).click()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.waitForFunction(
    ([lang, look]) =>
      document.documentElement.lang === lang && document.documentElement.dataset['theme'] === look,
    [language, theme] as const,
  )
}
