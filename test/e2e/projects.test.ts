// Projects in the browser: one is named, edited and left, found again in the menu; those that are newer, damaged, moved with their films or
// copied open as what they are, each with its sentence.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriers } from './barriers.js'
import type { CommandName } from '../../electron/shared/words/commandNames.js'
import { type BrowserDoor, artifacts, picturedDoor, summerIn } from './doors.js'
import { chooseAppearance, openFile, patience, settle, soon, toTopFolder, waitForFilm } from './window.js'
import { words } from './words.js'

let door: BrowserDoor
/** Where the tape and its project lie at first. */
let summer: string

beforeAll(async () => {
  door = await picturedDoor()
  summer = await summerIn(door.films, '25')
})
afterAll(() => door?.close())

const clips = () => door.page.locator('li [data-face]')
const notices = () => door.page.getByRole('region', { name: words('notices') })

async function picture(name: string): Promise<void> {
  await settle(door.page)
  await door.page.screenshot({ path: join(artifacts, `project-${name}.jpg`), type: 'jpeg', quality: 85 })
}

async function choose(command: CommandName): Promise<void> {
  const { page } = door
  await page.getByRole('menuitem', { name: words('menu.file') }).click()
  await page.getByRole('menuitem', { name: words(`command.${command}`) }).click()
}

/** On our own page of shared folders. */
async function openProject(path: string): Promise<void> {
  const { page, films } = door
  await choose('openProject')
  const dialog = page.getByRole('dialog', { name: words('project.open') })
  await toTopFolder(dialog)
  await dialog.getByRole('button', { name: basename(films), exact: true }).click()
  await dialog.getByRole('button', { name: basename(dirname(path)), exact: true }).click()
  await dialog.getByRole('radio', { name: basename(path) }).click()
  await dialog.getByRole('button', { name: words('project.openButton'), exact: true }).click()
  await dialog.waitFor({ state: 'detached', timeout: patience })
}

const savedClips = (path: string): number =>
  (JSON.parse(readFileSync(path, 'utf8')) as { sequences: [{ tracks: [{ items: unknown[] }] }] }).sequences[0]
    .tracks[0].items.length

test('a project is named, edited, left for a new one, and found again with its edits', async () => {
  const { page, films } = door
  await waitForFilm(page)
  await page.keyboard.press('Delete') // the sample
  await page.keyboard.press('Control+o')
  const open = page.getByRole('dialog', { name: words('open.title') })
  await open.getByRole('button', { name: basename(films), exact: true }).click()
  await open.getByRole('button', { name: 'Summer', exact: true }).click()
  await open.getByRole('checkbox', { name: 'tape.mp4' }).click()
  await open.getByRole('button', { name: words('open.chosen', { count: '1' }) }).click()
  await soon(() => clips().innerText()).toContain('320 × 240')

  await page.keyboard.press('Control+s') // it has no name yet
  const dialog = page.getByRole('dialog', { name: words('project.save') })
  const name = dialog.getByRole('textbox')
  await soon(() => name.inputValue()).toBe('tape')
  await name.fill('Lake 1994')
  await picture('save')
  expect(await barriers(page)).toEqual([])
  await dialog.getByRole('button', { name: words('project.saveButton'), exact: true }).click()
  await dialog.waitFor({ state: 'detached', timeout: patience })
  await soon(() => page.title()).toBe('Lake 1994 – Heirloom')

  await page.keyboard.press('Home')
  for (let n = 0; n < 10; n++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('s')
  await soon(() => clips().count()).toBe(2)
  await soon(() => savedClips(join(summer, 'Lake 1994.heirloom'))).toBe(2)
  await choose('newProject')
  await page.getByRole('heading', { name: words('start.title') }).waitFor()
  await picture('new')
  await door.reload() // the tab shows the same again, and no sample
  await page.getByRole('heading', { name: words('start.title') }).waitFor()
  await page.getByRole('menuitem', { name: words('menu.file') }).click()
  await picture('menu')
  await page.getByRole('menuitem', { name: 'Lake 1994', exact: true }).click()
  await soon(() => clips().count()).toBe(2)
  await waitForFilm(page)
  await picture('open')
  expect(await barriers(page)).toEqual([])
})

test('a project of a newer format and a damaged one are told, and what is open stays', async () => {
  const { page } = door
  const [newer, damaged] = [join(summer, 'Newer.heirloom'), join(summer, 'Damaged.heirloom')]
  writeFileSync(newer, '{"format":99,"film":{}}')
  writeFileSync(damaged, readFileSync(join(summer, 'Lake 1994.heirloom'), 'utf8').slice(0, 400))
  await openProject(newer)
  await page.getByText(words('failure.project-newer.title')).waitFor({ timeout: patience })
  expect(await clips().count()).toBe(2)
  const [said, viewer] = await Promise.all([
    notices().boundingBox(),
    page.locator('[data-full-screen]').boundingBox(),
  ])
  expect(said && viewer && said.y + said.height <= viewer.y).toBe(true) // it covers nothing
  await picture('newer-en-light')
  await openProject(damaged)
  await page.getByText(words('failure.project-corrupt.title')).waitFor({ timeout: patience })
  expect(await page.getByText(words('failure.project-newer.title')).count()).toBe(0)
  expect(await clips().count()).toBe(2)
  await chooseAppearance(page, 'ja', 'dark')
  await picture('damaged-ja-dark')
  expect(await barriers(page)).toEqual([])
  await chooseAppearance(page, 'en', 'light')
  await page.keyboard.press('Escape')
  await soon(() => notices().count()).toBe(0)
  expect(readFileSync(newer, 'utf8')).toBe('{"format":99,"film":{}}')
})

test('moved and copied together with its film, a project opens with it; without it, the film is told missing until it is opened', async () => {
  const { page, films } = door
  const [lake, moved, copy] = [join(films, 'Lake'), join(films, 'Lake moved'), join(films, 'Copy')]
  const opens = async (path: string): Promise<void> => {
    await choose('newProject')
    await page.getByRole('heading', { name: words('start.title') }).waitFor()
    await openProject(path)
    await soon(() => clips().count()).toBe(2)
  }
  await choose('newProject')
  renameSync(summer, moved)
  cpSync(moved, copy, { recursive: true })
  await opens(join(moved, 'Lake 1994.heirloom'))
  await waitForFilm(page)
  await page.getByRole('menuitem', { name: words('menu.file') }).click()
  await page.getByRole('menuitem', { name: `Lake 1994 (Summer, ${words('project.missing')})` }).waitFor()
  expect(await notices().getByRole('alert').count()).toBe(0)
  await picture('moved-en-light')
  await page.keyboard.press('Escape')
  await opens(join(copy, 'Lake 1994.heirloom'))
  await waitForFilm(page)
  await chooseAppearance(page, 'ja', 'dark')
  await page.getByRole('menuitem', { name: words('menu.file', {}, 'ja') }).click()
  await picture('copied-ja-dark')
  expect(await barriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await chooseAppearance(page, 'en', 'light')

  mkdirSync(lake)
  const alone = join(lake, 'Alone.heirloom')
  renameSync(join(copy, 'Lake 1994.heirloom'), alone)
  renameSync(join(moved, 'tape.mp4'), join(films, 'found.mp4'))
  rmSync(copy, { recursive: true })
  await opens(alone)
  await soon(() => clips().first().locator('..').innerText()).toContain(words('clips.openElsewhere'))
  await picture('missing')
  await openFile(door, join(films, 'found.mp4'))
  await waitForFilm(page)
  expect(await clips().count()).toBe(2)
})
