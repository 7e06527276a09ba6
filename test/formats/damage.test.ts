// Files that were mutilated: holes, pieces cut out, doubled, an end that is missing. What is gone is told with its place, and of a
// whole film, in whatever container and however it was made, nothing of the kind is ever said.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../../electron/ffmpeg/decode.js'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { durationOf, frameCount, ticksIn } from '../../electron/shared/media/frameTable.js'
import { runsOf } from '../../electron/shared/media/runs.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { type Tools, findTools } from '../../electron/ffmpeg/resolve.js'
import { type Message, inEnglish } from '../../electron/shared/words/sentences.js'
import type { FrameTable, Source } from '../../electron/shared/media/source.js'
import { tool } from '../engine/bundle.js'
import { folder } from '../app/folder.js'
import { exported, make, openHost, pictures } from './kit.js'

const at = folder()
let tools: Tools
beforeAll(async () => {
  tools = await findTools()
})

const moving = (seconds: number, size = '160x112'): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${seconds},noise=alls=20:allf=t`],
  ...['-f', 'lavfi', '-i', `sine=f=600:r=48000:d=${seconds}`],
]
const avc = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '24', '-pix_fmt', 'yuv420p']
const vpx = ['-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']

/** By the name of the file: how it is made. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  'h264.mp4': [...avc, '-c:a', 'aac'],
  'pieces.mp4': [...avc, '-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov'],
  'mjpeg.mov': ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'],
  'h264.mkv': [...avc, '-c:a', 'aac'],
  'open.mkv': ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'ac3'],
  'vp8.webm': ['-c:v', 'libvpx', '-g', '24', ...vpx],
  'vp9.webm': ['-c:v', 'libvpx-vp9', '-g', '24', ...vpx],
  'mpeg4.avi': ['-c:v', 'mpeg4', '-bf', '2', '-c:a', 'libmp3lame'],
  'mjpeg.avi': ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'],
  'h264.flv': [...avc, '-c:a', 'aac'],
  'flv1.flv': ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100'],
  'wmv2.wmv': ['-c:v', 'wmv2', '-c:a', 'wmav2'],
  'h264.ts': [...avc, '-c:a', 'aac'],
  'mpeg2.ts': ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2'],
  'h264.m2ts': [...avc, '-c:a', 'aac', '-mpegts_m2ts_mode', '1'],
  'mpeg2.mpg': ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2', '-f', 'mpeg'],
  'mpeg2.vob': ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'ac3', '-f', 'vob'],
  'raw.dv': ['-vf', 'scale=720:576', '-pix_fmt', 'yuv420p', '-c:v', 'dvvideo', '-ar', '48000', '-ac', '2'],
  'mpeg2.mxf': ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'pcm_s16le', '-ar', '48000'],
  'theora.ogv': ['-c:v', 'libtheora', '-c:a', 'libvorbis'],
  'mpeg4.3gp': ['-c:v', 'mpeg4', '-c:a', 'aac'],
  'h264.nut': [...avc, '-c:a', 'libmp3lame'],
}

const madeFilms = new Map<string, string>()

/** Four seconds of moving picture, made once. */
function film(name: string): string {
  const made = madeFilms.get(name) ?? make(at, ...moving(4), ...(kinds[name] ?? []), name)
  madeFilms.set(name, made)
  return made
}

/** What says that something is missing or damaged. */
const ofLoss = new Set([
  ...['noteTruncated', 'noteDamagedAt', 'noteHoles', 'noteShorter', 'noteLastPicture', 'noteUnread'],
  ...['noteDisorder', 'noteEndsInPacket', 'noteEmpty'],
  ...['noteIndexTimeless', 'noteIndexStops', 'noteIndexLeads', 'noteIndexEmpty', 'noteIndexSound'],
])

interface Look {
  source: Source
  table: FrameTable
  losses: Message[]
}

async function look(path: string): Promise<Look> {
  const source = await probe(tools, path)
  const table = await frameTable(tools, source)
  const notes = [...source.warnings, ...(table.notes ?? [])]
  return { source, table, losses: notes.filter(({ key }) => ofLoss.has(key)) }
}

describe('of a whole film nothing is said to be missing', () => {
  test.each(Object.keys(kinds))('%s', async (name) => {
    const { source, table, losses } = await look(film(name))
    expect(losses).toEqual([])
    expect(frameCount(table)).toBe(name.endsWith('.dv') ? 200 : 100) // its fields, where it is woven
    const { frames, reading } = decode(tools, source, { table, from: 0, to: frameCount(table) })
    for await (const { frame } of frames) expect(frame).toBeLessThan(frameCount(table))
    expect(reading).toEqual({ gaps: [], isDamaged: false, damaged: [], surplus: 0, hasReadError: false })
  })
})

/** Cut without encoding, sent through a pipe (no lengths are written then), with a picture that is held, shorter than its sound. */
const odd: Readonly<Record<string, (name: string) => string>> = {
  'cut.mkv': (name) => make(at, '-ss', '1.3', '-i', film('h264.mkv'), '-t', '2', '-c', 'copy', name),
  'cut.ts': (name) => make(at, '-ss', '1.3', '-i', film('h264.ts'), '-t', '2', '-c', 'copy', name),
  'cut.nut': (name) => make(at, '-ss', '1.3', '-i', film('h264.nut'), '-t', '2', '-c', 'copy', name),
  'cut.flv': (name) => make(at, '-ss', '1.3', '-i', film('h264.flv'), '-t', '2', '-c', 'copy', name),
  'live.webm': (name) => make(at, '-i', film('vp8.webm'), '-c', 'copy', '-live', '1', name),
  'piped.flv': (name) => piped(film('h264.flv'), 'flv', name),
  'piped.wmv': (name) => piped(film('wmv2.wmv'), 'asf', name),
  'piped.avi': (name) => piped(film('mpeg4.avi'), 'avi', name),
  'held.mkv': (name) => held(name, avc, 'aac'),
  'held.wmv': (name) => held(name, ['-c:v', 'wmv2'], 'wmav2'),
  'held.mpg': (name) => held(name, ['-c:v', 'mpeg2video', '-f', 'mpeg'], 'mp2'),
  'sound.mkv': (name) => make(at, ...moving(2), '-af', 'apad=whole_dur=5', ...avc, '-c:a', 'aac', name),
  'sound.flv': (name) => make(at, ...moving(2), '-af', 'apad=whole_dur=5', ...avc, '-c:a', 'aac', name),
  'joined.ts': (name) => joined(['h264.ts', 'h264.ts'], name),
}

function piped(input: string, format: string, name: string): string {
  const path = join(at, name)
  writeFileSync(
    path,
    spawnSync('ffmpeg', ['-v', 'error', '-i', input, '-c', 'copy', '-f', format, '-']).stdout,
  )
  return path
}

/** The picture of 2 s is shown until 4.04 s; the sound goes on. */
const held = (name: string, codec: readonly string[], sound: string): string =>
  make(
    at,
    ...moving(6),
    '-vf',
    'select=lt(n\\,50)+gt(n\\,100)',
    '-vsync',
    'vfr',
    ...codec,
    '-c:a',
    sound,
    name,
  )

function joined(names: readonly string[], name: string): string {
  const path = join(at, name)
  writeFileSync(path, Buffer.concat(names.map((one) => readFileSync(film(one)))))
  return path
}

test.each(Object.entries(odd))('nor of %s, which is whole too', async (name, makeIt) => {
  expect((await look(makeIt(name))).losses).toEqual([])
})

type Harm = 'zeroed' | 'cut out' | 'doubled' | 'swapped' | 'cut off'

/** What is harmed lies between 40 and 50 % of the bytes; swapped with what lies between 60 and 70 %; cut off at 60 %. */
function harmed(data: Buffer, harm: Harm): Buffer {
  const at = (share: number): number => Math.floor(data.length * share)
  const piece = (from: number, to: number): Buffer => data.subarray(at(from), at(to))
  switch (harm) {
    case 'zeroed':
      return Buffer.concat([piece(0, 0.4), Buffer.alloc(at(0.5) - at(0.4)), piece(0.5, 1)])
    case 'cut out':
      return Buffer.concat([piece(0, 0.4), piece(0.5, 1)])
    case 'doubled':
      return Buffer.concat([piece(0, 0.5), piece(0.4, 1)])
    case 'swapped':
      return Buffer.concat([piece(0, 0.4), piece(0.6, 0.7), piece(0.5, 0.6), piece(0.4, 0.5), piece(0.7, 1)])
    case 'cut off':
      return piece(0, 0.6)
  }
}

/** Seconds of the picture whose packet lies at this share of the whole file. */
function timeAt(path: string, share: number): number {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'packet=dts_time,pos',
    '-of',
    'csv=p=0',
  ]
  const packets = tool('ffprobe', [...args, path])
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .filter(([time = NaN, position = NaN]) => !Number.isNaN(time + position))
  const place = readFileSync(path).length * share
  const [start = 0] = packets[0] ?? []
  return (packets.find(([, position = 0]) => position >= place)?.[0] ?? 4) - start
}

const seconds = (text: string): number => {
  const [minutes, rest] = text.split(':').map(Number)
  return 60 * (minutes ?? 0) + (rest ?? 0)
}

/** The stretches that a sentence names, in seconds. */
const stretches = (note: Message): { from: number; to: number }[] =>
  [...inEnglish(note).matchAll(/([\d:.]+)-([\d:.]+)/g)].map(([, from = '', to = '']) => ({
    from: seconds(from),
    to: seconds(to),
  }))

const harmedKinds = [
  ...['h264.mkv', 'open.mkv', 'vp8.webm', 'mjpeg.avi', 'h264.flv', 'flv1.flv', 'wmv2.wmv', 'h264.ts'],
  ...['mpeg2.mpg', 'theora.ogv', 'h264.nut'],
]
const harms: Harm[] = ['zeroed', 'cut out']
const cases = [
  ...harmedKinds.flatMap((name) => harms.map((harm): [string, Harm] => [name, harm])),
  ...['h264.mkv', 'mjpeg.avi', 'h264.flv', 'theora.ogv'].map((name): [string, Harm] => [name, 'doubled']),
  ...['h264.mkv', 'vp8.webm', 'flv1.flv', 'h264.ts'].map((name): [string, Harm] => [name, 'swapped']),
]

test.each(cases)('%s with a piece %s: told where', async (name, harm) => {
  const whole = film(name)
  const path = join(at, `${harm}-${name}`)
  writeFileSync(path, harmed(readFileSync(whole), harm))
  const { losses } = await look(path)
  const [from, to] = [timeAt(whole, 0.4) - 1, timeAt(whole, harm === 'swapped' ? 0.7 : 0.5) + 1]
  const told = losses.flatMap(stretches)
  expect(
    told.some((place) => place.from < to && place.to > from),
    `${losses.map(inEnglish).join(' ')} between ${from} and ${to}`,
  ).toBe(true)
  if (harm !== 'swapped') for (const place of told) expect(place.to - place.from).toBeLessThan(2.5)
})

const endings = [
  'h264.mkv',
  'vp8.webm',
  'mjpeg.avi',
  'h264.flv',
  'wmv2.wmv',
  'theora.ogv',
  'mpeg2.mxf',
  'pieces.mp4',
]

test.each(endings)('%s whose end is missing: told, and its last picture is not held', async (name) => {
  const path = join(at, `end-${name}`)
  writeFileSync(path, harmed(readFileSync(film(name)), 'cut off'))
  const { losses, table } = await look(path)
  expect(losses.map(({ key }) => key)).toContain('noteTruncated')
  expect(Math.abs(durationOf(table) - frameCount(table) / 25)).toBeLessThan(0.2) // some before the cut need others behind it
})

test.each(['h264.mkv', 'wmv2.wmv', 'mpeg4.avi'])(
  '%s with bits flipped: the decoder tells near where',
  async (name) => {
    const data = Buffer.from(readFileSync(film(name)))
    for (let i = 0; i < 20; i++) data[Math.floor(data.length * (0.45 + i / 400))]! ^= 1 << (i % 8)
    const path = join(at, `flipped-${name}`)
    writeFileSync(path, data)
    const { source, table } = await look(path)
    const to = frameCount(table)
    const { frames, reading } = decode(tools, source, { table, from: 0, to })
    for await (const { frame } of frames) expect(frame).toBeLessThan(to)
    const [from, until] = [timeAt(film(name), 0.45) - 0.5, timeAt(film(name), 0.5) + 0.5]
    const places = [...reading.damaged, ...reading.gaps].map((place) => ({
      from: place.from / 25,
      to: place.to / 25,
    }))
    expect(
      places.some((place) => place.from < until && place.to > from),
      JSON.stringify({ places, from, until }),
    ).toBe(true)
  },
)

test('a kept list of pictures that does not fit the file is noticed and made anew', async () => {
  const input = film('h264.mkv')
  const first = await openHost(at)
  const { id } = await first.api.sources.open(input)
  await first.api.sources.frameTable(id)
  const tables = join(at, 'cache', 'tables')
  for (const name of readdirSync(tables)) {
    const table = JSON.parse(readFileSync(join(tables, name), 'utf8')) as FrameTable
    table.frames = runsOf(ticksIn(table, 0, 60))
    writeFileSync(join(tables, name), JSON.stringify(table))
  }
  const second = await openHost(at)
  const stale = await exported(second, at, input)
  expect(frameCount(stale.table)).toBe(60)
  expect(stale.job.failure?.message).toContain('does not fit the file')
  const anew = await exported(second, at, input)
  expect(anew.job.failure?.message).toBeUndefined()
  expect(pictures(anew.path)).toHaveLength(100)
}, 120_000)

describe('what stands behind the last picture that can be read is told', () => {
  test('the pieces of an MP4 behind a hole', async () => {
    const data = readFileSync(film('pieces.mp4'))
    const hole = data.length / 2
    const path = join(at, 'hole-pieces.mp4')
    writeFileSync(path, Buffer.concat([data.subarray(0, hole), data.subarray(hole + data.length / 20)]))
    const { table, losses } = await look(path)
    expect([frameCount(table) < 100, losses.map(({ key }) => key)]).toEqual([
      true,
      expect.arrayContaining(['noteUnread']),
    ])
  })

  test('one wrong time in a whole MKV does not make it shorter', async () => {
    const path = make(
      ...[at, '-i', film('h264.mkv'), '-c', 'copy'],
      ...['-bsf:v', 'setts=pts=if(eq(N\\,30)\\,PTS+500000\\,PTS):dts=DTS', 'far.mkv'],
    )
    expect((await look(path)).losses).toEqual([])
  })
})
