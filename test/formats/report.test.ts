// The report of an export: what stayed, what was meant to change, and what was lost are told apart, and nothing is left out.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compare } from '../../electron/ffmpeg/report.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { makePlan } from '../../electron/shared/plan.js'
import type { Report } from '../../electron/shared/report.js'
import { inEnglish } from '../../electron/shared/sentences.js'
import { folder } from '../app/folder.js'
import { outputAt, projectOf } from '../app/hosting.js'
import { beeping, exported, facts, make, numbered, openHost } from './kit.js'

const at = folder()
writeFileSync(join(at, 'c.txt'), ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=All\n')
writeFileSync(join(at, 's.srt'), '1\n00:00:00,000 --> 00:00:01,000\nHi\n')

/** "sound track 1" -> [source, output, state] */
const table = (report: Report | undefined): Record<string, [string, string, string]> =>
  Object.fromEntries(
    (report ?? []).map(({ what, source, output, state }) => [inEnglish(what), [source, output, state]]),
  )

test('an untouched export is the same in all things, and says so of each, in every container', async () => {
  const host = await openHost(at)
  const said = ['-metadata', 'title=Sea', '-metadata', 'creation_time=2020-05-05T10:00:00Z']
  const film = make(
    at,
    ...[
      ...numbered(2),
      ...beeping(2),
      '-i',
      'c.txt',
      '-map',
      '0',
      '-map',
      '1',
      '-map_chapters',
      '2',
      ...said,
    ],
    ...['-c:v', 'libx264', '-c:a', 'aac', '-metadata:s:a:0', 'language=deu', 'same.mp4'],
  )
  for (const ending of ['mp4', 'mov', 'mkv'] as const) {
    const { job, path, after } = await exported(host, at, film, { ending })
    expect(job.failure).toBeUndefined()
    const rows = table(job.report)
    expect(Object.values(rows).filter(([, , state]) => state !== 'same')).toEqual([])
    expect(Object.keys(rows).sort()).toEqual(
      [
        ...['length', 'pictures', 'size as shown', 'shape of pixels', 'turned for showing', 'fields'],
        ...['codec of the picture', 'depth and colour detail', 'colours', 'sound track 1', 'chapters'],
        ...['date of filming', 'tag "title"'],
      ].sort(),
    )
    expect(rows['tag "title"']).toEqual(['Sea', 'Sea', 'same'])
    expect(rows['sound track 1']?.[1]).toMatch(/^aac, 1 × 48000 Hz, (deu|ger), default$/)
    expect(after.join('\n')).not.toMatch(/Lost|Not as/)
    expect(Number(facts(path).format.duration)).toBeCloseTo(2, 1)
  }
}, 120_000)

test('what was chosen or is told beforehand is shown as such', async () => {
  const host = await openHost(at)
  const film = make(
    at,
    ...[...numbered(2), ...beeping(2), '-i', 's.srt', '-map', '0', '-map', '1', '-map', '2'],
    ...['-vf', 'setsar=2/1', '-c:v', 'ffv1', '-c:a', 'flac', '-c:s', 'srt', 'wide.mkv'],
  )
  const { job, before } = await exported(host, at, film, { range: [10, 35] })
  const rows = table(job.report)
  expect(rows['length']).toEqual(['2.000 s', '1.000 s', 'planned'])
  expect(rows['shape of pixels']).toEqual(['2:1', '1:1', 'planned'])
  expect(rows['size as shown']).toEqual(['192x64', '192x64', 'same'])
  expect(rows['codec of the picture']).toEqual(['ffv1', 'h264', 'planned'])
  expect(rows['sound track 1']?.[2]).toBe('planned')
  expect(rows['other track']).toEqual(['subtitle subrip', '', 'planned'])
  expect(before.join('\n')).toContain('subtitle subrip')
}, 60_000)

test('what is lost without a reason is found and told: a track, a tag, a language, a chapter, colours', async () => {
  const tools = await findTools()
  const from = ['-i', 'c.txt', '-map', '0', '-map', '1', '-map', '1', '-map_chapters', '2']
  const coded = [
    '-c:v',
    'libx264',
    '-c:a',
    'aac',
    '-metadata:s:a:0',
    'language=deu',
    '-metadata',
    'title=Sea',
  ]
  const film = make(
    at,
    ...[...numbered(2), ...beeping(2), ...from, ...coded, '-color_primaries', 'bt709', 'whole.mp4'],
  )
  const part = make(
    at,
    ...['-i', 'whole.mp4', '-map', '0:v', '-map', '0:a:0', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-c', 'copy', '-bsf:v', 'h264_metadata=colour_primaries=6', 'poorer.mp4'],
  )
  const source = await probe(tools, film)
  const ticks = Array.from({ length: 50 }, (_, i) => i * 512)
  const frames = { timeBase: source.video.timeBase, ticks, lastTicks: 512, start: 0, keyFrames: [0] }
  const { clips } = projectOf(source, 50)
  const plan = makePlan(clips, [{ source, table: frames }])
  const wanted = { chapters: source.chapters, tags: source.tags, date: undefined }
  const { report, notes } = await compare(tools, part, plan, outputAt(part), wanted)
  const lost = Object.entries(table(report)).filter(([, [, , state]]) => state === 'lost')
  expect(lost.map(([what]) => what).sort()).toEqual(
    ['chapters', 'colours', 'sound track 1', 'sound track 2', 'tag "title"'].sort(),
  )
  const words = notes.map(inEnglish)
  expect(words).toContain('Lost from the original: tag "title" ("Sea").')
  expect(words).toContain('Lost from the original: chapters ("1: All").')
  expect(words).toHaveLength(5)
}, 60_000)
