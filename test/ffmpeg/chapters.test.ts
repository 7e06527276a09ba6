// Chapters of films made of several clips: where they stand, and what stays one.
import { expect, test } from 'vitest'
import { chapterText, chaptersOf } from '../../electron/ffmpeg/chapters.js'
import type { Plan } from '../../electron/shared/planning/plan.js'
import { source } from '../shared/sources.js'

const chaptered = {
  ...source(),
  chapters: [
    { from: 0, to: 5, title: 'a=b' },
    { from: 5, to: 9, title: 'c' },
  ],
}
const range = (fromSeconds: number, toSeconds: number, filmSeconds?: number): Plan['audio'][number] => ({
  ...{ source: chaptered, fromSeconds, toSeconds },
  ...(filmSeconds === undefined ? {} : { filmSeconds }),
})

test('chapters are cut to what is kept, and written as ffmpeg reads them', () => {
  const text = chapterText(chaptersOf({ audio: [range(2, 6)] }), 'mp4')
  expect(text).toContain('START=0\nEND=3000000\ntitle=a\\=b')
  expect(text).toContain('START=3000000\nEND=4000000\ntitle=c')
})

test('a chapter that goes on in the next clip without a gap is one, however slowly that plays', () => {
  // Two seconds over the boundary, each shown for two.
  expect(chaptersOf({ audio: [range(0, 4), range(4, 6, 4), range(6, 9)] })).toEqual([
    { title: 'a=b', from: 0, to: 6 },
    { title: 'c', from: 6, to: 11 },
  ])
  const titles = (...audio: Plan['audio']): string[] => chaptersOf({ audio }).map(({ title }) => title)
  expect(titles(range(0, 2), range(2.01, 4, 3))).toEqual(['a=b']) // frames of a motion lie between those that are stored
  expect(titles(range(0, 2), range(2.5, 4, 3))).toEqual(['a=b', 'a=b']) // half a second is cut out
  expect(titles(range(0, 2), range(0, 2, 4))).toEqual(['a=b', 'a=b']) // shown again
  const other = { ...range(2, 4), source: { ...chaptered, id: 'b'.repeat(16) } }
  expect(titles(range(0, 2), other)).toEqual(['a=b', 'a=b'])
})
