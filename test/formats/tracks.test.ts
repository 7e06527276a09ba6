// Which tracks a file has and what they are: found however late they begin, told when they are empty, unknown or not the film.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { inEnglish } from '../../electron/shared/words/sentences.js'
import type { Source } from '../../electron/shared/media/source.js'
import { folder } from '../app/folder.js'
import { beeping, beeps, exported, make, numbered, openHost, pictures } from './kit.js'

const at = folder()
const opened = async (path: string): Promise<Source> => probe(await findTools(), path)
const words = ({ warnings }: Source): string => warnings.map(inEnglish).join('\n')

test.each([
  ['late.ts', ['-c:v', 'mpeg2video', '-c:a', 'ac3']],
  ['late.mpg', ['-c:v', 'mpeg1video', '-c:a', 'mp2']],
  ['late.vob', ['-c:v', 'mpeg2video', '-c:a', 'ac3']],
])('sound that begins long after the picture is found: %s', async (name, codecs) => {
  const sound = ['-itsoffset', '12', ...beeping(3)]
  const film = make(at, ...numbered(15, 25), ...sound, '-map', '0', '-map', '1', ...codecs, name)
  const { audio } = await opened(film)
  expect(audio).toMatchObject([{ channels: 1, sampleRate: 48000 }])
  const { path } = await exported(await openHost(at), at, film)
  const first = pictures(path)[0]?.at ?? NaN
  for (const [i, { from }] of beeps(path).entries())
    expect(Math.abs(from - first - 12 - i)).toBeLessThan(0.05)
  expect(beeps(path)).toHaveLength(3)
})

test('a picture that stands still is no film, however large and marked as the one to show', async () => {
  make(at, '-f', 'lavfi', '-i', 'color=red:s=600x900', '-frames:v', '1', 'poster.jpg')
  for (const [name, ...codecs] of [
    ['cover.mp4', '-c:v:0', 'libx264', '-c:a', 'aac'],
    ['cover.mkv', '-c:v:0', 'mpeg4', '-c:a', 'flac'],
  ]) {
    const streams = ['-map', '0', '-map', '1', '-map', '2', '-c:v:1', 'copy', '-disposition:v:1', 'default']
    const inputs = [...numbered(2), ...beeping(2), '-i', 'poster.jpg']
    const source = await opened(make(at, ...inputs, ...streams, ...codecs, name ?? ''))
    expect(source.video).toMatchObject({ width: 96, height: 64 })
    expect(source.films).toBeUndefined()
  }
})

test('of several films one is taken, that is said, and another can be chosen', async () => {
  const { api } = await openHost(at)
  for (const [name, codec] of [
    ['two.mkv', 'libx264'],
    ['two.mp4', 'mpeg4'],
  ] as const) {
    const films = ['-map', '0', '-map', '1', '-c:v', codec]
    const film = make(at, ...numbered(2), ...numbered(3, 25, '128x96'), ...films, name)
    const source = await api.sources.open(film)
    expect(source.films).toHaveLength(2)
    const [widths, lengths] = [
      [96, 128],
      [50, 75],
    ]
    const track = 1 - source.video.index
    expect(words(source)).toContain(`with --track in a terminal: ${track}.`)
    const other = await api.sources.chooseFilm(source.id, track)
    expect([other.video.width, other.video.index]).toEqual([widths[track], track])
    expect(other.id).not.toBe(source.id)
    expect(frameCount(await api.sources.frameTable(other.id))).toBe(lengths[track] ?? 0)
    expect((await api.sources.chooseFilm(other.id, source.video.index)).id).toBe(source.id)
    await expect(api.sources.chooseFilm(source.id, 7)).rejects.toThrow(/no film at track 7/)
  }
})

test('a sound track that was never written is left out and said', async () => {
  for (const [name, ...codecs] of [
    ['muted.webm', '-c:v', 'libvpx', '-c:a', 'libopus'],
    ['muted.mkv', '-c:v', 'libx264', '-c:a', 'aac'],
  ]) {
    const whole = make(at, ...numbered(2), ...beeping(2), ...codecs, `whole-${name}`)
    const film = make(at, '-i', whole, '-map', '0', '-c', 'copy', '-bsf:a', 'noise=drop=1', name ?? '')
    const source = await opened(film)
    expect(source.audio).toEqual([])
    expect(words(source)).toContain('no sound was ever written')
    const { job, path } = await exported(await openHost(at), at, film)
    expect([job.state, pictures(path).length]).toEqual(['done', 50])
  }
})

test('a sound track of an unknown kind is left out and said by its name', async () => {
  for (const ending of ['mov', 'mp4']) {
    const tracks = [
      '-map',
      '0',
      '-map',
      '1',
      '-map',
      '2',
      '-c:v',
      'libx264',
      '-c:a:0',
      'aac',
      '-c:a:1',
      'alac',
    ]
    const known = make(at, ...numbered(2), ...beeping(2), ...beeping(2, 500), ...tracks, `known.${ending}`)
    const path = join(at, `apac.${ending}`)
    writeFileSync(path, readFileSync(known, 'latin1').replaceAll('alac', 'apac'), 'latin1')
    const source = await opened(path)
    expect(source.audio).toHaveLength(1)
    expect(words(source)).toMatch(/Sound track 2 .*\(apac\) cannot be read/)
  }
})

/** Fields stored one after the other, as the container says: ffmpeg itself says only of woven ones which is first. */
function apart(film: string): string {
  const bytes = readFileSync(film)
  const at = film.endsWith('mkv')
    ? bytes.indexOf(Buffer.from([0x9d, 0x81])) + 2 // FieldOrder, of one byte
    : bytes.indexOf('fiel') + 5 // behind the number of fields
  bytes[at] = { 9: 1, 14: 6 }[bytes[at] ?? 0] ?? NaN
  writeFileSync(film, bytes)
  return film
}

test('fields are read as the container says where the codec cannot say it', async () => {
  const woven = 'testsrc2=s=96x64:r=50:d=1,format=yuv422p,tinterlace=mode=interleave_top'
  for (const [name, codec, found] of [
    ['huff.mkv', 'huffyuv', 'tff'],
    ['raw.mov', 'rawvideo', 'bff'],
  ] as const) {
    const film = make(at, '-f', 'lavfi', '-i', woven, '-vf', `setfield=${found}`, '-c:v', codec, name)
    const source = await opened(apart(film))
    expect([name, source.video.fieldOrder]).toEqual([name, found])
    if (codec === 'huffyuv') expect(words(source)).toContain('container says so') // raw pictures are marked by their reader
  }
})

test('an encrypted film is called encrypted, not damaged', async () => {
  const key = [
    '-encryption_key',
    '76a6c65c5ea762046bd749a2e632ccbb',
    '-encryption_kid',
    'a7e61c373e219033c21091fa607bf3b8',
  ]
  const film = make(
    at,
    ...[...numbered(2), '-c:v', 'libx264', '-encryption_scheme', 'cenc-aes-ctr', ...key, 'locked.mp4'],
  )
  await expect(opened(film)).rejects.toThrow(/is encrypted/)
  const clear = readFileSync(make(at, ...numbered(2), '-c:v', 'mpeg2video', 'clear.ts'))
  // As a broadcaster does: the packets of the picture are marked and cannot be read.
  for (let packet = 0; packet + 188 <= clear.length; packet += 188) {
    if ((((clear[packet + 1] ?? 0) & 0x1f) << 8) + (clear[packet + 2] ?? 0) !== 0x100) continue
    clear[packet + 3] = (clear[packet + 3] ?? 0) | 0xc0
    for (let i = packet + 4; i < packet + 188; i++) clear[i] = (clear[i] ?? 0) ^ 0x5a
  }
  writeFileSync(join(at, 'locked.ts'), clear)
  await expect(opened(join(at, 'locked.ts'))).rejects.toThrow(/is encrypted/)
})

test('transparency that is not kept is said', async () => {
  const clear = ['-f', 'lavfi', '-i', 'color=red@0.5:s=96x64:d=1,format=yuva420p']
  expect(words(await opened(make(at, ...clear, '-c:v', 'libvpx-vp9', 'alpha.webm')))).toContain('transparent')
  expect(words(await opened(make(at, ...clear, '-c:v', 'png', 'alpha.mov')))).toContain('transparent')
})
