// The export dialog's choices as data.
import { expect, test } from 'vitest'
import { KeepsakeSpec, OutputSpec, containersOf } from '../../electron/shared/contract/output.js'
import { Clip, CutList, defaultEnhance } from '../../electron/shared/document/project.js'
import {
  ExportChoice,
  bytesTyped,
  choiceFrom,
  fitRequestOf,
  keepsakeContainers,
  levelNear,
  pathOf,
  projectFor,
  specOf,
  whatChoices,
  withCodec,
  withKeepsakeCodec,
  wishFrom,
} from '../../renderer/features/export/output.js'
import { exportWishStart } from '../../renderer/stores/exportWish.js'
import { type PlaceCheck, obstacleOf, splitPath, withSeparator } from '../../renderer/ui/place.js'

const source = { id: '0123456789abcdef', path: '/f/a.mp4', name: 'a.mp4', frames: 100 }
const clip = (id: string, from: number, to: number): Clip => ({
  id,
  sourceId: source.id,
  name: 'a.mp4',
  from,
  to,
  enhance: defaultEnhance,
})
const project = (...clips: Clip[]): CutList => ({ sources: [source], clips })

const choice: ExportChoice = {
  what: 'film',
  folder: '/f/',
  name: 'a (enhanced)',
  container: 'mp4',
  codec: 'h264',
  quality: 'good',
  hasAudio: true,
  mayOverwrite: false,
  keepsake: exportWishStart.keepsake,
}

test('only choices that differ are offered', () => {
  const [whole, part] = [clip('a', 0, 100), clip('b', 10, 20)]
  expect(whatChoices(project(whole), whole)).toEqual(['film'])
  expect(whatChoices(project(part), part)).toEqual(['film', 'source'])
  expect(whatChoices(project(whole, part), part)).toEqual(['film', 'clip', 'source'])
  expect(whatChoices(project(whole, part), whole)).toEqual(['film', 'clip'])
})

test('the exported document holds what was chosen', () => {
  const [a, b] = [clip('a', 0, 50), clip('b', 60, 70)]
  const film = project(a, b)
  expect(projectFor('film', film, b)).toBe(film)
  expect(projectFor('clip', film, b).clips).toEqual([b])
  expect(projectFor('source', film, b).clips).toEqual([{ ...b, from: 0, to: 100 }])
})

test('paths of both kinds are taken apart and put together', () => {
  expect(splitPath('/home/a/My film (enhanced).mp4')).toEqual({
    folder: '/home/a/',
    name: 'My film (enhanced)',
  })
  expect(splitPath('C:\\Films\\tape.2.mkv')).toEqual({ folder: 'C:\\Films\\', name: 'tape.2' })
  expect(withSeparator('/home/a')).toBe('/home/a/')
  expect(withSeparator('C:\\Films')).toBe('C:\\Films\\')
  expect(withSeparator('/')).toBe('/')
  expect(pathOf(choice)).toBe('/f/a (enhanced).mp4')
})

test('a name with dots and a date keeps them, one that is typed with its ending gets it once', () => {
  expect(splitPath('/f/Lake 12.07.1994').name).toBe('Lake 12.07.1994')
  expect(splitPath('/f/Lake 12.07.1994.MOV').name).toBe('Lake 12.07.1994')
  const named = (name: string) => pathOf({ ...choice, name })
  expect(named('Lake.mp4')).toBe('/f/Lake.mp4')
  expect(named(' 湖 🎬 ')).toBe('/f/湖 🎬.mp4')
  expect(named('Lake.mov')).toBe('/f/Lake.mov.mp4')
})

test('what stands in the way of a name is said', () => {
  const free: PlaceCheck = { exists: false, isSource: false, isInWork: false }
  const obstacle = (name: string, check = free) =>
    obstacleOf({ folder: '/f/', name, mayOverwrite: false }, check)
  expect(obstacle('a')).toBeUndefined()
  expect(obstacle('  ')).toBe('noName')
  expect(obstacle('湖'.repeat(80))).toBe('nameTooLong') // 240 bytes
  expect(obstacle('a', { ...free, exists: true })).toBe('exists')
  expect(obstacle('a', { ...free, exists: true, refusal: 'It is a folder.' })).toBe('refusal')
  expect(obstacle('a', { ...free, isInWork: true, exists: true })).toBe('isInWork')
})

test('a codec brings a container that can hold it, and the spec is a valid one', () => {
  expect(withCodec(choice, 'ffv1').container).toBe('mkv')
  expect(withCodec(choice, 'prores').container).toBe('mov')
  expect(withCodec(choice, 'h265').container).toBe('mp4')
  for (const codec of ['h264', 'h265', 'av1', 'prores', 'ffv1'] as const) {
    const spec = OutputSpec.parse(specOf(withCodec(choice, codec)))
    expect(containersOf[codec]).toContain(spec.container)
  }
})

const kept = (over: Partial<ExportChoice['keepsake']> = {}): ExportChoice => ({
  ...choice,
  keepsake: { ...choice.keepsake, isWanted: true, ...over },
})
const kept8 = kept({ by: 'size', megabytes: '8' })

test('a Keepsake is written as its own coding and kind of file, whatever an ordinary film would be', () => {
  const ordinary = withCodec(choice, 'ffv1')
  const wanted = { ...ordinary, keepsake: kept({ level: 2 }).keepsake }
  const { codec, container, path, keepsake } = OutputSpec.parse(specOf(wanted))
  expect([codec, container, path, keepsake]).toEqual(['av1', 'mp4', '/f/a (enhanced).mp4', { crf: 51 }])
  expect(specOf(ordinary).keepsake).toBeUndefined()
  const wish = { ...exportWishStart, ...wishFrom(choice, wanted, source.id) }
  expect(choiceFrom(wish, '/f/b.mp4', project(), clip('a', 0, 100)).keepsake).toEqual(wanted.keepsake)
})

test('of a Keepsake only those kinds of files are offered that hold its part', () => {
  for (const codec of ['av1', 'h265', 'h264'] as const) {
    expect(keepsakeContainers(codec)).not.toContain('mkv')
    expect(keepsakeContainers(codec)).toContain(
      withKeepsakeCodec({ ...kept8.keepsake, container: 'mov' }, codec).container,
    )
  }
  expect(withKeepsakeCodec({ ...kept8.keepsake, container: 'mov' }, 'h264').container).toBe('mov')
})

test('a size is read as people type it; what is none is none', () => {
  expect(['8', ' 8 MB', '0.5', '1,5mb', '８'].map(bytesTyped)).toEqual([8e6, 8e6, 5e5, 1.5e6, 8e6])
  expect(['', '0', '-1', '8 GB', '1e3', 'much', '1.2.3'].map(bytesTyped)).toEqual(Array(7).fill(undefined))
})

test('a wanted size is asked about at its coarsest, and kept to with what was found', () => {
  const film = project(clip('a', 0, 100))
  expect(fitRequestOf(kept8, film, film.clips[0]!)?.output.keepsake).toEqual({ crf: 63, mostBytes: 8e6 })
  expect(fitRequestOf(kept(), film, film.clips[0]!)).toBeUndefined()
  expect(fitRequestOf(kept({ by: 'size', megabytes: 'x' }), film, film.clips[0]!)).toBeUndefined()
  expect(specOf(kept8, 41).keepsake).toEqual<KeepsakeSpec>({ crf: 41, mostBytes: 8e6 })
})

test('how coarsely a film is encoded is told by the nearest level', () => {
  expect([63, 62, 58, 45, 20].map((crf) => levelNear('av1', crf))).toEqual(['coarser', 'coarser', 1, 3, 5])
  expect([48, 36, 30, 14].map((crf) => levelNear('h264', crf))).toEqual(['coarser', 1, 2, 5])
})
