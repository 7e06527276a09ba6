// What a film says about itself goes from the words of one container into those of another: place, camera, day, titles.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { captureDate, readTags, shiftDate, writtenTags } from '../../electron/ffmpeg/tags.js'
import { folder } from '../app/folder.js'
import { beeping, exported, facts, make, numbered, openHost, pictures } from './kit.js'

const at = folder()

const said = (tags: Record<string, string>): string[] =>
  Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`])
const tagsOf = (path: string): Record<string, string> => facts(path).format.tags ?? {}
const endings = ['mp4', 'mov', 'mkv'] as const

const phone = {
  'com.apple.quicktime.location.ISO6709': '+35.6586+139.7454+012.000/',
  'com.apple.quicktime.make': 'Apple',
  'com.apple.quicktime.model': 'iPhone 13',
  'com.apple.quicktime.software': '16.5',
  'com.apple.quicktime.creationdate': '2023-07-01T08:15:00+0900',
  'com.apple.quicktime.content.identifier': 'F00-BA',
  creation_time: '2023-06-30T23:15:00Z',
}

test("a phone's film says where, with what and on which day it was filmed, in every container", async () => {
  const host = await openHost(at)
  const film = make(
    at,
    ...[...numbered(1), '-c:v', 'libx264', '-movflags', 'use_metadata_tags', ...said(phone), 'phone.mov'],
  )
  for (const ending of endings) {
    const { job, path } = await exported(host, at, film, { ending })
    expect(job.failure).toBeUndefined()
    const tags = tagsOf(path)
    expect(tags['creation_time']).toBe('2023-06-30T23:15:00.000000Z')
    const own = (key: string): string | undefined => tags[ending === 'mkv' ? key.toUpperCase() : key]
    expect(own('location')).toBe('+35.6586+139.7454+012.000/')
    expect([own('make'), own('model'), own('date')]).toEqual(['Apple', 'iPhone 13', '2023-07-01'])
    expect(own('com.apple.quicktime.content.identifier')).toBe('F00-BA')
    expect(ending === 'mkv' ? tags['DATE_RECORDED'] : tags['com.apple.quicktime.creationdate']).toBe(
      '2023-07-01T08:15:00+09:00',
    )
    if (ending === 'mkv') expect(tags['SOFTWARE']).toBe('16.5')
    else {
      expect(tags['com.apple.quicktime.location.ISO6709']).toBe('+35.6586+139.7454+012.000/')
      expect(tags['com.apple.quicktime.model']).toBe('iPhone 13')
      expect(tags['com.apple.quicktime.software']).toBe('16.5')
    }
    // And back: what was written is read as what was read.
    const again = await host.api.sources.open(path)
    expect(again.createdAt).toBe('2023-07-01T08:15:00+09:00')
    const { date, ...rest } = again.tags
    expect(date).toBe('2023-07-01')
    const { tags: before } = await host.api.sources.open(film)
    expect(rest).toEqual(before)
  }
}, 120_000)

test('titles, texts and places of cameras, AVI and Matroska come out of each into each', async () => {
  const host = await openHost(at)
  const texts = { title: '夏の海', artist: 'Mum', comment: 'a=b; #c\nd', copyright: '(c) us' }
  const camera = { location: '+48.2081+016.3713/', make: 'Sony', model: 'HX9V' }
  const inputs: [string, Record<string, string>][] = [
    [
      // The texts of a camera (udta), without QuickTime's keys.
      make(at, ...numbered(1), '-c:v', 'mpeg4', ...said({ title: '夏の海', ...camera }), 'camera.mov'),
      { title: '夏の海', ...camera },
    ],
    [make(at, ...numbered(1), '-c:v', 'mjpeg', ...said(texts), 'info.avi'), texts],
    [
      make(at, ...numbered(1), '-c:v', 'ffv1', ...said({ ...texts, ...camera, keywords: 'sea' }), 'all.mkv'),
      { ...texts, ...camera, keywords: 'sea' },
    ],
    [make(at, ...numbered(1), '-c:v', 'libx264', ...said(texts), 'listed.mp4'), texts],
  ]
  for (const [i, [input, wanted]] of inputs.entries())
    for (const ending of i === 0 ? endings : [endings[i % 3] ?? 'mp4', endings[(i + 1) % 3] ?? 'mov']) {
      const { job, path } = await exported(host, at, input, { ending })
      expect(job.failure).toBeUndefined()
      expect((await host.api.sources.open(path)).tags).toEqual(wanted)
      const tags = Object.fromEntries(
        Object.entries(tagsOf(path)).map(([key, value]) => [key.toLowerCase(), value]),
      )
      // In the common word too, which any program knows.
      for (const name of ['title', 'artist', 'make', 'model', 'location'])
        if (wanted[name]) expect(tags[name]).toBe(wanted[name])
    }
}, 180_000)

test('a tag of any length is carried, in both directions', async () => {
  const host = await openHost(at)
  const long = 'x'.repeat(1_300_000)
  writeFileSync(join(at, 'long.txt'), `;FFMETADATA1\ncomment=${long}\n`)
  const from = ['-f', 'ffmetadata', '-i', 'long.txt', '-map', '0', '-map_metadata', '1']
  const inputs = [
    make(at, ...numbered(1), ...from, '-c:v', 'libx264', 'long.mkv'),
    make(at, ...numbered(1), ...from, '-c:v', 'mpeg4', 'long.mp4'),
  ]
  for (const [input, ending] of [
    [inputs[0], 'mov'],
    [inputs[1], 'mkv'],
    [inputs[0], 'mp4'],
  ] as const) {
    const { job, path } = await exported(host, at, input ?? '', { ending })
    expect(job.failure).toBeUndefined()
    expect(pictures(path)).toHaveLength(25)
    expect((await host.api.sources.open(path)).tags['comment']).toHaveLength(long.length)
  }
}, 120_000)

test('a range begins later on the same clock: the zone stays, and the day is that of its first picture', async () => {
  const host = await openHost(at)
  const late = { ...phone, 'com.apple.quicktime.creationdate': '2023-06-30T23:59:58+0900' }
  const film = make(
    at,
    ...[...numbered(4), '-c:v', 'libx264', '-movflags', 'use_metadata_tags', ...said(late), 'late.mov'],
  )
  const { path } = await exported(host, at, film, { range: [75, 100] })
  const tags = tagsOf(path)
  expect(tags['com.apple.quicktime.creationdate']).toBe('2023-07-01T00:00:01+09:00')
  expect(tags['date']).toBe('2023-07-01')
  expect(tags['creation_time']).toBe('2023-06-30T15:00:01.000000Z')
}, 60_000)

test('dates: the word that knows the zone is taken; a zone or none stays what it is', () => {
  expect(
    captureDate({ creation_time: '2023-06-30T23:15:00Z', DATE_RECORDED: '2023-07-01 08:15:00+09:00' }),
  ).toBe('2023-07-01T08:15:00+09:00')
  expect(captureDate({ creation_time: '2023-06-30T23:15:00Z', date: '2023-07-01' })).toBe(
    '2023-06-30T23:15:00Z',
  )
  expect(shiftDate('2019-12-31T23:59:59.500-05:00', 1)).toBe('2020-01-01T00:00:00.500-05:00')
  expect(shiftDate('2020-08-28', 10)).toBe('2020-08-28')
  // Only UTC is known: which day it was there is not. A day that the file says itself is kept.
  expect(writtenTags({}, '2023-06-30T23:15:00Z', 'mp4').tags).toEqual({})
  expect(writtenTags({ date: '2023-07-01' }, '2023-06-30T23:15:00Z', 'mp4').tags).toEqual({
    date: '2023-07-01',
  })
  expect(writtenTags({ date: '1994' }, undefined, 'mkv').muxer).toEqual({ date: '1994' })
})

test('what is of the file and not of the film is left out; the most exact word wins', () => {
  expect(
    readTags({
      ...{ major_brand: 'qt', encoder: 'Lavf', creation_time: '2023-06-30T23:15:00Z', handler_name: 'x' },
      ...{ location: '+35.66+139.75/', 'location-eng': '+35.66+139.75/' },
      ...{ 'com.apple.quicktime.location.ISO6709': '+35.6586+139.7454+012.000/' },
      ...{ 'com.android.version': '13', 'title-fra': 'La mer', DATE: '2001' },
    }),
  ).toEqual({
    location: '+35.6586+139.7454+012.000/',
    'com.android.version': '13',
    title: 'La mer',
    date: '2001',
  })
})

test('a backslash at the end of a tag or of a chapter title takes nothing of what follows it', async () => {
  const host = await openHost(at)
  const chapters = [0, 0.5].map(
    (from) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${1000 * from}\nEND=${1000 * from + 500}\n`,
  )
  writeFileSync(
    join(at, 'slash.txt'),
    `;FFMETADATA1\n${chapters[0]}title=One\\\\\0\n${chapters[1]}title=Two\n`,
  )
  const tags = { title: 'C:\\', artist: 'Großmutter\\\\', comment: 'a\\b = ;#\n\\' }
  const input = ['-i', 'slash.txt', '-map', '0', '-map_chapters', '1']
  for (const [codec, name, ending] of [
    ['mpeg4', 'slash.mkv', 'mkv'],
    ['libx264', 'slash.mp4', 'mov'],
    ['mjpeg', 'slash.mov', 'mkv'],
  ] as const) {
    const film = make(at, ...numbered(1), ...input, '-c:v', codec, ...said(tags), name)
    const { path, source } = await exported(host, at, film, { ending })
    expect(source.chapters.map(({ title }) => title)).toEqual(['One\\', 'Two'])
    const again = await host.api.sources.open(path)
    expect(again.tags).toEqual(source.tags)
    expect(again.tags['title']).toBe('C:\\')
    expect(again.tags['artist']).toBe('Großmutter\\\\')
    expect(again.chapters.map(({ title }) => title)).toEqual(['One\\', 'Two'])
  }
}, 120_000)

test("the tags of an Ogg's tracks are the film's, and its title is not one of the sound's", async () => {
  const host = await openHost(at)
  const tags = { title: 'Sommer 1998', artist: 'Mum', comment: 'by the sea' }
  for (const [sound, name, ending] of [
    [['libvorbis'], 'sommer.ogv', 'mp4'],
    [['libopus'], 'sommer.ogg', 'mkv'],
  ] as const) {
    const codecs = ['-c:v', 'libtheora', '-c:a', ...sound]
    const film = make(at, ...numbered(1), ...beeping(1), ...codecs, ...said(tags), name)
    const { path, source, after } = await exported(host, at, film, { ending })
    expect(source.tags).toMatchObject(tags)
    expect(source.audio[0]?.title).toBeUndefined()
    expect((await host.api.sources.open(path)).tags).toMatchObject(tags)
    expect(after.join('\n')).not.toMatch(/Lost|Not as/)
  }
}, 60_000)
