// Chapters: the film reads whole with them, and they come out at their places, cut and moved with what is kept.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import { ended, outputAt, projectOf } from '../app/hosting.js'
import { beeping, exported, facts, make, numberOf, numbered, openHost, pictures } from './kit.js'

const at = folder()

/** An input of ffmpeg's that holds nothing but chapters: [title, from, to] in seconds. */
function chapterFile(name: string, chapters: readonly (readonly [string, number, number])[]): string {
  const text = chapters.map(
    ([title, from, to]) =>
      `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${1000 * from}\nEND=${1000 * to}\ntitle=${title}\n`,
  )
  writeFileSync(join(at, name), `;FFMETADATA1\n${text.join('')}`)
  return name
}

const film = (name: string, chapters: string, ...codecs: string[]): string =>
  make(
    at,
    ...[...numbered(3), ...beeping(3), '-f', 'ffmetadata', '-i', chapters],
    ...['-map', '0:v', '-map', '1:a', '-map_chapters', '2', ...codecs, name],
  )

/** Counted from the first picture to half a picture: MKV has no times before 0, so its first one is shown some ms later. */
function chaptersOf(path: string): [string, number, number][] {
  const start = pictures(path)[0]?.at ?? NaN
  expect(start).toBeLessThan(0.025)
  const near = (seconds: string): number => Math.round(100 * Number(seconds)) / 100
  return facts(path).chapters.map(({ start_time, end_time, tags }) => [
    tags?.['title'] ?? '',
    near(start_time),
    near(end_time),
  ])
}

const three = chapterFile('three.txt', [
  ['One', 0, 1],
  ['二つ目; of = three', 1, 2.2],
  ['Three', 2.2, 3],
])
const wanted = [
  ['One', 0, 1],
  ['二つ目; of = three', 1, 2.2],
  ['Three', 2.2, 3],
]
const all = Array.from({ length: 75 }, (_, i) => i % 32)

test('every kind of file with chapters exports whole, with its chapters, in every container', async () => {
  const host = await openHost(at)
  const inputs = [
    film('h264.mp4', three, '-c:v', 'libx264', '-c:a', 'aac'),
    film('mjpeg.mov', three, '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'),
    film('ffv1.mkv', three, '-c:v', 'ffv1', '-c:a', 'flac'),
    make(at, '-i', 'h264.mp4', '-map', '0:v', '-map', '0:a', '-c', 'copy', 'moved.mkv'), // its picture begins at 21 ms
    film('vp8.webm', three, '-c:v', 'libvpx', '-c:a', 'libvorbis'),
  ]
  for (const [i, input] of inputs.entries()) {
    const ending = (['mkv', 'mp4', 'mov', 'mp4'] as const)[i] ?? 'mp4'
    const { job, path, before, after } = await exported(host, at, input, { ending })
    expect(job.failure).toBeUndefined()
    expect(pictures(path).map(({ luma }) => numberOf(luma))).toEqual(all)
    expect(chaptersOf(path)).toEqual(wanted)
    // The track that QuickTime keeps chapter titles in is not something that is lost.
    expect([...before, ...after].join('\n')).not.toMatch(/not (kept|carried)/i)
  }
}, 120_000)

test('a range takes the part of each chapter that it holds, from its own 0 on', async () => {
  const host = await openHost(at)
  const input = film('ranged.mp4', three, '-c:v', 'libx264', '-c:a', 'aac')
  const late = film('late.mkv', chapterFile('late.txt', [['Late', 0.4, 3]]), '-c:v', 'mpeg4', '-c:a', 'flac')
  expect(chaptersOf((await exported(host, at, late, { ending: 'mov' })).path)).toEqual([
    ['', 0, 0.4], // MOV has no gap before the first chapter
    ['Late', 0.4, 3],
  ])
  const { path } = await exported(host, at, input, { ending: 'mkv', range: [35, 65] }) // 1.4 s to 2.6 s
  expect(chaptersOf(path)).toEqual([
    ['二つ目; of = three', 0, 0.8],
    ['Three', 0.8, 1.2],
  ])
}, 60_000)

test('a film of several clips has the chapters of each at their new places', async () => {
  const host = await openHost(at)
  const input = film('clips.mov', three, '-c:v', 'libx264', '-c:a', 'aac')
  const other = film('other.mkv', chapterFile('one.txt', [['Last', 0.4, 2]]), '-c:v', 'ffv1', '-c:a', 'flac')
  const [source, second] = [await host.api.sources.open(input), await host.api.sources.open(other)]
  const project = projectOf(source, 75, { from: 0, to: 75 })
  const [clip] = project.clips
  if (!clip) throw new Error('no clip')
  const path = join(at, 'several.mp4')
  const id = await host.api.render.export({
    project: {
      ...project,
      sources: [...project.sources, ...projectOf(second, 75).sources],
      clips: [
        { ...clip, id: 'a', from: 50, to: 75 }, // 2 s to 3 s
        { ...clip, id: 'b', from: 0, to: 20 }, // 0 s to 0.8 s
        { ...clip, id: 'c', sourceId: second.id, from: 0, to: 25 },
      ],
    },
    output: outputAt(path),
  })
  const job = await ended(host, id)
  expect(job.failure).toBeUndefined()
  expect(chaptersOf(path)).toEqual([
    ['二つ目; of = three', 0, 0.2],
    ['Three', 0.2, 1],
    ['One', 1, 2.2], // in MP4 a chapter lasts until the next one
    ['Last', 2.2, 2.8],
  ])
}, 60_000)

test('chapters that begin after the last picture are left out, and told beforehand and afterwards', async () => {
  const host = await openHost(at)
  const beyond = chapterFile('beyond.txt', [
    ['One', 0, 3],
    ['After', 5, 6],
  ])
  for (const [name, ending, ...codecs] of [
    ['beyond.mkv', 'mp4', '-c:v', 'ffv1', '-c:a', 'flac'],
    ['beyond.webm', 'mkv', '-c:v', 'libvpx', '-c:a', 'libopus'],
  ] as const) {
    const { path, before, after } = await exported(host, at, film(name, beyond, ...codecs), { ending })
    expect(chaptersOf(path).map(([title]) => title)).toEqual(['One'])
    const told = `"${name}" has chapters that begin after its last frame. They are left out (1): After (0:05).`
    expect(before.filter((sentence) => sentence === told)).toHaveLength(1)
    expect(after.filter((sentence) => sentence === told)).toHaveLength(1)
  }
}, 60_000)
