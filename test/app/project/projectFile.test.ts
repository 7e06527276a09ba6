// One saved project: its backups, what is damaged, what is of a newer format, windows that save at the same time, a person's folder that
// cannot be written.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlaces } from '../../../electron/app/project/places.js'
import { type Loaded, createProjectFile } from '../../../electron/app/project/projectFile.js'
import { sourcesOfSaved } from '../../../electron/app/project/projects.js'
import { type Project, emptyProject } from '../../../electron/shared/document/document.js'
import { media } from '../../shared/document/kit.js'
import { saved1, saved2 } from '../../shared/document/saved.js'
import { folder } from '../folder.js'

const project = (n: number): Project => ({
  ...emptyProject,
  media: [media('a', 100, { name: String(n), locations: { absolute: `/v${n}.mp4` } })],
})
interface Projects {
  load: () => Promise<Loaded>
  save: (project: Project, revision: string) => Promise<string>
}

/** The first one without a name. */
function createProjects(at: string, now?: () => number): Projects {
  const places = createPlaces(at)
  const { load, save } = createProjectFile(places.placeOf(places.first), now)
  return { load, save: async (saved, revision) => (await save(saved, revision)).revision }
}

const nameIn = async (projects: Projects): Promise<string | undefined> =>
  (await projects.load()).project?.media[0]?.name
const textIn = (at: string, name = 'autosave.json'): string => readFileSync(join(at, name), 'utf8')

/** Saved by one window, each over the one before. */
async function saveAll(projects: Projects, count: number): Promise<string> {
  let { revision } = await projects.load()
  for (let n = 1; n <= count; n++) revision = await projects.save(project(n), revision)
  return revision
}

/** A clock that is two minutes further at each look, so that every save takes a backup. */
const slowly = (at: string): Projects => {
  let now = 0
  return createProjects(at, () => (now += 120_000))
}

test('the project comes back; three older ones are kept', async () => {
  const at = folder()
  const projects = slowly(at)
  expect(await projects.load()).toEqual({ project: null, revision: '', notes: [] })
  await saveAll(projects, 6)
  expect(await nameIn(projects)).toBe('6')
  const kept = [1, 2, 3].map((n) => JSON.parse(textIn(at, `autosave.json.${n}`)) as Project)
  expect(kept.map((one) => one.media[0]?.name)).toEqual(['5', '4', '3'])
  expect([...(await sourcesOfSaved(at))].sort()).toEqual(['/v3.mp4', '/v4.mp4', '/v5.mp4', '/v6.mp4'])
})

test.each([saved1, saved2])('a project that an earlier version has saved opens', async (saved) => {
  const at = folder()
  writeFileSync(join(at, 'autosave.json'), JSON.stringify(saved))
  const { project } = await createProjects(at).load()
  expect(project?.format).toBe(3)
  expect(project?.media.map(({ locations }) => locations.absolute)).toEqual(
    saved.sources.map(({ path }) => path),
  )
  expect(project?.sequences[0]?.tracks[0]?.items.map(({ id }) => id)).toEqual(saved.clips.map(({ id }) => id))
})

test('many saves in a minute cost one backup', async () => {
  const at = folder()
  await saveAll(
    createProjects(at, () => 5),
    10,
  )
  expect(readdirSync(at).sort()).toEqual(['autosave.json', 'autosave.json.1'])
})

test.each(['', '{"format":1', '{"format":2,"sources":7}', '[]', 'null'])(
  'a damaged project is moved aside and said, the newest whole backup is opened: %s',
  async (text) => {
    const at = folder()
    await saveAll(slowly(at), 3)
    writeFileSync(join(at, 'autosave.json'), text)
    writeFileSync(join(at, 'autosave.json.1'), text)
    const projects = slowly(at)
    const loaded = await projects.load()
    expect(loaded.project?.media[0]?.name).toBe('1')
    expect(loaded.notes.map(({ code }) => code)).toEqual(['project-damaged', 'project-damaged'])
    expect(loaded.notes[0]?.message).toContain(`autosave.json.damaged-1 in ${at}`)
    await projects.save(project(9), loaded.revision)
    expect(await nameIn(projects)).toBe('9')
    expect(textIn(at, 'autosave.json.damaged-1')).toBe(text)
    expect(textIn(at, 'autosave.json.1.damaged-1')).toBe(text)
  },
)

test('what is damaged while a window is open is moved aside before it saves', async () => {
  const at = folder()
  const projects = slowly(at)
  await saveAll(projects, 2)
  mkdirSync(join(at, 'autosave.json.damaged-1'))
  writeFileSync(join(at, 'autosave.json'), 'half')
  await projects.save(project(3), '')
  expect(textIn(at, 'autosave.json.damaged-2')).toBe('half')
  expect(await nameIn(projects)).toBe('3')
})

test('when no copy can be read it says so and keeps the files', async () => {
  const at = folder()
  writeFileSync(join(at, 'autosave.json'), 'nonsense')
  await expect(createProjects(at).load()).rejects.toMatchObject({
    code: 'project-corrupt',
    message: expect.stringContaining('Your videos are untouched') as string,
  })
  expect(textIn(at, 'autosave.json.damaged-1')).toBe('nonsense')
})

test('a project of a newer format is refused with a sentence, and never written over or away', async () => {
  const at = folder()
  await saveAll(slowly(at), 2)
  const newer = '{"format":99,"anything":[]}'
  writeFileSync(join(at, 'autosave.json'), newer)
  const projects = slowly(at)
  const refused = { code: 'project-newer', message: expect.stringContaining('format 99') as string }
  await expect(projects.load()).rejects.toMatchObject(refused)
  await expect(projects.save(project(9), '')).rejects.toMatchObject(refused)
  expect(textIn(at)).toBe(newer)
})

test('a backup of a newer format is kept when backups move on', async () => {
  const at = folder()
  const projects = slowly(at)
  const revision = await saveAll(projects, 5)
  writeFileSync(join(at, 'autosave.json.3'), '{"format":99}')
  await projects.save(project(6), revision)
  expect(textIn(at, 'autosave.json.3.damaged-1')).toBe('{"format":99}')
})

test('a window that does not know of the last save is refused, and nothing is overwritten', async () => {
  const at = folder()
  const [one, other] = [slowly(at), slowly(at)] // two windows of one host, or two hosts
  const first = await one.save(project(1), '')
  const second = await other.save(project(2), first)
  await expect(one.save(project(3), first)).rejects.toMatchObject({ code: 'project-changed' })
  await expect(one.save(project(3), '')).rejects.toMatchObject({ code: 'project-changed' })
  expect(await nameIn(one)).toBe('2')
  await one.save(project(3), second)
  expect(await nameIn(other)).toBe('3')
})

// ---- a file of a person's ----

interface Named {
  at: string
  data: string
  file: string
  one: ReturnType<typeof createProjectFile>
}

/** A clock that is two minutes further at each look. */
function named(): Named {
  const at = folder()
  const [data, file] = [join(at, 'data'), join(at, 'films', 'Lake.heirloom')]
  mkdirSync(join(at, 'films'))
  let now = 0
  return { at, data, file, one: createProjectFile(createPlaces(data).placeOf(file), () => (now += 120_000)) }
}
const shown = ({ project: found, notes }: Loaded): unknown => [
  found?.media[0]?.name,
  notes.map(({ code }) => code),
]

test('a named project has its backups among what is Heirloom\u2019s own: beside it lies nothing', async () => {
  const { at, data, file, one } = named()
  let revision = await one.replace(project(1))
  for (let n = 2; n <= 5; n++) revision = (await one.save(project(n), revision)).revision
  expect(readdirSync(join(at, 'films'))).toEqual(['Lake.heirloom'])
  expect(await sourcesOfSaved(data)).toEqual(new Set(['/v2.mp4', '/v3.mp4', '/v4.mp4']))
  writeFileSync(file, 'half')
  const found = await one.load()
  expect(shown(found)).toEqual(['4', ['project-damaged']])
  // It is under its name again, also for who edits nothing.
  expect(shown(await one.load())).toEqual(['4', []])
  await one.save(project(6), found.revision)
  expect(shown(await one.load())).toEqual(['6', []])
})

test('of two programs that save over the same revision at the same moment one is refused', async () => {
  const { data, file, one } = named()
  const other = createProjectFile(createPlaces(data).placeOf(file))
  let revision = await one.replace(project(0))
  for (let n = 1; n <= 10; n++) {
    const done = await Promise.allSettled([
      one.save(project(n), revision),
      other.save(project(n + 100), revision),
    ])
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    revision = (await one.load()).revision
  }
})

test('one that is gone, or was never one, is said; nothing is touched', async () => {
  const { file, one } = named()
  await expect(one.load()).rejects.toMatchObject({ code: 'not-found', sentence: { key: 'projectGone' } })
  writeFileSync(file, 'Dear family')
  await expect(one.load()).rejects.toMatchObject({ sentence: { key: 'projectUnreadable' } })
  writeFileSync(file, '{"format":99}')
  await expect(one.load()).rejects.toMatchObject({ code: 'project-newer' })
  await expect(one.save(project(1), '')).rejects.toMatchObject({ code: 'project-newer' })
  await expect(one.replace(project(1))).rejects.toMatchObject({ code: 'project-newer' })
  expect(readFileSync(file, 'utf8')).toBe('{"format":99}')
})

test('while its folder is away, edits are kept; when it is back they go there', async () => {
  const { at, file, one } = named()
  const revision = await one.replace(project(1))
  const [films, away] = [join(at, 'films'), join(at, 'away')]
  renameSync(films, away)
  const kept = await one.save(project(2), revision)
  expect(kept.kept).toMatchObject({ code: 'project-kept', sentence: { key: 'projectKept' } })
  expect(existsSync(films)).toBe(false)
  expect(shown(await one.load())).toEqual(['2', ['project-kept']])
  renameSync(away, films)
  // The file is still what they were made on: they are the newest.
  const loaded = await one.load()
  expect(shown(loaded)).toEqual(['2', ['project-kept']])
  expect(loaded.revision).toBe(kept.revision)
  expect((await one.save(project(3), kept.revision)).kept).toBeUndefined()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ media: [{ name: '3' }] })
  expect(shown(await one.load())).toEqual(['3', []])
})

test('kept edits of a file that others have changed since are a thing apart', async () => {
  const { at, file, one } = named()
  const revision = await one.replace(project(1))
  renameSync(join(at, 'films'), join(at, 'away'))
  await one.save(project(2), revision)
  renameSync(join(at, 'away'), join(at, 'films'))
  writeFileSync(file, JSON.stringify(project(7)))
  const loaded = await one.load()
  expect(loaded.project?.media[0]?.name).toBe('7')
  expect(JSON.parse(readFileSync(loaded.apart ?? '', 'utf8'))).toMatchObject({ media: [{ name: '2' }] })
})

test.each(['opened', 'saved'])(
  'half a file of a process that was killed is gone when the project is %s, nothing else',
  async (how) => {
    const { at, data, file, one } = named()
    const revision = await one.replace(project(1))
    const gone = String(spawnSync(process.execPath, ['--version']).pid)
    const halves: [name: string, minutesAgo: number][] = [
      [`.${gone}.1.tmp`, 1],
      [`.${gone}.2.tmp`, 0], // of another computer's process, maybe
      [`.${process.pid}.90001.tmp`, 1],
      [`.${process.pid}.90002.tmp`, 120], // the number is another process's by now
      ['.note.tmp', 120],
    ]
    for (const [name, minutesAgo] of halves) {
      const then = new Date(Date.now() - minutesAgo * 60_000)
      writeFileSync(file + name, 'half')
      utimesSync(file + name, then, then)
    }
    await (how === 'opened'
      ? one.load()
      : createProjectFile(createPlaces(data).placeOf(file)).save(project(2), revision))
    expect(readdirSync(join(at, 'films')).sort()).toEqual(
      ['', `.${gone}.2.tmp`, `.${process.pid}.90001.tmp`, '.note.tmp']
        .map((end) => `Lake.heirloom${end}`)
        .sort(),
    )
  },
)

test('a file keeps its rights when it is saved over', async () => {
  const { file, one } = named()
  const revision = await one.replace(project(1))
  chmodSync(file, 0o640)
  await one.save(project(2), revision)
  expect(statSync(file).mode & 0o777).toBe(0o640)
})
