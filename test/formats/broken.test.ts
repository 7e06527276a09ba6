// Files that cannot be opened as films: what is said of them is true. Damaged films are not called something else, photos are no films.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../../electron/ffmpeg/probe.js'
import { type Tools, findTools } from '../../electron/ffmpeg/resolve.js'
import { folder } from '../app/folder.js'
import { exported, make, numbered, beeping, openHost } from './kit.js'

const at = folder()
let tools: Tools
beforeAll(async () => {
  tools = await findTools()
})

const codecs: Readonly<Record<string, readonly string[]>> = {
  mp4: ['-c:v', 'libx264', '-c:a', 'aac'],
  mkv: ['-c:v', 'libx264', '-c:a', 'aac'],
  flv: ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100'],
  wmv: ['-c:v', 'wmv2', '-c:a', 'wmav2'],
  ogv: ['-c:v', 'libtheora', '-c:a', 'libvorbis'],
  mxf: ['-c:v', 'mpeg2video', '-c:a', 'pcm_s16le'],
}

/** Two seconds, with bytes taken out: from one share of the file to another. */
function without(ending: string, from: number, to: number): string {
  const film = make(at, ...numbered(2), ...beeping(2), ...(codecs[ending] ?? []), `whole.${ending}`)
  const data = readFileSync(film)
  const path = join(at, `broken-${from}.${ending}`)
  const [start, end] = [from, to].map((share) => Math.floor(data.length * share))
  writeFileSync(path, Buffer.concat([data.subarray(0, start), data.subarray(end)]))
  return path
}

const sentence = (path: string): Promise<string> =>
  probe(tools, path).then(
    ({ name }) => `opened "${name}"`,
    (error: unknown) => (error as Error).message,
  )

describe('a film whose head is missing is called a damaged film', () => {
  test.each([
    ['mkv', 'Matroska'],
    ['mp4', 'MP4'],
    ['flv', 'FLV'],
    ['wmv', 'WMV'],
    ['ogv', 'Ogg'],
  ])('%s', async (ending, kind) => {
    const said = await sentence(without(ending, 0, 0.08))
    expect(said).toContain(`is a film (${kind}`)
    expect(said).toContain('damaged')
  })

  test('an MXF of which a piece is there twice', async () => {
    const data = readFileSync(make(at, ...numbered(2), ...beeping(2), ...(codecs['mxf'] ?? []), 'whole.mxf'))
    const [from, to] = [0.4, 0.5].map((share) => Math.floor(data.length * share))
    const path = join(at, 'twice.mxf')
    writeFileSync(path, Buffer.concat([data.subarray(0, to), data.subarray(from)]))
    expect(await sentence(path)).toContain('is a film (MXF)')
  })
})

test('an AVI without its head gives pictures only, which is said', async () => {
  const film = make(at, ...numbered(2), ...beeping(2), '-c:v', 'mpeg4', '-c:a', 'mp2', 'whole.avi')
  const data = readFileSync(film)
  const path = join(at, 'headless.avi')
  writeFileSync(path, data.subarray(data.indexOf('LIST', 300)))
  const { warnings } = await probe(tools, path)
  expect(warnings.map(({ key }) => key)).toContain('noteHeadless')
})

test('an MP4 whose index is there, but further up than its head says', async () => {
  expect(await sentence(without('mp4', 0.4, 0.45))).toContain('its index is there')
  expect(await sentence(without('mp4', 0.6, 1))).toContain('its index is missing')
})

test.each([
  ['noise.avi', Buffer.alloc(5000, 171)],
  ['letter.mkv', Buffer.from('Dear all,\n'.repeat(400))],
])('%s is no film at all', async (name, data) => {
  writeFileSync(join(at, name), data)
  expect(await sentence(join(at, name))).toContain('is not a video that can be read')
})

test('films in an archive do not make a film of it', async () => {
  const path = join(at, 'films.zip')
  const film = readFileSync(make(at, ...numbered(1), '-c:v', 'libx264', 'inside.mkv'))
  writeFileSync(path, Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0'), film]))
  expect(await sentence(path)).not.toContain('is a film')
})

test('a GIF is called a GIF, and what Heirloom opens is said', async () => {
  const said = await sentence(make(at, ...numbered(1), '-frames:v', '1', 'still.gif'))
  expect(said).toMatch(/is a GIF.*photos \(JPEG, PNG/)
})

test('a photo is not exported as a film', async () => {
  const photo = make(at, ...numbered(1), '-frames:v', '1', 'photo.jpg')
  const host = await openHost(at)
  await expect(exported(host, at, photo)).rejects.toThrow(/is a photo, not a film/)
})
