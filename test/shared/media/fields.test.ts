import { expect, test } from 'vitest'
import { SavedProject, defaultEnhance, emptyProject } from '../../../electron/shared/document/project.js'
import {
  Source,
  firstField,
  isTakenApart,
  isWoven,
  outputRate,
  withFields,
} from '../../../electron/shared/media/source.js'
import { addSource, reread, split, trim } from '../../../electron/shared/document/timeline.js'
import { source } from '../sources.js'

test('a file with its fields read otherwise is a source of its own, and knows its way back', () => {
  const file = source('a')
  const apart = withFields(file, 'bff')
  expect(Source.parse(apart)).toEqual(apart)
  expect(apart.id).not.toBe(file.id)
  expect(apart).toMatchObject({ path: file.path, told: { id: file.id, fieldOrder: 'progressive' } })
  expect([isTakenApart(file), isTakenApart(apart)]).toEqual([false, true])
  expect(outputRate(apart.video)).toEqual({ num: 50, den: 1 })
  expect(withFields(apart, null)).toEqual(file)
  expect(withFields(apart, 'progressive')).toEqual(file)
  expect(withFields(apart, 'tff')).toEqual(withFields(file, 'tff'))
  expect(withFields(file, 'tff').id).not.toBe(apart.id)
})

test('a flagged file is the same source when its own order is chosen, and another when its pictures stay whole', () => {
  const file = source('a', { fieldOrder: 'tff' })
  expect(withFields(file, 'tff')).toEqual(file)
  const whole = withFields(file, 'progressive')
  expect(whole.video.fieldOrder).toBe('progressive')
  expect(isTakenApart(whole)).toBe(false)
})

test('the first field is the one that most pictures show, top where none does', () => {
  expect(firstField({ top: 3, bottom: 20, whole: 0 })).toBe('bff')
  expect(firstField({ top: 20, bottom: 3, whole: 0 })).toBe('tff')
  expect(firstField({ top: 0, bottom: 0, whole: 9 })).toBe('tff')
  expect(isWoven({ top: 30, bottom: 0, whole: 1 })).toBe(true)
  expect(isWoven({ top: 16, bottom: 7, whole: 8 })).toBe(false) // what idet says of a drawn test card
  expect(isWoven({ top: 0, bottom: 0, whole: 0 })).toBe(false)
})

const reference = (id: string, frames: number) => ({ id, path: '/a.mp4', name: 'a.mp4', frames })
const told = reference('a'.repeat(32), 100)
const apart = { ...reference(`${'a'.repeat(32)}f1`, 200), fields: 'tff' as const }
const other = reference('b'.repeat(32), 70)
const film = [
  addSource(told, 'first', defaultEnhance),
  trim('first', { from: 11, to: 99 }),
  split('first', 40, 'second'),
  addSource(other, 'other', defaultEnhance),
].reduce((project, edit) => edit(project), emptyProject)

test('clips of a source that is read otherwise keep their moments, and come back', () => {
  const after = reread(told.id, apart)(film)
  expect(after.sources).toEqual([apart, other])
  expect(after.clips.map((c) => [c.sourceId, c.from, c.to])).toEqual([
    [apart.id, 22, 80],
    [apart.id, 80, 198],
    [other.id, 0, 70],
  ])
  expect(reread(apart.id, told)(after)).toEqual(film)
  expect(SavedProject.parse(JSON.parse(JSON.stringify(after)))).toEqual(after)
})

test('a clip of a single field becomes one picture, and a reading that is there already is not listed twice', () => {
  const after = trim('second', { from: 199, to: 200 })(reread(told.id, apart)(film))
  expect(reread(apart.id, told)(after).clips[1]).toMatchObject({ from: 99, to: 100 })
  const both = addSource(told, 'again', defaultEnhance)(after)
  expect(reread(told.id, apart)(both).sources).toEqual([other, apart])
  expect(reread('c'.repeat(32), apart)(film)).toBe(film)
})
