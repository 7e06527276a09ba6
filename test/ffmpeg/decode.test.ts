// Decoding: the frames of the table, from any number on, upright and square, with nothing about their colours changed.
import { frameCount, ticksIn, ticksOf } from '../../electron/shared/media/frameTable.js'
import { message } from '../../electron/shared/words/sentences.js'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { turn } from '../formats/turn.js'
import { decode } from '../../electron/ffmpeg/decode.js'
import { doubled } from '../../electron/ffmpeg/frameTable.js'
import {
  footage,
  frameHashes,
  hasFootage,
  hash,
  make,
  moving,
  open,
  plainFrames,
  tools,
  workFolder,
} from './clips.js'

const folder = workFolder()

const clips: [name: string, command: string][] = [
  ['bframes.mp4', `${moving('64x48', '30000/1001', 2)} -c:v libx264 -g 20 -bf 3 -pix_fmt yuv420p`],
  [
    'open-gop.ts',
    `${moving('64x48', '25', 2)} -c:v libx264 -g 12 -bf 3 -x264-params open-gop=1 -pix_fmt yuv420p`,
  ],
  [
    'vfr.mkv',
    `${moving('64x48', '30', 2)} -vf select=not(eq(mod(n\\,7)\\,3)) -fps_mode vfr -c:v libx264 -g 10 -pix_fmt yuv420p`,
  ],
  [
    'tape.mpg',
    `${moving('96x64', '50', 1)} -vf interlace=scan=tff,setsar=16/15 -c:v mpeg2video -g 6 -bf 2 -flags +ildct+ilme -top 1 -pix_fmt yuv420p`,
  ],
  ['digicam.avi', `${moving('64x48', '15', 2)} -c:v mjpeg -pix_fmt yuvj422p`],
  ['divx.avi', `${moving('64x48', '25', 2)} -c:v mpeg4 -bf 2 -g 12`],
]

test.each(clips)(
  '%s: any frame reached by seeking is the one that reading from the start gives',
  async (name, command) => {
    const opened = await open(make(folder, name, command))
    const all = await frameHashes(opened)
    expect(all).toHaveLength(frameCount(opened.table))
    expect(ticksIn(opened.table).every((tick, i) => i === 0 || tick > ticksOf(opened.table, i - 1))).toBe(
      true,
    )
    for (const from of [1, 13, Math.floor(all.length / 2), all.length - 1]) {
      const to = Math.min(all.length, from + 3)
      expect(await frameHashes(opened, from, to), `from ${from}`).toEqual(all.slice(from, to))
    }
  },
)

test('frames are exactly those of a plain decode', async () => {
  const path = join(folder, 'bframes.mp4')
  const plain = plainFrames(path, '-pix_fmt yuv420p', 64 * 48 * 1.5).map(hash)
  expect(await frameHashes(await open(path))).toEqual(plain)
})

test('a variable rate keeps its gaps', async () => {
  const { table } = await open(join(folder, 'vfr.mkv'))
  const steps = new Set(
    ticksIn(table)
      .slice(1)
      .map((tick, i) => Math.round((tick - ticksOf(table, i)) / 33.4)),
  )
  expect(steps).toEqual(new Set([1, 2]))
})

test('interlaced video gives one frame per field', async () => {
  const { source, table } = await open(join(folder, 'tape.mpg'))
  expect(source.video.fieldOrder).toBe('tff')
  expect(frameCount(table)).toBe(50)
  expect(
    new Set(
      ticksIn(table)
        .slice(1)
        .map((tick, i) => ((tick - ticksOf(table, i)) * table.timeBase.num) / table.timeBase.den),
    ),
  ).toEqual(new Set([0.02]))
  expect(doubled([0, 10, 30])).toEqual([0, 10, 20, 40, 60, 80])
  expect(doubled([0])).toEqual([0, 1])
})

test('odd sizes gain a copy of their last column and row, and lose nothing', async () => {
  const path = make(
    folder,
    'odd.mkv',
    `${moving('128x96', '25', 0.2)} -vf format=yuv444p,crop=65:49:3:5:exact=1 -c:v ffv1 -pix_fmt yuv444p`,
  )
  const { source, table } = await open(path)
  const [plain] = plainFrames(path, '-pix_fmt yuv444p', 65 * 49 * 3)
  const decoding = decode(tools, source, { table, from: 0, to: 1 })
  expect(decoding.format).toMatchObject({ width: 66, height: 50, chroma: '444' })
  for await (const { data } of decoding.frames)
    for (let y = 0; y < 50; y++)
      for (let x = 0; x < 66; x++) {
        const from = Math.min(y, 48) * 65 + Math.min(x, 64)
        if (data[y * 66 + x] !== plain?.[from]) throw new Error(`pixel ${x},${y} differs`)
      }
})

test.each([
  [90, 'transpose=clock'],
  [180, 'hflip,vflip'],
  [270, 'transpose=cclock'],
] as const)('rotation by %s is applied once', async (angle, filter) => {
  const stored = make(
    folder,
    `stored${angle}.mp4`,
    `${moving('64x48', '25', 0.2)} -c:v libx264 -pix_fmt yuv444p`,
  )
  const path = turn(make(folder, `turned${angle}.mp4`, `-i ${stored} -c copy`), angle)
  const opened = await open(path)
  expect(opened.source.video.rotation).toBe(angle)
  const plain = plainFrames(stored, `-vf ${filter}`, 64 * 48 * 3).map(hash)
  // The same as what ffmpeg shows by itself.
  expect(plainFrames(path, '-pix_fmt yuv444p', 64 * 48 * 3).map(hash)).toEqual(plain)
  expect(await frameHashes(opened)).toEqual(plain)
})

test.each(['yuvj420p', 'yuv422p10le', 'yuv420p12le', 'gray', 'gray16le'])(
  '%s samples pass through untouched',
  async (format) => {
    const size = format.startsWith('yuvj')
      ? 1.5
      : format === 'gray'
        ? 1
        : format === 'gray16le'
          ? 2
          : format === 'yuv422p10le'
            ? 4
            : 3
    const codec = format.startsWith('yuvj') ? 'mjpeg' : 'ffv1'
    const path = make(
      folder,
      `${format}.mkv`,
      `${moving('64x48', '25', 0.2)} -c:v ${codec} -pix_fmt ${format}`,
    )
    const opened = await open(path)
    expect(await frameHashes(opened)).toEqual(
      plainFrames(path, `-pix_fmt ${format}`, 64 * 48 * size).map(hash),
    )
  },
)

test('a file that was cut off gives what is there, with a warning', async () => {
  const whole = make(
    folder,
    'whole.mp4',
    `${moving('320x240', '25', 2)} -c:v libx264 -pix_fmt yuv420p -movflags +faststart`,
  )
  const bytes = readFileSync(whole)
  const path = join(folder, 'cut.mp4')
  writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)))
  const opened = await open(path)
  expect(opened.source.warnings).toEqual([message('noteTruncated')])
  const hashes = await frameHashes(opened)
  expect(hashes.length).toBeGreaterThan(10)
  expect(hashes.length).toBeLessThan(50)
})

test('cancelling ends the reading', async () => {
  const { source, table } = await open(join(folder, 'bframes.mp4'))
  const stop = new AbortController()
  const reading = async (): Promise<void> => {
    for await (const { frame } of decode(tools, source, { table, from: 0, to: 60, signal: stop.signal })
      .frames)
      if (frame === 3) stop.abort()
  }
  await expect(reading()).rejects.toMatchObject({ code: 'cancelled' })
})

test('a range that is none is refused', async () => {
  const { source, table } = await open(join(folder, 'bframes.mp4'))
  expect(() => decode(tools, source, { table, from: 5, to: 5 })).toThrow(/is not a range/)
})

if (!hasFootage) console.log('test footage is not here: real captures are skipped')
test.skipIf(!hasFootage).each([
  ['made/dv-ntsc-interlaced-bff.dv', 42, 640, 480],
  ['made/dvd-pal-anamorphic-interlaced-2audio.vob', 100, 1024, 576],
  ['made/odd-size-427x239-vp9.webm', 75, 428, 240],
  ['made/old-phone-h263-cif-rotate90.3gp', 60, 288, 384],
  ['made/truncated-faststart.mp4', 72, 640, 360],
  ['made/vfr-portrait-noaudio.mp4', 60, 270, 480],
  ['real/avchd-1080-h264.mts', 26, 1920, 1080],
  ['real/digicam-mjpeg-320x240-pcm-blanket.avi', 41, 320, 240],
  ['real/gopro-480p-path.mp4', 150, 848, 480],
  ['real/mavica-mpeg1-mp2-chart.mpg', 135, 320, 240],
  ['real/phone-720p-rotated-keyboard.mp4', 39, 720, 1280],
  ['real/tiny-mpeg4-amr.3gp', 74, 176, 144],
])('%s: %i frames of %ix%i', async (name, frames, width, height) => {
  const opened = await open(footage(name))
  expect(frameCount(opened.table)).toBe(frames)
  const middle = Math.floor(frames / 2)
  const decoding = decode(tools, opened.source, { table: opened.table, from: middle, to: middle + 1 })
  expect(decoding.format).toMatchObject({ width, height })
  expect(await frameHashes(opened, middle, middle + 1)).toEqual(
    (await frameHashes(opened, 0, middle + 1)).slice(middle),
  )
})

test.each([
  ['[vist#0:0/h264 @ 0x1] Error submitting packet to decoder: Cannot allocate memory', true],
  ['[vost#0:0/rawvideo @ 0x1] Error submitting a packet to the muxer: Connection reset by peer', false],
])(
  'what ffmpeg says of its input is damage, what it says of a closed pipe is none: %s',
  async (line, isDamage) => {
    const program = join(folder, 'saying.sh')
    writeFileSync(program, `#!/bin/sh\n'${tools.ffmpeg}' "$@"\necho '${line}' >&2\n`, { mode: 0o755 })
    const { source, table } = await open(make(folder, 'plain.mkv', `${moving('64x48', '25', 1)} -c:v ffv1`))
    const { frames, reading } = decode({ ...tools, ffmpeg: program }, source, { table, from: 0, to: 25 })
    let count = 0
    for await (const { frame } of frames) count += Number(frame >= 0)
    expect([count, reading.isDamaged]).toEqual([25, isDamage])
  },
)
