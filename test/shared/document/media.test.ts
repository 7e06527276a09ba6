import { expect, test } from 'vitest'
import {
  addMedia,
  correctFacts,
  dropUnusedMedia,
  reinterpret,
  relink,
} from '../../../electron/shared/document/edits/media.js'
import { Media } from '../../../electron/shared/document/media.js'
import { problemsOf } from '../../../electron/shared/document/problems.js'
import { frozen, item, media, project, ranges, track } from './kit.js'

const facts = (duration: number, frames: number): Media['facts'] => ({ duration, frames })
const film = () =>
  frozen(
    project(
      [media('m', 200, { facts: facts(200, 20) }), media('other', 50)],
      track('v', [
        item('a', 'm', [0, 100, 0]),
        item('b', 'm', [100, 50, 150]),
        item('c', 'm', [160, 30, 20]),
      ]),
    ),
  )

test('a media is listed once; what no item shows can be dropped', () => {
  const before = film()
  expect(addMedia(media('m', 7))(before)).toBe(before)
  const tidy = dropUnusedMedia(before)
  expect(tidy.media.map(({ id }) => id)).toEqual(['m'])
  expect(dropUnusedMedia(tidy)).toBe(tidy)
  expect(addMedia(media('new', 7))(before).media).toHaveLength(3)
})

test('what reached the end of a media still does when its length turns out otherwise; gaps stay', () => {
  expect(ranges(correctFacts('m', facts(220, 22))(film()))).toEqual([
    [
      ['a', 0, 100, 0],
      ['b', 100, 170, 150],
      ['c', 180, 210, 20],
    ],
  ])
  const shorter = correctFacts('m', facts(80, 8))(film())
  expect(ranges(shorter)).toEqual([
    [
      ['a', 0, 80, 0],
      ['b', 80, 90, 70],
      ['c', 100, 130, 20],
    ],
  ])
  expect(problemsOf(shorter)).toEqual([])
  const before = film()
  expect(correctFacts('m', facts(200, 20))(before)).toBe(before)
  expect(correctFacts('nobody', facts(1, 1))(before)).toBe(before)
})

test('fields taken apart and put together again leave every cut where it was', () => {
  const before = film()
  const apart = reinterpret('m', { fields: 'tff' }, facts(200, 40))(before)
  expect(ranges(apart)).toEqual(ranges(before))
  expect(apart.media[0]).toMatchObject({ interpretation: { fields: 'tff' }, facts: facts(200, 40) })
  expect(reinterpret('m', {}, facts(200, 20))(apart)).toEqual(before)
})

test('with another frame rate items keep their frames', () => {
  expect(ranges(reinterpret('m', { frameRate: { num: 50, den: 1 } }, facts(400, 20))(film()))).toEqual([
    [
      ['a', 0, 200, 0],
      ['b', 200, 300, 300],
      ['c', 310, 370, 40],
    ],
  ])
})

test('a file found elsewhere keeps the film as it is; another one in its place may be shorter', () => {
  const before = film()
  const moved = relink('m', { locations: { absolute: '/new/m.mp4', relative: 'm.mp4' } })(before)
  expect(moved.media[0]!.locations).toEqual({ absolute: '/new/m.mp4', relative: 'm.mp4' })
  expect(moved.sequences).toBe(before.sequences)
  expect(relink('m', { locations: before.media[0]!.locations })(before)).toBe(before)
  const other = relink('m', {
    locations: { absolute: '/o.mp4' },
    fingerprint: 'f'.repeat(32),
    facts: facts(120, 12),
  })
  expect(problemsOf(other(before))).toEqual([])
  expect(other(before).media[0]!.fingerprint).toBe('f'.repeat(32))
})
