// Projects before a whole host: what a browser's window may open and write, and what the desktop's person has opened before.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host, HostOptions } from '../../../electron/app/host/host.js'
import type { ApiEvent } from '../../../electron/shared/contract/api.js'
import { mediaOf } from '../../../electron/shared/document/cutList.js'
import { type Project, emptyProject } from '../../../electron/shared/document/document.js'
import { folder } from '../folder.js'
import { hostIn } from '../hosting.js'

const at = folder()
const [shared, elsewhere] = [join(at, 'shared'), join(at, 'elsewhere')]

beforeAll(() => {
  for (const place of [shared, elsewhere]) {
    mkdirSync(place)
    const make = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=1', 'tape.mp4']
    execFileSync('ffmpeg', make, { cwd: place })
  }
})

let hosts = 0
const host = (over: Partial<HostOptions>): Promise<Host> => hostIn(join(at, `host-${++hosts}`), over)
const browser = (over: Partial<HostOptions> = {}): Promise<Host> =>
  host({ kind: 'browser', grants: { files: [], folders: [shared] }, ...over })

const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code,
  )

/** Of one film, by its path. */
const projectOf = (path: string): Project => ({
  ...emptyProject,
  media: [mediaOf({ id: 'a'.repeat(40), path, name: 'tape.mp4', frames: 25 }, {})],
})

test('a film\u2019s cuts go into shared folders only, over no video, and over nothing unasked', async () => {
  const { api } = await browser()
  const { id } = await api.sources.open(join(shared, 'tape.mp4'))
  const film = projectOf(join(shared, 'tape.mp4'))
  const [sequence] = film.sequences
  const of = { kind: 'media', media: id, from: 0, isHeard: true } as const
  const items = [{ id: 'i', at: 0, duration: 705_600_000, of, fit: 'fit' as const }]
  const tracks = [{ id: 'v', kind: 'video' as const, items }]
  const media = film.media.map((one) => ({ ...one, id }))
  const cut: Project = { ...film, media, sequences: [{ ...sequence!, tracks }] }
  const save = (to: string, mayOverwrite = false): Promise<unknown> =>
    api.project.saveCuts(cut, 'otio', to, mayOverwrite)
  expect(await codeOf(save(join(elsewhere, 'a.otio')))).toBe('not-allowed')
  expect(await codeOf(save(join(shared, 'tape.mp4'), true))).toBe('bad-argument')
  symlinkSync(join(shared, 'tape.mp4'), join(shared, 'link.otio'))
  expect(await codeOf(save(join(shared, 'link.otio'), true))).toBe('bad-argument')
  expect(await save(join(shared, 'a.otio'))).toEqual([])
  expect(await codeOf(save(join(shared, 'a.otio')))).toBe('output-exists')
  expect(await codeOf(save(join(shared, 'a.otio'), true))).toBeUndefined()
  expect(readFileSync(join(shared, 'a.otio'), 'utf8')).toContain('tape.mp4')
  expect(await api.project.cutNotes(cut, 'edl')).toMatchObject([
    { key: 'cutsEdlRate', values: { rate: '25' } },
  ])
})

test('a browser\u2019s window writes and reads projects in shared folders and nowhere else, and nothing but projects', async () => {
  const { api } = await browser()
  const { path } = await api.project.begin()
  const film = projectOf(join(shared, 'tape.mp4'))
  await api.project.save(path, film, '')
  const saveAs = (to: string): Promise<unknown> => api.project.saveAs(path, to, film, true)
  expect(await codeOf(saveAs(join(elsewhere, 'Lake.heirloom')))).toBe('not-allowed')
  expect(await codeOf(saveAs(join(shared, 'tape.mp4')))).toBe('bad-argument')
  symlinkSync(join(shared, 'tape.mp4'), join(shared, 'Link.heirloom'))
  expect(await codeOf(saveAs(join(shared, 'Link.heirloom')))).toBe('bad-argument')
  expect(await codeOf(api.project.load(join(shared, 'Link.heirloom')))).toBe('bad-argument')
  writeFileSync(join(elsewhere, 'Out.heirloom'), JSON.stringify(emptyProject))
  symlinkSync(join(elsewhere, 'Out.heirloom'), join(shared, 'Out.heirloom'))
  expect(await codeOf(saveAs(join(shared, 'Out.heirloom')))).toBe('not-allowed')
  expect(await codeOf(api.project.load(join(shared, 'Out.heirloom')))).toBe('not-allowed')
  expect(readFileSync(join(elsewhere, 'Out.heirloom'), 'utf8')).toBe(JSON.stringify(emptyProject))
  expect(await codeOf(api.project.load(join(path, '..', '..', 'projects.json')))).toBe('bad-argument')
  expect(await codeOf(saveAs(join(shared, 'Lake.heirloom')))).toBeUndefined()
  expect(readFileSync(join(shared, 'Lake.heirloom'), 'utf8')).toContain('"relative":"tape.mp4"')
})

test('a project from anybody opens no film for a browser that is not shared', async () => {
  const { api } = await browser()
  const hostile = projectOf(join(elsewhere, 'tape.mp4'))
  const media = hostile.media.map((one) => ({
    ...{ ...one, locations: { ...one.locations, relative: '../elsewhere/tape.mp4' } },
  }))
  writeFileSync(join(shared, 'Hostile.heirloom'), JSON.stringify({ ...hostile, media }))
  const { project } = await api.project.load(join(shared, 'Hostile.heirloom'))
  expect(project?.media[0]?.locations.relative).toBe('../elsewhere/tape.mp4') // as one that is missing
  expect(await codeOf(api.sources.open(join(elsewhere, 'tape.mp4')))).toBe('not-allowed')
})

test('on the desktop what is chosen may be opened with its films, the next time too, when it opens by itself', async () => {
  const file = join(elsewhere, 'Lake.heirloom')
  writeFileSync(file, JSON.stringify(projectOf(join(elsewhere, 'tape.mp4'))))
  const own = { dataFolder: join(at, 'desktop'), cacheFolder: join(at, 'desktop-cache') }
  const nothing = () => Promise.resolve(null)
  const dialogs = {
    ...{ chooseOutput: nothing, chooseFolder: nothing, chooseProjectOutput: nothing },
    ...{ chooseSources: () => Promise.resolve([]), chooseProject: () => Promise.resolve(file) },
  }
  const first = await host({ ...own, kind: 'electron', grants: { files: [], folders: [] }, dialogs })
  expect(await codeOf(first.api.project.load(file))).toBe('not-allowed')
  expect(await first.api.files.chooseProject()).toBe(file)
  expect((await first.api.project.load(file)).file.name).toBe('Lake')
  expect(await codeOf(first.api.sources.open(join(elsewhere, 'tape.mp4')))).toBeUndefined()
  await first.close()
  const next = await host({ ...own, kind: 'electron', grants: { files: [], folders: [] } })
  expect((await next.api.project.recent()).map(({ name }) => name)).toEqual(['Lake'])
  expect((await next.api.project.load(null)).file).toEqual({ path: file, name: 'Lake' })
  expect(await codeOf(next.api.sources.open(join(elsewhere, 'tape.mp4')))).toBeUndefined()
})

test('a project that was named at the start is the one that opens', async () => {
  const file = join(shared, 'Start.heirloom')
  writeFileSync(file, JSON.stringify(projectOf(join(shared, 'tape.mp4'))))
  const { api } = await browser({ project: file })
  expect(await api.project.load(null)).toMatchObject({ file: { name: 'Start' }, isFirst: false })
})

test('every window hears which project was saved; saving over what it does not know is refused', async () => {
  const open = await browser()
  const { api } = open
  const heard: ApiEvent[] = []
  open.on((event) => heard.push(event))
  const { path } = await api.project.begin()
  const { revision } = await api.project.save(path, emptyProject, '')
  expect(heard.filter(({ type }) => type === 'project')).toEqual([{ type: 'project', path, revision }])
  expect(heard.map(({ type }) => type)).toContain('recentProjects')
  expect(await codeOf(api.project.save(path, emptyProject, 'another'))).toBe('project-changed')
})

test('a name is suggested beside the film, free, and may be written; without a film where people look', async () => {
  const { api } = await browser()
  const { id } = await api.sources.open(join(shared, 'tape.mp4'))
  const path = await api.files.suggestProject(id, 'en')
  expect(path).toBe(join(shared, 'tape.heirloom'))
  const { path: from } = await api.project.begin()
  await api.project.saveAs(from, path, emptyProject, false)
  expect(await api.files.suggestProject(id, 'en')).toBe(join(shared, 'tape (2).heirloom'))
  expect(await api.files.suggestProject(null, 'ja')).toContain('マイビデオ')
})

test('a project leaves the list of recent ones and its file stays; one without a name stays listed, and nothing is heard of paths that are not shared', async () => {
  const { api } = await browser()
  const { path } = await api.project.begin()
  const film = projectOf(join(shared, 'tape.mp4'))
  await api.project.save(path, film, '')
  const [gone, begun] = [join(shared, 'Gone.heirloom'), await api.project.begin()]
  await api.project.save(begun.path, { ...film, media: [...film.media] }, '')
  await api.project.saveAs(begun.path, gone, film, true)
  const listed = async () => (await api.project.recent()).map((one) => one.path)
  expect(await listed()).toEqual(expect.arrayContaining([gone, path]))
  await api.project.forget(gone)
  await api.project.forget(path)
  expect(await listed()).toContain(path)
  expect(await listed()).not.toContain(gone)
  expect(readFileSync(gone, 'utf8')).toContain('tape.mp4')
  expect(await codeOf(api.project.forget(join(elsewhere, 'Out.heirloom')))).toBe('not-allowed')
})
