// A Keepsake file as a file: an ordinary film to everybody else, and what Heirloom says of its box, whole and damaged.
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { appendKeepsake, findKeepsake, mediaOf, readKeepsake } from '../../../electron/ffmpeg/keepsakeBox.js'
import type { FoundKeepsake } from '../../../electron/shared/media/keepsake/keepsake.js'
import { tool } from '../../engine/bundle.js'
import { make, openHost } from '../../formats/kit.js'
import { keepsakeFor } from '../../shared/media/keepsake/kit.js'
import { folder } from '../folder.js'

const at = folder()
let host: Host
let plain = ''
let kept = ''
const frames = 20

async function withBox(from: string, name: string): Promise<string> {
  const path = join(at, name)
  copyFileSync(from, path)
  await appendKeepsake(path, keepsakeFor(frames, await mediaOf(from)))
  return path
}

const mandelbrot = (start: string): string[] => [
  ...['-f', 'lavfi', '-i', `mandelbrot=size=64x48:rate=25:start_scale=${start}`, '-frames:v', String(frames)],
  ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
]

beforeAll(async () => {
  host = await openHost(at)
  plain = make(at, ...mandelbrot('2'), 'plain.mp4')
  kept = await withBox(plain, 'kept.mp4')
})

const sums = (path: string): string => tool('ffmpeg', ['-v', 'error', '-i', path, '-f', 'framemd5', '-'])
const check = async (path: string): Promise<FoundKeepsake> =>
  host.api.sources.checkKeepsake((await host.api.sources.open(path)).id)

test('the film decodes to the same bits with the box and without it, and says nothing else of itself', async () => {
  expect(sums(kept)).toBe(sums(plain))
  expect(
    sums(kept)
      .split('\n')
      .filter((line) => /^\d/.test(line)),
  ).toHaveLength(frames)
  const facts = ['-v', 'error', '-show_streams', '-show_entries', 'format=duration,nb_streams']
  expect(tool('ffprobe', [...facts, kept])).toBe(tool('ffprobe', [...facts, plain]))
  const [own, other] = [await host.api.sources.open(kept), await host.api.sources.open(plain)]
  expect(own.warnings).toEqual(other.warnings)
  const bytes = readFileSync(plain)
  expect(readFileSync(kept).subarray(0, bytes.length).equals(bytes)).toBe(true)
})

test('its box is found and belongs to the film', async () => {
  expect(await check(kept)).toMatchObject({ state: 'there', media: 'same', damages: [], info: { seed: 7 } })
  const { id } = await host.api.sources.open(kept)
  expect(await host.api.sources.keepsake(id)).toMatchObject({ state: 'there', media: 'sameLength' })
  expect(await readKeepsake(kept)).toMatchObject({ info: { seed: 7 } })
  expect(await check(plain)).toEqual({ state: 'none' })
})

test('another program that copies the film leaves the box out, and the film is whole', async () => {
  const copy = join(at, 'remuxed.mp4')
  tool('ffmpeg', ['-v', 'error', '-i', kept, '-c', 'copy', copy])
  expect(sums(copy)).toBe(sums(plain))
  expect(await check(copy)).toEqual({ state: 'none' })
})

test('a box of another film is not used', async () => {
  const other = make(at, ...mandelbrot('1'), 'other.mp4')
  const bytes = readFileSync(kept).subarray(readFileSync(plain).length)
  appendFileSync(other, bytes)
  expect(await check(other)).toMatchObject({ state: 'there', media: 'other', damages: [] })
  expect(await readKeepsake(other)).toBeUndefined()
})

test('a film that was changed in place is told, a title that was changed is not', async () => {
  const film = readFileSync(kept)
  const from = film.indexOf('mdat') + 4
  const picture = Buffer.from(film)
  picture[from + 700] = (picture[from + 700] ?? 0) ^ 1
  writeFileSync(join(at, 'picture.mp4'), picture)
  expect(await check(join(at, 'picture.mp4'))).toMatchObject({ media: 'other', damages: [] })
  const title = Buffer.from(film)
  title.write('AAAA', title.indexOf('Lavf'), 'latin1')
  writeFileSync(join(at, 'title.mp4'), title)
  expect(await check(join(at, 'title.mp4'))).toMatchObject({ media: 'same' })
})

test('a file that ends within the box plays, and says where it ends', async () => {
  const film = readFileSync(kept)
  writeFileSync(join(at, 'short.mp4'), film.subarray(0, film.length - 3))
  expect(sums(join(at, 'short.mp4'))).toBe(sums(plain))
  const found = await check(join(at, 'short.mp4'))
  expect(found).toMatchObject({ damages: [{ place: 'qntz', what: 'cutOff', to: film.length }] })
})

const box = (type: string, payload: Buffer, form: '32' | '64' | 'toTheEnd' = '32'): Buffer => {
  const head = Buffer.alloc(form === '64' ? 16 : 8)
  head.writeUInt32BE(form === '64' ? 1 : form === '32' ? 8 + payload.length : 0)
  head.write(type, 4, 'latin1')
  if (form === '64') head.writeBigUInt64BE(BigInt(16 + payload.length), 8)
  return Buffer.concat([head, payload])
}

test('boxes are walked by their headers: of 64 bits, to the end of the file, very many', async () => {
  const media = Buffer.from('pictures and sound')
  const many = Buffer.concat(Array.from({ length: 3000 }, () => box('free', Buffer.alloc(4))))
  const written = async (name: string, ...parts: Buffer[]): Promise<string> => {
    const path = join(at, name)
    writeFileSync(path, Buffer.concat(parts))
    await appendKeepsake(path, keepsakeFor(3, await mediaOf(path))).catch(() => undefined) // it reads back nothing
    return path
  }
  const look = (path: string): Promise<FoundKeepsake> => findKeepsake(path, { isWhole: true })
  const head = box('ftyp', Buffer.from('isom'))
  expect(await look(await written('64', head, box('mdat', media, '64')))).toMatchObject({ media: 'same' })
  expect(await look(await written('many', head, many, box('mdat', media), box('mdat', media)))).toMatchObject(
    {
      ...{ media: 'same', info: { base: { mediaBytes: 2 * media.length } } },
    },
  )
  // Whatever stands behind it is part of it.
  expect(await look(await written('end', head, box('mdat', media, 'toTheEnd')))).toEqual({ state: 'none' })
  expect(await look(await written('none', Buffer.from('no film at all')))).toEqual({ state: 'none' })
})
