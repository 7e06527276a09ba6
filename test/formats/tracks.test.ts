// Which tracks a file has and what they are: found however late they begin, told when they are empty, unknown or not the film.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { defaultEnhance } from '../../electron/shared/project.js'
import { inEnglish } from '../../electron/shared/sentences.js'
import type { Source } from '../../electron/shared/source.js'
import { folder } from '../app/folder.js'
import { beeping, beeps, exported, facts, make, numberOf, numbered, openHost, pictures } from './kit.js'

const at = folder()
const opened = async (path: string): Promise<Source> => probe(await findTools(), path)
const sizeOf = (path: string): string => {
  const stream = facts(path).streams.find(({ codec_type }) => codec_type === 'video')
  return `${stream?.width}x${stream?.height}`
}
const words = ({ warnings }: Source): string => warnings.map(inEnglish).join('\n')

test.each([
  ['late.ts', ['-c:v', 'mpeg2video', '-c:a', 'ac3']],
  ['late.mpg', ['-c:v', 'mpeg1video', '-c:a', 'mp2']],
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
    const source = await api.openSource(film)
    expect(source.films).toHaveLength(2)
    const [widths, lengths] = [
      [96, 128],
      [50, 75],
    ]
    const track = 1 - source.video.index
    expect(words(source)).toContain(`with --track in a terminal: ${track}.`)
    const other = await api.chooseFilm(source.id, track)
    expect([other.video.width, other.video.index]).toEqual([widths[track], track])
    expect(other.id).not.toBe(source.id)
    expect((await api.frameTable(other.id)).ticks).toHaveLength(lengths[track] ?? 0)
    expect((await api.chooseFilm(other.id, source.video.index)).id).toBe(source.id)
    await expect(api.chooseFilm(source.id, 7)).rejects.toThrow(/no film at track 7/)
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

test('fields are read as the container says where the codec cannot say it', async () => {
  const woven = 'testsrc2=s=96x64:r=50:d=1,format=yuv422p,tinterlace=mode=interleave_top'
  for (const [name, codec, order, found] of [
    ['huff.mkv', 'huffyuv', 'tt', 'tff'],
    ['raw.mov', 'rawvideo', 'bb', 'bff'],
  ]) {
    const field = ['-field_order', order ?? '', '-vf', 'setfield=prog']
    const film = make(at, '-f', 'lavfi', '-i', woven, ...field, '-c:v', codec ?? '', name ?? '')
    const source = await opened(film)
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

test('small and odd pictures keep their size at every scale, or what is added is said', async () => {
  const host = await openHost(at)
  for (const [name, size, codec, wanted, ...words] of [
    ['tiny.mkv', '14x10', ['ffv1'], '14x10'],
    ['tiny.avi', '8x40', ['rawvideo'], '8x40'],
    ['odd.mkv', '15x17', ['ffv1'], '16x18', /is 15x17. Films have even sizes: it becomes 16x18/],
    ['line.mkv', '1x20', ['ffv1'], '2x20', /it becomes 2x20/],
    ['turned.mp4', '8x20', ['mpeg4', '-q:v', '1'], '20x8'],
  ] as const) {
    const small = ['-vf', `scale=${size.replace('x', ':')},setsar=1`, '-c:v', ...codec]
    const stored = make(at, ...numbered(1), ...small, name)
    const film = name.startsWith('turned')
      ? make(at, '-i', name, '-c', 'copy', '-metadata:s:v', 'rotate=90', 'upright.mp4')
      : stored
    const { job, path, before, source, table } = await exported(host, at, film)
    expect([name, job.state]).toEqual([name, 'done'])
    const shown = pictures(path)
    expect([name, ...shown.map(({ luma }) => numberOf(luma))]).toEqual([name, ...Array(25).keys()])
    expect([name, sizeOf(path)]).toEqual([name, wanted])
    for (const word of words) expect(before.join()).toMatch(word)
    if (words.length === 0) expect(before.filter((note) => / 16x16|even sizes/.test(note))).toEqual([])
    const { body } = await host.serve({ kind: 'frame', sourceId: source.id, frame: 3 }, {})
    writeFileSync(join(at, 'frame.jpg'), body as Uint8Array)
    expect([name, sizeOf(join(at, 'frame.jpg'))]).toEqual([name, wanted])
    expect(table.ticks).toHaveLength(25)
  }
  const small = join(at, 'tiny.mkv')
  const h265 = await exported(host, at, small, { over: { codec: 'h265' } })
  expect(sizeOf(h265.path)).toBe('16x16')
  expect(h265.before.join()).toContain('H265 holds no picture under 16x16. The film becomes 16x16')
  const enhance = { ...defaultEnhance, scale: 2 as const }
  const larger = await exported(host, at, small, { range: [0, 3], enhance })
  expect([larger.job.state, sizeOf(larger.path)]).toEqual(['done', '28x20'])
  const av1 = await exported(host, at, small, { ending: 'mkv', over: { codec: 'av1' } })
  expect([av1.job.state, sizeOf(av1.path)]).toEqual(['done', '64x64'])
  expect(pictures(av1.path)).toHaveLength(25)
})

test('transparency that is not kept is said', async () => {
  const clear = ['-f', 'lavfi', '-i', 'color=red@0.5:s=96x64:d=1,format=yuva420p']
  expect(words(await opened(make(at, ...clear, '-c:v', 'libvpx-vp9', 'alpha.webm')))).toContain('transparent')
  expect(words(await opened(make(at, ...clear, '-c:v', 'png', 'alpha.mov')))).toContain('transparent')
})

test('a square stays a square when 4:3 goes over to 16:9, and the change is told', async () => {
  const square = (x: number, width: number, shape: string, from: number, name: string): Buffer =>
    readFileSync(
      make(
        at,
        ...['-f', 'lavfi', '-i'],
        `color=black:s=352x288:r=25:d=2,drawbox=x=${x}:y=88:w=${width}:h=112:color=white:t=fill`,
        ...['-aspect', shape, '-c:v', 'mpeg2video', '-q:v', '3', '-g', '12', '-bf', '0'],
        ...['-output_ts_offset', String(from), '-f', 'mpegts', name],
      ),
    )
  const halves = [square(120, 102, '4:3', 0, 'h1.ts'), square(138, 76, '16:9', 2, 'h2.ts')]
  writeFileSync(join(at, 'shapes.ts'), Buffer.concat(halves))
  const { path, before } = await exported(await openHost(at), at, join(at, 'shapes.ts'))
  expect(before.join()).toMatch(/shape of the picture changes .*00:00:0[23]/)
  const shown = pictures(path)
  const share = (luma: number | undefined): number => ((luma ?? NaN) - 16) / 219
  // The second square is shrunk by 3/4 both ways: 9/16 of the area.
  expect(share(shown.at(-10)?.luma) / share(shown[10]?.luma)).toBeCloseTo(9 / 16, 1)
})
