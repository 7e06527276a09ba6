// The time of the whole film: what stands where in it, and back.
import { describe, expect, test } from 'vitest'
import { cutListOf } from '../../electron/shared/document/cutList.js'
import { emptyProject, type Project } from '../../electron/shared/document/document.js'
import { timesByTable } from '../../electron/shared/document/frames.js'
import type { ClipMotion } from '../../electron/shared/document/motion.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { ticksPerSecond } from '../../electron/shared/document/time.js'
import { frameCount, secondsOf } from '../../electron/shared/media/frameTable.js'
import type { FrameTable, Source } from '../../electron/shared/media/source.js'
import { formatTimecode, parseTimecode } from '../../electron/shared/media/timecode.js'
import { addSource } from '../../renderer/commands/addSource.js'
import { setMotion } from '../../renderer/commands/setMotion.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import { filmTimeOf, formatLength, frameWithin, placeAt } from '../../renderer/stores/filmTime.js'
import { source, table } from '../shared/sources.js'

const pal = table(100) // 25 frames a second
const ntsc = table(90, 1001, 30000)
const uneven = table(50, [33, 34, 33, 250, 10], 1000)
const all = { pal, ntsc, uneven }
type Name = keyof typeof all

const idOf = (name: string): string => source(name).id
const tables: Record<string, FrameTable> = Object.fromEntries(
  Object.entries(all).map(([name, one]) => [idOf(name), one]),
)
const sources: Record<string, Source> = Object.fromEntries(
  ['pal', 'ntsc', 'uneven', 'photo'].map((name) => [
    idOf(name),
    { ...source(name), container: name === 'photo' ? 'jpeg_pipe' : 'mp4' },
  ]),
)
const known = Object.fromEntries(Object.entries(tables).map(([id, one]) => [id, timesByTable(one)]))

/** Clips of whole sources by name, one after the other; each is called by its number. */
function document(...names: (Name | 'photo')[]): Project {
  return names.reduce((made, name, i) => {
    const { id, path } = source(name)
    const frames = name === 'photo' ? 1 : frameCount(all[name])
    return addSource({ id, path, name, frames }, String(i), defaultEnhance).apply(made, known)
  }, emptyProject)
}

const timeOf = (made: Project, read = tables) =>
  filmTimeOf({ document: made, clips: cutListOf(made, known).clips, sources, tables: read })
const places = (made: Project, read = tables) =>
  timeOf(made, read).pieces.map(({ at, seconds, first, frames }) => [at, seconds, first, frames])

const near = (...rows: number[][]) => rows.map((row) => row.map((n) => expect.closeTo(n, 6) as unknown))

test('clips of any rates stand one after the other, each frame at its own time', () => {
  const made = document('pal', 'ntsc', 'uneven')
  expect(places(made)).toEqual(near([0, 4, 0, 100], [4, 3.003, 100, 90], [7.003, 3.6, 190, 50]))
  const film = timeOf(made)
  expect(frameCount(film.table)).toBe(240)
  for (const [first, at, own] of [
    [0, 0, pal],
    [100, 4, ntsc],
    [190, 7.003, uneven],
  ] as const)
    for (let frame = 0; frame < frameCount(own); frame++)
      expect(secondsOf(film.table, first + frame)).toBeCloseTo(at + secondsOf(own, frame), 7)
  expect(secondsOf(film.table, 240)).toBeCloseTo(10.603, 7)
  expect(formatTimecode(film.table, 99)).toBe('00:00:03:24')
  expect(formatTimecode(film.table, 100)).toBe('00:00:04:00')
  expect(parseTimecode(film.table, '0:00:04:02', 0)).toBe(102)
})

test('every frame leads to its clip and to itself, and so does any time within it', () => {
  const made = trimClip('1', { from: 10, to: 60 }).apply(document('pal', 'ntsc', 'uneven'), known)
  const film = timeOf(made)
  for (const { clip, at, seconds, first, frames } of film.pieces) {
    expect(frames).toBe(clip.to - clip.from)
    for (let i = 0; i < frames; i++)
      for (const share of [0, 0.5, 0.98]) {
        const [begin, end] = [secondsOf(film.table, first + i), secondsOf(film.table, first + i + 1)]
        const place = placeAt(film, begin + share * (end - begin))!
        expect(place.piece.clip.id).toBe(clip.id)
        expect(frameWithin({ document: made, tables }, place.piece, place.within)).toBe(clip.from + i)
      }
    expect(placeAt(film, at + seconds / 2)?.piece.clip.id).toBe(clip.id)
  }
})

test('a slowed clip has as many frames and lasts as many times as long; what follows stands behind it', () => {
  const slow: ClipMotion = { kind: 'slow', factor: 4, sound: 'silent' }
  const made = setMotion('0', slow, { num: 1, den: 4 }).apply(document('pal', 'ntsc'), known)
  expect(places(made)).toEqual(near([0, 16, 0, 400], [16, 3.003, 400, 90]))
  const film = timeOf(made)
  expect(secondsOf(film.table, 41)).toBeCloseTo(41 / 25, 7)
  expect(formatTimecode(film.table, 41)).toBe('00:00:01:16')
  expect(frameWithin({ document: made, tables }, film.pieces[0]!, 1.64)).toBe(10) // shown four times: 40 to 43
})

describe('the film lasts', () => {
  test.each([
    [['pal'], '00:00:04:00'],
    [['ntsc'], '00:00:03:00'], // 3.003 s: of its fourth second no frame begins
    [['pal', 'ntsc'], '00:00:07:00'],
    [['uneven'], '00:00:03:06'],
  ] as const)('%s: %s', (names, length) => {
    expect(formatLength(timeOf(document(...names)))).toBe(length)
  })

  test('nothing, where there is only a photo', () => {
    expect(formatLength(timeOf(document('photo')))).toBe('00:00:00:00')
    expect(placeAt(timeOf(document('photo')), 0)).toBeUndefined()
  })
})

test('a photo takes no time of the film: what follows it is not later', () => {
  const film = timeOf(document('pal', 'photo', 'ntsc'))
  expect(film.pieces.map(({ at, frames }) => [at, frames])).toEqual(near([0, 100], [4, 0], [4, 90]))
  expect(placeAt(film, 4)?.piece.clip.name).toBe('ntsc')
})

test('a clip whose film has not been read has its frames evenly over its length', () => {
  const made = document('pal', 'uneven', 'ntsc')
  const read = { [idOf('pal')]: pal, [idOf('ntsc')]: ntsc }
  expect(places(made, read)).toEqual(near([0, 4, 0, 100], [4, 3.6, 100, 50], [7.6, 3.003, 150, 90]))
  const piece = timeOf(made, read).pieces[1]!
  expect(frameWithin({ document: made, tables: read }, piece, 1.8)).toBe(25)
  expect(frameWithin({ document: made, tables: read }, piece, 3.6)).toBe(49)
})

test('a gap belongs to the frame before it; a time in it leads to what follows', () => {
  const made = document('pal', 'ntsc')
  const [sequence] = made.sequences
  const moved = {
    ...made,
    sequences: [
      {
        ...sequence!,
        tracks: sequence!.tracks.map((track) => ({
          ...track,
          items: track.items.map((item) => ({
            ...item,
            at: item.at + ticksPerSecond * (item.id === '1' ? 2 : 0),
          })),
        })),
      },
    ],
  }
  const film = timeOf(moved)
  expect(film.pieces.map(({ at }) => at)).toEqual([0, 6])
  expect(film.seconds).toBeCloseTo(9.003, 7)
  expect(secondsOf(film.table, 99)).toBeCloseTo(3.96, 7)
  expect(secondsOf(film.table, 100)).toBe(6)
  expect(placeAt(film, 5)).toMatchObject({ piece: { clip: { id: '1' } }, within: 0 })
  expect(placeAt(film, 100)).toMatchObject({ piece: { clip: { id: '1' } } })
})
