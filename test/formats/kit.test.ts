// The measures themselves: they find what is known to be there, and notice what is moved.
import { expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import {
  beeping,
  beeps,
  exported,
  make,
  numberOf,
  numbered,
  openHost,
  pictures,
  soundSeconds,
} from './kit.js'

const at = folder()

test('numbers, times and beeps of a film are found where they were put', () => {
  const plain = make(at, ...numbered(3), ...beeping(3), '-c:v', 'ffv1', '-c:a', 'pcm_s16le', 'plain.mkv')
  const shown = pictures(plain)
  expect(shown.map(({ luma }) => numberOf(luma))).toEqual(Array.from({ length: 75 }, (_, i) => i % 32))
  expect(shown.at(-1)?.at).toBeCloseTo(74 / 25, 2)
  expect(beeps(plain).map(({ from }) => Math.round(1000 * from))).toEqual([0, 1000, 2000])
  expect(soundSeconds(plain)).toBeCloseTo(3, 3)
  const late = make(
    at,
    '-i',
    'plain.mkv',
    '-itsoffset',
    '0.05',
    '-i',
    'plain.mkv',
    '-map',
    '0:v',
    '-map',
    '1:a',
    '-c',
    'copy',
    'late.mkv',
  )
  expect(beeps(late)[1]?.from).toBeCloseTo(1.05, 2)
})

test('an untouched export is measured as its source', async () => {
  const host = await openHost(at)
  const film = make(at, ...numbered(2), ...beeping(2), '-c:v', 'libx264', '-c:a', 'aac', 'film.mp4')
  const { job, path } = await exported(host, at, film)
  expect(job.state).toBe('done')
  const [before, after] = [pictures(film), pictures(path)]
  expect(after.map(({ luma }) => numberOf(luma))).toEqual(before.map(({ luma }) => numberOf(luma)))
  expect(beeps(path)[1]?.from).toBeCloseTo(beeps(film)[1]?.from ?? NaN, 2)
})
