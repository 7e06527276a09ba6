// Streams that may be cut anywhere, and were: pieces of them twice or in the wrong order, packets missing, an end in the middle of a
// packet. Told before any work, and the film keeps its length.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { type Tools, findTools } from '../../electron/ffmpeg/resolve.js'
import { durationOf, frameCount } from '../../electron/shared/media/frameTable.js'
import { type Message, inEnglish } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import { make } from './kit.js'

const at = folder()
let tools: Tools
beforeAll(async () => {
  tools = await findTools()
})

const codecs: Readonly<Record<string, readonly string[]>> = {
  ts: ['-c:v', 'libx264', '-g', '25', '-bf', '2', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
  m2ts: ['-c:v', 'libx264', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-mpegts_m2ts_mode', '1'],
  mpg: ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2'],
}

/** Three seconds of moving picture. */
const film = (ending: string): Buffer =>
  readFileSync(
    make(
      ...[at, '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=3', '-f', 'lavfi', '-i', 'sine=d=3'],
      ...[...(codecs[ending] ?? []), `whole.${ending}`],
    ),
  )

interface Look {
  seconds: number
  pictures: number
  notes: Message[]
}

async function look(name: string, data: Buffer): Promise<Look> {
  const path = join(at, name)
  writeFileSync(path, data)
  const source = await probe(tools, path)
  const table = await frameTable(tools, source)
  const notes = [...source.warnings, ...(table.notes ?? [])]
  return { seconds: durationOf(table), pictures: frameCount(table), notes }
}

const keys = ({ notes }: Look): string[] => notes.map(({ key }) => key)
const words = ({ notes }: Look): string => notes.map(inEnglish).join('\n')

describe.each(['ts', 'm2ts', 'mpg'])('%s', (ending) => {
  test('two pieces exchanged: the film keeps its length, and where it was is told', async () => {
    const data = film(ending)
    const piece = (from: number, to: number): Buffer =>
      data.subarray(Math.floor(data.length * from), Math.floor(data.length * to))
    const parts = [piece(0, 0.45), piece(0.7, 0.75), piece(0.5, 0.7), piece(0.45, 0.5), piece(0.75, 1)]
    const seen = await look(`exchanged.${ending}`, Buffer.concat(parts))
    expect(seen.seconds).toBeCloseTo(3, 1)
    expect(seen.pictures).toBeGreaterThan(60)
    expect(words(seen)).toMatch(/damaged at 0:01.*twice or in the wrong order/)
  })

  test('a piece twice', async () => {
    const data = film(ending)
    const [from, to] = [0.45, 0.5].map((share) => Math.floor(data.length * share))
    const seen = await look(`twice.${ending}`, Buffer.concat([data.subarray(0, to), data.subarray(from)]))
    expect(seen.seconds).toBeCloseTo(3, 1)
    expect(words(seen)).toMatch(/damaged at 0:01.*twice or in the wrong order/)
    expect(keys(seen)).not.toContain('noteTimesReplaced')
  })

  test('an end in the middle of a packet; other bytes behind a whole film are none', async () => {
    const data = film(ending)
    const packets = Math.floor((data.length * 0.6) / 192 / 188) * 192 * 188
    expect(keys(await look(`cut.${ending}`, data.subarray(0, packets + 100)))).toContain('noteEndsInPacket')
    expect(keys(await look(`all.${ending}`, data))).toEqual([])
    const more = Buffer.alloc(3000, 'some other thing')
    expect(keys(await look(`more.${ending}`, Buffer.concat([data, more])))).toEqual([])
  })
})

test('a long stretch without pictures and without sound is told with its place and its length', async () => {
  make(
    at,
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=96x64:d=3',
    '-f',
    'lavfi',
    '-i',
    'sine=d=3',
    ...(codecs['ts'] ?? []),
    'a.mkv',
  )
  const later = 'PTS+if(gt(N\\,40)\\,30000\\,0)'
  const late = `setts=pts=${later}:dts=${later.replace('PTS', 'DTS')}`
  const path = make(at, '-i', 'a.mkv', '-c', 'copy', '-bsf:v', late, 'hole.mkv')
  const seen = await look('same.mkv', readFileSync(path))
  expect(words(seen)).toMatch(/^From 0:03\.0 on .* neither frames nor sound for 28\.\d s/m)
})

/** Without so many packets of the picture in a row, from this one on: their counter comes round to the same number. */
function withoutPackets(data: Buffer, from: number, count: number): Buffer {
  const packets = Array.from({ length: data.length / 188 }, (_, i) => data.subarray(188 * i, 188 * (i + 1)))
  let seen = 0
  return Buffer.concat(
    packets.filter((packet) => {
      const isPicture = (packet.readUInt16BE(1) & 0x1fff) === 0x100
      if (isPicture) seen++
      return !isPicture || seen < from || seen >= from + count
    }),
  )
}

describe('sixteen packets of the picture are missing, which no counter shows', () => {
  test.each([
    ['H.264', codecs['ts'] ?? []],
    ['MPEG-2', ['-s', '96x64', '-c:v', 'mpeg2video', '-b:v', '60k', '-bf', '2', '-g', '12', '-c:a', 'mp2']],
  ])('%s', async (_, codec) => {
    const moving = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4']
    const data = readFileSync(make(at, ...moving, ...codec, 'counted.ts'))
    const seen = await look('sixteen.ts', withoutPackets(data, 150, 16))
    expect(words(seen)).toMatch(/is damaged at 0:0[0-3].*frames? (is|are) missing there/)
  })

  test('a picture that is held while the sound goes on is none of that', async () => {
    const moving = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4']
    const skip = ['-vf', 'select=lt(n\\,40)+gt(n\\,46)', '-vsync', 'vfr']
    const data = readFileSync(make(at, ...moving, ...skip, ...(codecs['ts'] ?? []), 'held.ts'))
    expect(keys(await look('held2.ts', data))).toEqual([])
  })
})
