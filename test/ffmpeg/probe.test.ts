// What a file is, and clear sentences for what is no video.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orientation } from '../../electron/ffmpeg/geometry.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { captureDate } from '../../electron/ffmpeg/tags.js'
import { pixelKind } from '../../electron/ffmpeg/pixelFormats.js'
import { toFailure } from '../../electron/shared/contract/errors.js'
import { displaySize } from '../../electron/shared/media/source.js'
import { frameHashes, make, moving, open, tools, workFolder } from './clips.js'

const folder = workFolder()
const plain = make(
  folder,
  'plain.mp4',
  `${moving('96x64', '30000/1001', 1)} -f lavfi -i sine=duration=1 -c:v libx264 -pix_fmt yuv420p -c:a aac`,
)

test('an ordinary clip in facts', async () => {
  const source = await probe(tools, plain)
  expect(source.video).toMatchObject({
    ...{
      codec: 'h264',
      width: 96,
      height: 64,
      bits: 8,
      chroma: '420',
      fieldOrder: 'progressive',
      rotation: 0,
    },
    ...{ frameRate: { num: 30000, den: 1001 }, isVariable: false, matrix: 'bt601', isColourGuessed: true },
  })
  expect(source.audio).toHaveLength(1)
  expect(source.warnings).toEqual([])
  expect(source.id).toMatch(/^[0-9a-f]{40}$/)
})

test('the video among other streams, whatever their order', async () => {
  const path = make(
    folder,
    'order.mkv',
    `-f lavfi -i sine=duration=1 ${moving('64x48', '25', 1)} -map 0 -map 1 -c:a flac -c:v ffv1 -pix_fmt yuv422p10le`,
  )
  expect((await probe(tools, path)).video).toMatchObject({ index: 1, bits: 10, chroma: '422' })
})

describe('not a video', () => {
  const bad = (name: string, data: string | Buffer): string => {
    const path = join(folder, name)
    writeFileSync(path, data)
    return path
  }
  test.each([
    ['a text file', () => bad('a.mp4', 'This is a letter to my grandmother.\n'.repeat(100)), 'not-a-video'],
    ['an empty file', () => bad('b.mp4', ''), 'not-a-video'],
    ['a folder', () => folder, 'not-a-video'],
    ['noise', () => bad('c.avi', Buffer.alloc(5000, 171)), 'not-a-video'],
    ['sound alone', () => make(folder, 'd.wav', '-f lavfi -i sine=duration=1'), 'no-video-stream'],
    [
      'a photo that is cut off',
      () =>
        bad(
          'f.png',
          readFileSync(make(folder, 'e.png', `${moving('64x48', '1', 1)} -frames:v 1`)).subarray(0, 60),
        ),
      'not-a-video',
    ],
    [
      'a playlist',
      () =>
        bad(
          'g.mp4',
          '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n',
        ),
      'not-a-video',
    ],
    ['a list of files', () => bad('h.mp4', `ffconcat version 1.0\nfile ${plain}\n`), 'not-a-video'],
    ['no index', () => bad('i.mp4', readFileSync(plain).subarray(0, 4000)), 'truncated-file'],
    ['nothing there', () => join(folder, 'nowhere.mp4'), 'source-vanished'],
  ])('%s', async (_, path, code) => {
    await expect(probe(tools, path())).rejects.toMatchObject({ code })
  })

  test.each(['mp4', 'mov', '3gp', 'm4v', 'jpg', 'png', 'mjpeg'])(
    'a few letters named .%s: no index is missing, nothing is led to',
    async (ending) => {
      await expect(probe(tools, bad(`letters.${ending}`, 'no film'))).rejects.toMatchObject({
        ...{ code: 'not-a-video' },
        sentence: { key: 'notReadableVideo', values: { reason: { key: 'reasonSenseless' } } },
      })
    },
  )

  test('a photo named .mp4 is a photo', async () => {
    const photo = readFileSync(make(folder, 'named.png', `${moving('64x48', '1', 1)} -frames:v 1`))
    expect((await probe(tools, bad('named.mp4', photo))).container).toBe('png_pipe')
  })

  test('a video named .jpg is a video', async () => {
    expect((await probe(tools, bad('holiday.jpg', readFileSync(plain)))).video.codec).toBe('h264')
  })

  test('a name that looks like an option or a protocol is a name', async () => {
    const odd = join(folder, '-i concat:x|%03d.mp4')
    writeFileSync(odd, readFileSync(plain))
    expect((await probe(tools, odd)).name).toBe('-i concat:x|%03d.mp4')
  })
})

test('a file that was replaced or removed after it was opened is not read', async () => {
  mkdirSync(join(folder, 'moving'), { recursive: true })
  const path = join(folder, 'moving', 'a.mp4')
  writeFileSync(path, readFileSync(plain))
  const opened = await open(path)
  writeFileSync(path, Buffer.concat([readFileSync(plain), Buffer.alloc(8)]))
  await expect(frameHashes(opened)).rejects.toMatchObject({ code: 'source-unreadable' })
  rmSync(path)
  await expect(frameHashes(opened)).rejects.toMatchObject({ code: 'source-vanished' })
})

test('display matrices: turns and mirrors', () => {
  const rows = (a: number, b: number, c: number, d: number): string =>
    `\n00000000: ${a * 65536} ${b * 65536} 0\n00000001: ${c * 65536} ${d * 65536} 0\n00000002: 0 0 1073741824\n`
  expect(orientation(undefined)).toEqual({ rotation: 0, isMirrored: false })
  expect(orientation(rows(0, 1, -1, 0))).toEqual({ rotation: 90, isMirrored: false })
  expect(orientation(rows(-1, 0, 0, -1))).toEqual({ rotation: 180, isMirrored: false })
  expect(orientation(rows(0, -1, 1, 0))).toEqual({ rotation: 270, isMirrored: false })
  expect(orientation(rows(-1, 0, 0, 1))).toEqual({ rotation: 0, isMirrored: true })
})

test('capture dates in all the ways cameras write them', () => {
  expect(captureDate({ creation_time: '2012-09-10 20:52:00' })).toBe('2012-09-10T20:52:00')
  expect(captureDate({ creation_time: '2025-01-28T16:20:47.000000Z' })).toBe('2025-01-28T16:20:47Z')
  expect(
    captureDate({
      'com.apple.quicktime.creationdate': '2019-07-01T10:11:12+0200',
      creation_time: '2019-07-01T08:11:12Z',
    }),
  ).toBe('2019-07-01T10:11:12+02:00')
  expect(captureDate({ creation_time: '1904-01-01T00:00:00Z', date: '2020-08-28' })).toBe('2020-08-28')
  expect(captureDate({ creation_time: 'yesterday' })).toBeUndefined()
})

test('pixel formats', () => {
  expect(pixelKind('yuvj422p')).toMatchObject({ bits: 8, chroma: '422', isFullRange: true })
  expect(pixelKind('p010le')).toMatchObject({ bits: 10, chroma: '420' })
  expect(pixelKind('gbrp10le')).toMatchObject({ bits: 10, chroma: '444', isRgb: true })
  expect(pixelKind('gray12le')).toMatchObject({ bits: 12, chroma: 'gray' })
})

test('wide and narrow pixels become square by changing the width', async () => {
  const path = make(
    folder,
    'dvd.mpg',
    `${moving('720x576', '25', 0.2)} -vf setsar=64/45 -c:v mpeg2video -pix_fmt yuv420p`,
  )
  const { video } = await probe(tools, path)
  expect(displaySize(video)).toEqual({ width: 1024, height: 576 })
})

test('a file that goes away while it is looked at is called gone, whatever its reader made of it', async () => {
  for (const [name, then, key] of [
    ['gone.mp4', '', 'sourceGone'],
    ['folder.mp4', 'mkdir', 'sourceIsFolder'],
    ['emptied.mp4', 'touch', 'sourceEmpty'],
  ] as const) {
    const path = join(folder, name)
    writeFileSync(path, readFileSync(plain))
    const ffprobe = join(folder, 'leaving')
    const leave = [`rm -rf '${path}'`, ...(then === '' ? [] : [`${then} '${path}'`])]
    writeFileSync(ffprobe, ['#!/bin/sh', ...leave, `exec '${tools.ffprobe}' "$@"`].join('\n'), {
      mode: 0o755,
    })
    const failure = await probe({ ...tools, ffprobe }, path).catch(toFailure)
    expect(failure).toMatchObject({ sentence: { key, values: { name } } })
  }
})
