// Projects as a host has them: begun, named, found again in lists, and their media found wherever a project was moved to.
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Projects, createProjects } from '../../../electron/app/project/projects.js'
import { cutListOf } from '../../../electron/shared/document/cutList.js'
import { type Project, emptyProject } from '../../../electron/shared/document/document.js'
import { item, media, track } from '../../shared/document/kit.js'
import { folder } from '../folder.js'

interface Kit {
  at: string
  films: string
  /** Of a film in the folder. */
  made: Project
  projects: Projects
  isAllowed: { now: (path: string) => boolean }
}

const contentOf = (text: string): string =>
  createHash('sha256').update(`${text.length}\n${text}`).digest('hex')

/** One film, in the person's folder. */
function kit(): Kit {
  const at = folder()
  const films = join(at, 'films')
  mkdirSync(films)
  writeFileSync(join(films, 'tape.avi'), 'pictures')
  const isAllowed = { now: (path: string) => path !== '' }
  const projects = createProjects(join(at, 'data'), {
    onRecent: () => undefined,
    reach: {
      isAllowed: (path) => Promise.resolve(isAllowed.now(path)),
      fingerprint: () => contentOf('pictures'),
    },
  })
  const made = {
    ...emptyProject,
    media: [media('a', 100, { name: 'tape.avi', locations: { absolute: join(films, 'tape.avi') } })],
  }
  return { at, films, made, projects, isAllowed }
}

const placeIn = (project: Project | null): string | undefined => project?.media[0]?.locations.absolute

test('a first project has no name; another is begun beside it, and both are found again', async () => {
  const { made, projects } = kit()
  const first = await projects.load(await projects.last())
  expect(first).toMatchObject({ file: { name: null }, project: null, revision: '', isFirst: true })
  expect(await projects.load(first.file.path)).toEqual(first) // the page was loaded again before anything was saved
  await projects.save(first.file.path, made, '')
  const second = await projects.begin()
  expect(second.name).toBeNull()
  expect(await projects.last()).toBe(second.path)
  expect(await projects.load(second.path)).toMatchObject({ project: null, isFirst: false })
  expect((await projects.recent()).map(({ about }) => about)).toEqual(['tape.avi']) // the second is empty
  await projects.save(second.path, made, '')
  expect((await projects.recent()).map(({ path }) => path)).toEqual([second.path, first.file.path])
})

test('those that were begun and never used leave nothing behind', async () => {
  const { at, made, projects } = kit()
  const before = await projects.begin() // another window begins one more
  for (let n = 0; n < 3; n++) await projects.begin()
  const list = (): { projects: unknown[] } =>
    JSON.parse(readFileSync(join(at, 'data', 'projects.json'), 'utf8')) as { projects: unknown[] }
  expect(list().projects).toHaveLength(1)
  await projects.save(before.path, made, '')
  expect((await projects.recent()).map(({ path }) => path)).toEqual([before.path])
})

test('one without a name that is given one is that one from then on', async () => {
  const { films, made, projects } = kit()
  const { path } = await projects.begin()
  await projects.save(path, made, '')
  const to = join(films, 'Lake.heirloom')
  const { file, revision } = await projects.saveAs(path, to, made, false)
  expect(file).toEqual({ path: to, name: 'Lake' })
  expect(await projects.last()).toBe(to)
  expect((await projects.recent()).map(({ name }) => name)).toEqual(['Lake'])
  await expect(projects.saveAs(path, to, made, false)).rejects.toMatchObject({ code: 'output-exists' })
  await projects.save(to, emptyProject, revision)
  const copy = join(films, 'Copy.heirloom')
  await projects.saveAs(to, copy, made, false)
  expect((await projects.load(to)).project).toEqual(emptyProject)
  expect((await projects.recent()).map(({ name }) => name)).toEqual(['Lake', 'Copy'])
})

test('what was edited elsewhere since stays when another is given its name', async () => {
  const { films, made, projects } = kit()
  const { path } = await projects.begin()
  await projects.save(path, { ...made, recipes: [{ id: 'r', steps: [], device: 'auto' }] }, '')
  await projects.saveAs(path, join(films, 'Lake.heirloom'), made, false)
  expect((await projects.recent()).map(({ name }) => name)).toEqual(['Lake', null])
})

test('moved together with its films, a project finds them; copied with them, it takes the copies', async () => {
  const { at, films, made, projects } = kit()
  await projects.saveAs((await projects.begin()).path, join(films, 'Lake.heirloom'), made, false)
  const written = JSON.parse(readFileSync(join(films, 'Lake.heirloom'), 'utf8')) as Project
  expect(written.media[0]).toMatchObject({
    ...{ fingerprint: contentOf('pictures'), locations: { relative: 'tape.avi' } },
  })
  cpSync(films, join(at, 'copy'), { recursive: true })
  expect(placeIn((await projects.load(join(at, 'copy', 'Lake.heirloom'))).project)).toBe(
    join(at, 'copy', 'tape.avi'),
  )
  renameSync(films, join(at, 'moved'))
  const moved = join(at, 'moved', 'Lake.heirloom')
  expect(placeIn((await projects.load(moved)).project)).toBe(join(at, 'moved', 'tape.avi'))
})

test('of two files the one with the content that was meant is taken', async () => {
  const { at, films, made, projects } = kit()
  await projects.saveAs((await projects.begin()).path, join(films, 'Lake.heirloom'), made, false)
  mkdirSync(join(at, 'other'))
  cpSync(join(films, 'Lake.heirloom'), join(at, 'other', 'Lake.heirloom'))
  writeFileSync(join(at, 'other', 'tape.avi'), 'another tape')
  const { project } = await projects.load(join(at, 'other', 'Lake.heirloom'))
  expect(placeIn(project)).toBe(join(films, 'tape.avi'))
})

test('a file that may not be opened is not even looked for', async () => {
  const { at, films, made, projects, isAllowed } = kit()
  await projects.saveAs((await projects.begin()).path, join(films, 'Lake.heirloom'), made, false)
  cpSync(films, join(at, 'copy'), { recursive: true })
  isAllowed.now = (path) => !path.startsWith(join(at, 'copy'))
  const { project } = await projects.load(join(at, 'copy', 'Lake.heirloom'))
  expect(placeIn(project)).toBe(join(films, 'tape.avi'))
})

test('what is nowhere keeps both its places, also when the project is saved in another folder', async () => {
  const { at, films, made, projects } = kit()
  const file = join(films, 'Lake.heirloom')
  await projects.saveAs((await projects.begin()).path, file, made, false)
  rmSync(join(films, 'tape.avi'))
  const { project, revision } = await projects.load(file)
  expect(project?.media[0]?.locations).toEqual({ relative: 'tape.avi', absolute: join(films, 'tape.avi') })
  await projects.save(file, project ?? emptyProject, revision)
  mkdirSync(join(at, 'deep'))
  await projects.saveAs(file, join(at, 'deep', 'Lake.heirloom'), project ?? emptyProject, false)
  const written = JSON.parse(readFileSync(join(at, 'deep', 'Lake.heirloom'), 'utf8')) as Project
  expect(written.media[0]?.locations).toEqual({
    ...{ relative: '../films/tape.avi', absolute: join(films, 'tape.avi') },
  })
})

test('kept edits of a file that others have changed become a project without a name, and that is said', async () => {
  const { at, films, made, projects } = kit()
  const file = join(films, 'Lake.heirloom')
  const { revision } = await projects.saveAs((await projects.begin()).path, file, made, false)
  renameSync(films, join(at, 'away'))
  await projects.save(file, emptyProject, revision)
  expect((await projects.recent())[0]).toMatchObject({ name: 'Lake', isThere: true }) // it can be opened
  renameSync(join(at, 'away'), films)
  writeFileSync(file, JSON.stringify({ ...emptyProject, recipes: [{ id: 'r', steps: [], device: 'auto' }] }))
  const loaded = await projects.load(file)
  expect(loaded.notes.map(({ sentence }) => sentence?.key)).toEqual(['projectKeptApart'])
  expect(loaded.project?.recipes).toHaveLength(1)
  expect((await projects.recent()).map(({ name, about }) => name ?? about)).toEqual(['Lake', 'Lake'])
})

test('a lost list loses no project without a name', async () => {
  const { at, made, projects } = kit()
  const { path } = await projects.begin()
  await projects.save(path, made, '')
  rmSync(join(at, 'data', 'projects.json'))
  expect((await projects.recent()).map((one) => one.path)).toEqual([path])
})

test('named projects leave the list when many others were opened; those without a name do not', async () => {
  const { films, made, projects } = kit()
  const { path } = await projects.begin()
  await projects.save(path, made, '')
  for (let n = 0; n < 14; n++)
    await projects.saveAs(path, join(films, `Lake ${n}.heirloom`), { ...made, sequences: [] as never }, false)
  const names = (await projects.recent()).map(({ name }) => name)
  expect(names).toHaveLength(13)
  expect(names).toContain(null)
  expect(readdirSync(films)).toHaveLength(15)
})

const motion = (settings: Record<string, unknown>) => ({ model: 'heirloom-motion', isOn: true, settings })
test('a clip whose speed does not fit its motion is told, and plays as that asks', async () => {
  const { made, projects } = kit()
  const [film] = made.sequences
  const steps = [
    { model: 'heirloom-s', isOn: true, settings: { scale: 2, look: 'natural', seed: 0 } },
    { model: 'heirloom-motion', isOn: true, settings: { kind: 'slow', factor: 4, sound: 'silent' } },
  ]
  const items = [item('clip', 'a', [0, 50], { recipe: 'slow', speed: { num: 1, den: 2 } })]
  const project: Project = {
    ...made,
    recipes: [{ id: 'slow', steps, device: 'auto' }],
    sequences: [{ ...film!, tracks: [track('video-1', items)] }],
  }
  const { path } = await projects.begin()
  await projects.save(path, project, '')
  const loaded = await projects.load(path)
  expect(loaded.notes).toMatchObject([
    { sentence: { key: 'projectSpeeds', values: { names: ['tape.avi'] } } },
  ])
  expect(loaded.project?.sequences[0]?.tracks[0]?.items).toMatchObject([
    { duration: 100, speed: { num: 1, den: 4 } },
  ])
  await projects.save(path, loaded.project!, loaded.revision)
  expect((await projects.load(path)).notes).toEqual([])
})

const enhancing = { model: 'heirloom-s', isOn: true, settings: { scale: 2, look: 'natural', seed: 0 } }

test.each([
  ['another kind of motion', [enhancing, motion({ kind: 'warp' })], true],
  ['one more field', [enhancing, motion({ kind: 'unique', softly: true })], true],
  ['a rate that is none', [enhancing, motion({ kind: 'smooth', rate: { num: 0, den: 0 } })], true],
  ['motion before the enhancement', [motion({ kind: 'unique' }), enhancing], true],
  ['motion twice', [enhancing, motion({ kind: 'unique' }), motion({ kind: 'unique' })], true],
  ['what is known', [enhancing, motion({ kind: 'unique' })], false],
  ['no steps', [], false],
])('a recipe with %s: told where it is not known, and kept', async (_, steps, isTold) => {
  const { made, projects } = kit()
  const items = [item('clip', 'a', [0, 50], { recipe: 'strange' })]
  const [film] = made.sequences
  const project: Project = {
    ...made,
    recipes: [{ id: 'strange', steps, device: 'auto' }],
    sequences: [{ ...film!, tracks: [track('video-1', items)] }],
  }
  const { path } = await projects.begin()
  const { revision } = await projects.save(path, project, '')
  const loaded = await projects.load(path)
  const told = {
    code: 'project-damaged',
    sentence: { key: 'projectNotKnown', values: { names: ['tape.avi'] } },
  }
  expect(loaded.notes).toMatchObject(isTold ? [told] : [])
  expect(cutListOf(loaded.project!, {}).clips.map((clip) => clip.hasUnknown ?? false)).toEqual([isTold])
  await projects.save(path, loaded.project!, revision)
  expect((await projects.load(path)).project?.recipes).toEqual(project.recipes)
})
