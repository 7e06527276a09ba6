// The report of an export: what stayed, what was meant to change, and what was lost are told apart, and nothing is left out.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { frameCount, tableOf } from '../../electron/shared/media/frameTable.js'
import { compare } from '../../electron/ffmpeg/report.js'
import { readWritten } from '../../electron/ffmpeg/written.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { makePlan } from '../../electron/shared/planning/plan.js'
import type { Report } from '../../electron/shared/contract/report.js'
import {
  type Message,
  type Words,
  inEnglish,
  message,
  wordsIn,
} from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import { ended, outputAt, projectOf } from '../app/hosting.js'
import { beeping, exported, facts, make, numbered, openHost } from './kit.js'

const at = folder()
writeFileSync(join(at, 'c.txt'), ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=All\n')
writeFileSync(join(at, 's.srt'), '1\n00:00:00,000 --> 00:00:01,000\nHi\n')

/** "sound track 1" -> [source, output, state] */
const rowsOf = (report: Report | undefined): Record<string, [string, string, string]> =>
  Object.fromEntries(
    (report ?? []).map(({ what, source, output, state }) => [
      inEnglish(what),
      [wordsIn('en', source), wordsIn('en', output), state],
    ]),
  )

const reasons = (report: Report | undefined, what: string): string[] =>
  (report ?? []).filter((row) => inEnglish(row.what) === what).flatMap(({ why }) => why.map(inEnglish))

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
    const rows = rowsOf(job.report)
    expect(Object.values(rows).filter(([, , state]) => state !== 'same')).toEqual([])
    expect(Object.keys(rows).sort()).toEqual(
      [
        ...['length', 'frames', 'size as shown', 'shape of pixels', 'turned for showing', 'kind of frames'],
        ...['coding of the picture', 'depth and detail of colour', 'colours', 'sound track 1', 'chapters'],
        ...['length of sound track 1', 'date of filming', 'title'],
      ].sort(),
    )
    expect(rows['title']).toEqual(['Sea', 'Sea', 'same'])
    expect(rows['sound track 1']?.[1]).toBe('AAC, mono, 48 kHz, German')
    expect(rows['length of sound track 1']?.[1]).toBe('2.0 s')
    expect(rows['date of filming']?.[1]).toBe('2020-05-05 10:00:00 UTC')
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
  const rows = rowsOf(job.report)
  expect(rows['length']).toEqual(['2.00 s', '1.00 s', 'planned'])
  expect(rows['frames']).toEqual(['50', '25', 'planned'])
  expect(reasons(job.report, 'length')).toEqual(['a part was chosen'])
  expect(rows['length of sound track 1']).toEqual(['2.0 s', '1.0 s', 'planned'])
  expect(reasons(job.report, 'length of sound track 1')).toEqual(['a part was chosen'])
  expect(rows['shape of pixels']).toEqual(['2:1', '1:1', 'planned'])
  expect(rows['size as shown']).toEqual(['192×64', '192×64', 'same'])
  expect(rows['coding of the picture']).toEqual(['FFV1', 'H.264', 'planned'])
  expect(rows['sound track 1']?.[2]).toBe('planned')
  expect(rows['other track']).toEqual(['subtitles (subrip)', '', 'planned'])
  expect(before.join('\n')).toContain('subtitles (subrip)')
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
    ...[...numbered(2), ...beeping(2), ...from, ...coded],
    ...['-vf', 'setparams=color_primaries=bt709', '-color_primaries', 'bt709', 'whole.mp4'],
  )
  const part = make(
    at,
    ...['-i', 'whole.mp4', '-map', '0:v', '-map', '0:a:0', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-c', 'copy', '-bsf:v', 'h264_metadata=colour_primaries=6', 'poorer.mp4'],
  )
  const source = await probe(tools, film)
  const ticks = Array.from({ length: 50 }, (_, i) => i * 512)
  const frames = tableOf({ timeBase: source.video.timeBase, ticks, lastTicks: 512, start: 0, keyFrames: [0] })
  const { clips } = projectOf(source, 50)
  const plan = makePlan(clips, [{ source, table: frames }])
  const kept = { [source.id]: source.audio.map(({ index }) => index) }
  const { heard } = await readWritten(tools, part)
  const wanted = { chapters: source.chapters, tags: source.tags, date: undefined, kept, told: [], heard }
  const { report, notes } = await compare(tools, part, plan, outputAt(part), wanted)
  const lost = Object.entries(rowsOf(report)).filter(([, [, , state]]) => state === 'lost')
  expect(lost.map(([what]) => what).sort()).toEqual(
    ['chapters', 'colours', 'sound track 1', 'sound track 2', 'title'].sort(),
  )
  const words = notes.map(inEnglish)
  expect(words).toContain('Lost from the original: title ("Sea").')
  expect(words).toContain('Lost from the original: chapters ("1: All (0:00.0-0:02.0)").')
  expect(words).toHaveLength(5)
}, 60_000)

test('a length that nobody explains is named as a difference, one that is known is explained', async () => {
  const tools = await findTools()
  const film = make(at, ...numbered(2), '-c:v', 'libx264', 'two.mp4')
  const source = await probe(tools, film)
  const ticks = Array.from({ length: 50 }, (_, i) => i * 512)
  const table = tableOf({ timeBase: source.video.timeBase, ticks, lastTicks: 512, start: 0, keyFrames: [0] })
  const wanted = { chapters: [], tags: {}, date: undefined, kept: {}, told: [] }
  const short = make(at, ...numbered(1), '-c:v', 'libx264', 'one.mp4')
  const lengthOf = async (film_: typeof source, part: string, notes: Message[] = []): Promise<string[]> => {
    const known = { ...table, ...(notes.length > 0 ? { notes } : {}) }
    const plan = makePlan(projectOf(film_, 50).clips, [{ source: film_, table: known }])
    const { heard } = await readWritten(tools, part)
    const { report } = await compare(tools, part, plan, outputAt(part), { ...wanted, heard })
    return [...(rowsOf(report)['length'] ?? []), ...reasons(report, 'length')]
  }
  // The finished film is not as long as it should be.
  expect(await lengthOf(source, short)).toEqual(['2.00 s', '1.00 s', 'lost'])
  // The source says another length than its pictures have, and nobody knows why.
  const longer = { ...source, durationSeconds: 3 }
  expect(await lengthOf(longer, film)).toEqual(['3.00 s', '2.00 s', 'lost'])
  const last = message('noteLastPicture', { name: source.name, seconds: 1 })
  expect(await lengthOf(longer, film, [last])).toEqual([
    ...['3.00 s', '2.00 s', 'planned', 'its last frame is shown for one usual step'],
  ])
  // FLV counts its clock, a damaged WMV nothing.
  const flv = { ...source, container: 'flv', startSeconds: 0.5, durationSeconds: 2.5 }
  expect(await lengthOf(flv, film)).toEqual(['2.00 s', '2.00 s', 'same'])
  expect(await lengthOf({ ...source, durationSeconds: 0 }, film)).toEqual(['', '2.00 s', 'planned'])
  // Times begin behind what cannot be shown.
  const begins = message('noteBeginsLate', { name: source.name, seconds: '1', count: 25 })
  expect(await lengthOf(source, film, [begins])).toEqual([
    ...['3.00 s', '2.00 s', 'planned', 'its first frames cannot be shown'],
  ])
}, 60_000)

test('a film of several sources is laid beside all of them: shape, tracks, tags, chapters', async () => {
  const host = await openHost(at)
  const named = (...words: string[]): string[] => ['-metadata', 'artist=Mum', ...words]
  const first = make(
    at,
    ...[...numbered(1), ...beeping(1), '-i', 'c.txt', '-map', '0', '-map', '1', '-map_chapters', '2'],
    ...named('-metadata', 'title=Sea', '-metadata:s:a:0', 'language=deu'),
    ...['-c:v', 'libx264', '-c:a', 'aac', 'several-1.mp4'],
  )
  const second = make(
    at,
    ...[...numbered(1), ...beeping(1), ...beeping(1, 500), '-map', '0', '-map', '1', '-map', '2'],
    ...named('-metadata', 'title=Hills', '-metadata:s:a:0', 'language=jpn'),
    ...['-c:v', 'mpeg4', '-c:a', 'ac3', 'several-2.mkv'],
  )
  const path = join(at, 'several.mp4')
  const clips = []
  for (const film of [first, second]) {
    const source = await host.api.sources.open(film)
    clips.push(projectOf(source, frameCount(await host.api.sources.frameTable(source.id))))
  }
  const project = {
    sources: clips.flatMap(({ sources }) => sources),
    clips: clips.flatMap(({ clips }, i) => clips.map((clip) => ({ ...clip, id: `c${i}` }))),
  }
  const job = await ended(host, await host.api.render.export({ project, output: outputAt(path) }))
  expect(job.failure).toBeUndefined()
  const rows = rowsOf(job.report)
  expect(rows['length']).toEqual(['2.00 s', '2.00 s', 'same'])
  expect(rows['frames']).toEqual(['50', '50', 'same'])
  expect(rows['coding of the picture']).toEqual(['H.264, MPEG-4', 'H.264', 'planned'])
  expect(rows['size as shown']).toEqual(['96×64', '96×64', 'same'])
  expect(rows['sound track 1 of "several-1.mp4"']).toEqual([
    ...['AAC, mono, 48 kHz, German', 'AAC, mono, 48 kHz, unknown language', 'planned'],
  ])
  expect(rows['sound track 1 of "several-2.mkv"']?.[0]).toBe('AC-3, mono, 48 kHz, Japanese, played first')
  expect(rows['sound track 2 of "several-2.mkv"']?.slice(1)).toEqual(['', 'planned'])
  expect(rows['length of sound track 1']?.[1]).toBe('2.0 s')
  expect(rows['chapters']).toEqual(['1: All (0:00.0-0:02.0)', '1: All (0:00.0-0:01.0)', 'planned'])
  expect(rows['artist']).toEqual(['Mum', 'Mum', 'same'])
  expect(rows['title']).toEqual(['Sea, Hills', '', 'planned'])
  expect(Object.values(rows).filter(([, , state]) => state === 'lost')).toEqual([])
}, 60_000)

test('languages are said by their names in both languages, and none is said as unknown', () => {
  const words: Words = [
    { language: 'deu' },
    { language: 'ger' },
    { language: 'und' },
    { language: 'sve' },
    { language: '??' },
  ]
  expect(wordsIn('en', words)).toBe('German, German, unknown language, Swedish, ??')
  expect(wordsIn('ja', words)).toBe('ドイツ語、ドイツ語、言語不明、スウェーデン語、??')
})

test('chapters are laid side by side with their times: the same, cut, moved by a range, and wrong', async () => {
  const host = await openHost(at)
  const tools = await findTools()
  const text = [0, 0.6, 1.2].map((start, i) => {
    const end = [0.6, 1.2, 2][i] ?? 2
    return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${1000 * start}\nEND=${1000 * end}\ntitle=C${i}\n`
  })
  writeFileSync(join(at, 'three.txt'), `;FFMETADATA1\n${text.join('')}`)
  for (const [name, ending, ...codecs] of [
    ['three.mp4', 'mkv', '-c:v', 'libx264', '-c:a', 'aac', '-ar', '8000'],
    ['three.mkv', 'mp4', '-c:v', 'ffv1', '-c:a', 'flac'],
    ['three.mov', 'mov', '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'],
  ] as const) {
    const film = make(
      at,
      ...[...numbered(2), ...beeping(2), '-i', 'three.txt', '-map', '0', '-map', '1', '-map_chapters', '2'],
      ...[...codecs, name],
    )
    const all = '3: C0 (0:00.0-0:00.6), C1 (0:00.6-0:01.2), C2 (0:01.2-0:02.0)'
    const whole = await exported(host, at, film, { ending })
    expect(rowsOf(whole.job.report)['chapters']).toEqual([all, all, 'same'])
    const part = await exported(host, at, film, { ending, range: [20, 40] }) // 0.8 s to 1.6 s
    expect(rowsOf(part.job.report)['chapters']).toEqual([
      all,
      '2: C1 (0:00.0-0:00.4), C2 (0:00.4-0:00.8)',
      'planned',
    ])
    expect(reasons(part.job.report, 'chapters')).toEqual(['a part was chosen'])
    // The same titles at other places are another thing.
    const source = await probe(tools, film)
    const moved = source.chapters.map((chapter, i) => (i === 1 ? { ...chapter, from: 0.9 } : chapter))
    const plan = makePlan(projectOf(source, 50, { from: 0, to: 50 }).clips, [{ source, table: whole.table }])
    const { heard } = await readWritten(tools, whole.path)
    const wanted = { chapters: moved, tags: {}, date: undefined, kept: {}, told: [], heard }
    const wrong = await compare(tools, whole.path, plan, outputAt(whole.path, { container: ending }), wanted)
    expect(rowsOf(wrong.report)['chapters']?.[2]).toBe('same') // beside the source
    const other = { ...source, chapters: moved }
    const lost = makePlan(projectOf(other, 50, { from: 0, to: 50 }).clips, [
      { source: other, table: whole.table },
    ])
    const told = await compare(tools, whole.path, lost, outputAt(whole.path, { container: ending }), wanted)
    expect(rowsOf(told.report)['chapters']?.[2]).toBe('lost')
  }
}, 120_000)

test('the timecode of a tape is named beforehand and in the report, in whatever way the container keeps it', async () => {
  const host = await openHost(at)
  for (const film of [
    make(
      at,
      ...['-f', 'lavfi', '-i', 'color=gray:s=720x480:r=30000/1001:d=0.4', '-pix_fmt', 'yuv411p'],
      ...['-timecode', '01:02:03;04', 'tape.dv'],
    ),
    make(at, ...numbered(1), '-c:v', 'mpeg4', '-timecode', '01:02:03;04', '-r', '30000/1001', 'tape.mov'),
    make(at, ...numbered(1), '-c:v', 'ffv1', '-metadata', 'timecode=01:02:03;04', 'tape.mkv'),
  ]) {
    const { job, before } = await exported(host, at, film, { ending: 'mov' })
    const told = 'timecode of the tape (from 01:02:03;04)'
    expect(rowsOf(job.report)['other track']).toEqual([told, '', 'planned'])
    expect(before.filter((note) => note.includes(told))).toHaveLength(1)
  }
}, 60_000)
