// The size and the shape of pictures: small, odd, and such that change on the way. What is shown keeps its shape, what is added is said.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { wordsIn } from '../../electron/shared/words/sentences.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { folder } from '../app/folder.js'
import { exported, facts, make, numberOf, numbered, openHost, pictures } from './kit.js'
import { turn } from './turn.js'

const at = folder()

const sizeOf = (path: string): string => {
  const stream = facts(path).streams.find(({ codec_type }) => codec_type === 'video')
  return `${stream?.width}x${stream?.height}`
}

test('small and odd pictures keep their size at every scale, or what is added is said', async () => {
  const host = await openHost(at)
  for (const [name, size, codec, wanted, ...words] of [
    ['tiny.mkv', '14x10', ['ffv1'], '14x10'],
    ['tiny.avi', '8x40', ['rawvideo'], '8x40'],
    ['odd.mkv', '15x17', ['ffv1'], '16x18', /is 15×17. Films have even sizes: it becomes 16×18/],
    ['line.mkv', '1x20', ['ffv1'], '2x20', /it becomes 2×20/],
    ['turned.mp4', '8x20', ['mpeg4', '-q:v', '1'], '20x8'],
  ] as const) {
    const small = ['-vf', `scale=${size.replace('x', ':')},setsar=1`, '-c:v', ...codec]
    const stored = make(at, ...numbered(1), ...small, name)
    const film = name.startsWith('turned')
      ? turn(make(at, '-i', name, '-c', 'copy', 'upright.mp4'), 90)
      : stored
    const { job, path, before, source, table } = await exported(host, at, film)
    expect([name, job.state]).toEqual([name, 'done'])
    const shown = pictures(path)
    expect([name, ...shown.map(({ luma }) => numberOf(luma))]).toEqual([name, ...Array(25).keys()])
    expect([name, sizeOf(path)]).toEqual([name, wanted])
    for (const word of words) expect(before.join()).toMatch(word)
    if (words.length === 0) expect(before.filter((note) => / 16×16|even sizes/.test(note))).toEqual([])
    const { body } = await host.serve({ kind: 'frame', sourceId: source.id, frame: 3 }, {})
    writeFileSync(join(at, 'frame.jpg'), body as Uint8Array)
    expect([name, sizeOf(join(at, 'frame.jpg'))]).toEqual([name, wanted])
    expect(frameCount(table)).toBe(25)
  }
  const small = join(at, 'tiny.mkv')
  const h265 = await exported(host, at, small, { over: { codec: 'h265' } })
  expect(sizeOf(h265.path)).toBe('16x16')
  expect(h265.before.join()).toContain('H265 holds no picture under 16×16. The film becomes 16×16')
  const enhance = { ...defaultEnhance, scale: 2 as const }
  const larger = await exported(host, at, small, { range: [0, 3], enhance })
  expect([larger.job.state, sizeOf(larger.path)]).toEqual(['done', '28x20'])
  const av1 = await exported(host, at, small, { ending: 'mkv', over: { codec: 'av1' } })
  expect([av1.job.state, sizeOf(av1.path)]).toEqual(['done', '64x64'])
  for (const size of ['2x2', '4x2', '2x4', '16x2']) {
    const line = make(
      at,
      ...numbered(0.2),
      '-vf',
      `scale=${size.replace('x', ':')},setsar=1`,
      '-c:v',
      'rawvideo',
      `${size}.avi`,
    )
    const ffv1 = await exported(host, at, line, { ending: 'mkv', over: { codec: 'ffv1' } })
    expect([size, ffv1.job.state, sizeOf(ffv1.path)]).toEqual([size, 'done', size])
  }
  expect(pictures(av1.path)).toHaveLength(25)
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
  // The second square is shrunk by 3/4 both ways: 9/16 of the area. An ffmpeg that misses the change leaves it as narrow as it is stored.
  const isMissed = before.join().includes('does not notice')
  expect(isMissed).toBe(Number((await findTools()).version.split('.')[0]) >= 7)
  const area = isMissed ? 76 / 102 : 9 / 16
  expect(share(shown.at(-10)?.luma) / share(shown[10]?.luma)).toBeCloseTo(area, 1)
})

/** A second of 96x64 and a second of 96x96, the second half fitted into the first size: a third of it is black. */
const lumaIn = (luma: number, isFitted: boolean): number => (isFitted ? (3 * luma - 16) / 2 : luma)

const first = numbered(1)
const second = numbered(1, 25, '96x96')
const joinedBytes = (name: string, ...words: string[]): string => {
  const parts = [make(at, ...first, ...words, `1-${name}`), make(at, ...second, ...words, `2-${name}`)]
  writeFileSync(join(at, name), Buffer.concat(parts.map((part) => readFileSync(part))))
  return join(at, name)
}
const joinedPackets = (name: string, ...words: string[]): string => {
  make(at, ...first, ...words, `1-${name}`)
  make(at, ...second, ...words, `2-${name}`)
  writeFileSync(join(at, 'parts.txt'), `file 1-${name}\nfile 2-${name}\n`)
  return make(at, '-f', 'concat', '-i', 'parts.txt', '-c', 'copy', name)
}
const inOneStream = (name: string, codec: string): string => {
  joinedBytes('raw.h264', '-c:v', 'libx264', '-bf', '0', '-bsf:v', 'dump_extra')
  return make(at, '-r', '25', '-i', 'raw.h264', '-c', 'copy', ...codec.split(' '), name)
}

test.each([
  [
    'recordings joined in MPEG-TS',
    () => joinedBytes('a.ts', '-c:v', 'libx264', '-f', 'mpegts'),
    /begin at 0:01/,
  ],
  [
    'recordings joined in MPEG-PS',
    () => joinedBytes('a.vob', '-c:v', 'mpeg2video', '-q:v', '2', '-f', 'vob'),
    /begin at 0:01/,
  ],
  ['H.264 in one stream of MPEG-TS', () => inOneStream('b.ts', '-f mpegts'), /00:00:01/],
  ['H.264 in Matroska', () => inOneStream('b.mkv', '-f matroska'), /00:00:01/],
  ['VP8 in WebM', () => joinedPackets('c.webm', '-c:v', 'libvpx', '-b:v', '2M'), /00:00:01/],
  ['VP9 in WebM', () => joinedPackets('d.webm', '-c:v', 'libvpx-vp9', '-b:v', '2M'), /00:00:01/],
  ['MJPEG in AVI', () => joinedPackets('e.avi', '-c:v', 'mjpeg', '-q:v', '2'), /00:00:01/],
])('another size on the way is fitted into the first, told with its place: %s', async (_, film, place) => {
  const { job, path, before } = await exported(await openHost(at), at, film())
  expect(job.state).toBe('done')
  expect(sizeOf(path)).toBe('96x64')
  const shown = pictures(path).map(({ luma }, i) => numberOf(lumaIn(luma, i >= 25)))
  expect(shown).toEqual([...Array(25).keys(), ...Array(25).keys()])
  expect(before.filter((note) => /another size or shape|size or the shape/.test(note))).toEqual([
    expect.stringMatching(place),
  ])
})

/** The matrix by which a player turns or mirrors pictures of 96x64, in every track of an MP4 or MOV that has a picture. */
function shownBy(path: string, target: string, [a, b, c, d, x, y]: readonly number[]): string {
  const bytes = readFileSync(path)
  for (let at = bytes.indexOf('tkhd'); at > 0; at = bytes.indexOf('tkhd', at + 4)) {
    const matrix = at + 44
    if (bytes.readUInt32BE(matrix + 36) === 0) continue // no width
    const numbers = [a, b, 0, c, d, 0, x, y].map((n = 0) => n * 65536)
    numbers.forEach((number, i) => bytes.writeInt32BE(number, matrix + 4 * i))
  }
  writeFileSync(target, bytes)
  return target
}

/** Luma of the corners of the first picture as players show it: above left and right, below left and right. */
function corners(path: string): number[] {
  const args = ['-v', 'error', '-i', path, '-frames:v', '1', '-vf', 'scale=4:4:flags=area,format=gray']
  const found = spawnSync('ffmpeg', [...args, '-f', 'rawvideo', '-']).stdout
  return [0, 3, 12, 15].map((i) => found[i] ?? NaN)
}

test('mirrored pictures come out as players show them, whatever their codec, and the report says so', async () => {
  const host = await openHost(at)
  const lit = 'color=gray:s=96x64:r=25:d=0.4,format=yuv420p,geq=lum=60+X+Y:cb=128:cr=128'
  const aside = [-1, 0, 0, 1, 96, 0]
  const over = [1, 0, 0, -1, 0, 64]
  for (const [name, matrix, words, ...codec] of [
    ['h265.mp4', aside, '0°, mirrored', '-c:v', 'libx265', '-x265-params', 'log-level=0'],
    ['vp9.mp4', over, '180°, mirrored', '-c:v', 'libvpx-vp9'],
    ['ffv1.mov', aside, '0°, mirrored', '-c:v', 'ffv1'],
  ] as const) {
    const stored = make(at, '-f', 'lavfi', '-i', lit, ...codec, name)
    const film = shownBy(stored, join(at, `mirrored-${name}`), matrix)
    const { job, path } = await exported(host, at, film, { ending: 'mkv' })
    const wanted = corners(film)
    expect(wanted).not.toEqual(corners(stored))
    corners(path).forEach((luma, i) => expect(Math.abs(luma - (wanted[i] ?? NaN))).toBeLessThan(6))
    const row = job.report?.find(({ what }) => what.key === 'reportTurn')
    expect([name, wordsIn('en', row?.source ?? []), row?.state]).toEqual([name, words, 'planned'])
  }
})
