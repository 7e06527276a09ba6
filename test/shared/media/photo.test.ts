import { expect, test } from 'vitest'
import { isStill } from '../../../electron/shared/media/source.js'
import { momentOf, placeOf } from '../../../electron/shared/media/captured.js'
import { photoFormatOf } from '../../../electron/shared/contract/photo.js'
import { photoNote, photoRanges } from '../../../electron/shared/planning/photo.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'

const time = { warmup: 16, lookahead: 3 }

test('a photo is told by the ending of its name, whatever its case', () => {
  expect(['a.png', 'b.JPG', 'c.jpeg', 'd.tif', 'e.TIFF'].map(photoFormatOf)).toEqual([
    ...['png', 'jpeg', 'jpeg', 'tiff', 'tiff'],
  ])
  expect(['a.mp4', 'png', 'a.png.exe', ''].map(photoFormatOf)).toEqual(Array(4).fill(undefined))
})

test('a moment has eight neighbours on each side, fewer at the ends of the film', () => {
  const merged = (frame: number, frames: number) => photoRanges(frame, frames, 'moment', time).merged
  expect(merged(50, 100)).toEqual({ from: 42, to: 59 })
  expect(merged(0, 100)).toEqual({ from: 0, to: 9 })
  expect(merged(99, 100)).toEqual({ from: 91, to: 100 })
  expect(merged(0, 1)).toEqual({ from: 0, to: 1 })
})

test.each(['frame', 'moment'] as const)(
  'through the model it comes in its place in the film, as far ahead as the model looks: %s',
  (way) => {
    expect(photoRanges(50, 100, way, time).streamed).toEqual({ from: 34, to: 54 })
    expect(photoRanges(98, 100, way, time).streamed).toEqual({ from: 82, to: 100 })
    expect(photoRanges(50, 100, way, undefined).streamed).toEqual({ from: 50, to: 51 })
  },
)

test("the film's own picture is merged with nothing", () => {
  expect(photoRanges(50, 100, 'frame', time).merged).toEqual({ from: 50, to: 51 })
})

test('the date of a moment moves on with the film and keeps its zone', () => {
  expect(momentOf('1994-07-16T23:59:50+09:00', 12.9)).toBe('1994-07-17T00:00:02+09:00')
  expect(momentOf('1994-07-16T15:04:00.000Z', 1)).toBe('1994-07-16T15:04:01Z')
  expect(momentOf('1994-07-16T15:04:00', 1)).toBe('1994-07-16T15:04:01')
  expect(momentOf('1994-07-16', 100)).toBe('1994-07-16')
  expect(momentOf(undefined, 1)).toBeUndefined()
})

test('a place is read as phones write it', () => {
  expect(placeOf({ 'com.apple.quicktime.location.ISO6709': '+35.6586+139.7454+020/' })).toEqual({
    ...{ latitude: 35.6586, longitude: 139.7454 },
  })
  expect(placeOf({ location: '-33.85-070.6/' })).toEqual({ latitude: -33.85, longitude: -70.6 })
  expect(placeOf({ location: 'Paris' })).toBeUndefined()
})

test('the note says what was done, and that nothing was when nothing was', () => {
  const enhance = { ...defaultEnhance, strength: 0.5, detail: 0.25 }
  expect(photoNote(enhance, 17)).toBe(
    'Made with Heirloom: 17 pictures of the film merged, enhanced with model heirloom-s, x2, strength 0.5, detail 0.25, seed 0',
  )
  expect(photoNote({ ...enhance, isEnabled: false }, 1)).toBe('Saved with Heirloom, unchanged')
})

test('picture files are told from films by their reader', () => {
  expect(['jpeg_pipe', 'png_pipe', 'heic'].map((container) => isStill({ container }))).toEqual([
    ...[true, true, true],
  ])
  expect(isStill({ container: 'mov,mp4,m4a,3gp,3g2,mj2' })).toBe(false)
})
