// Photos as files: their colours, what they say about themselves, and photos as sources.
import { ticksIn } from '../../electron/shared/media/frameTable.js'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decode } from '../../electron/ffmpeg/decode.js'
import { describeJpeg } from '../../electron/ffmpeg/exif.js'
import { type FrameFormat, bytesPerFrame } from '../../electron/ffmpeg/format.js'
import { writePhoto } from '../../electron/ffmpeg/photo.js'
import { locationOf } from '../../electron/ffmpeg/still.js'
import { placeOf } from '../../electron/shared/media/captured.js'
import { make, moving, open, plainFrames, tools, workFolder } from './clips.js'

const folder = workFolder()
const size = { width: 64, height: 48 }
/** What the engine gives: 16-bit full-range 4:4:4. */
const layout: FrameFormat = {
  ...{ ...size, bits: 16, chroma: '444', siting: 'left', matrix: 'bt709', range: 'full' },
}
const colour = { primaries: 'bt709', transfer: 'bt709', bits: 8 }
const facts = {
  ...{ ...size, software: 'Heirloom test', description: 'Made with Heirloom: a note' },
  ...{ takenAt: '1994-07-16T15:04:05+09:00', make: 'Sony', model: 'TRV9' },
  place: { latitude: 35.5, longitude: -139.25 },
}
const bars: [red: number, green: number, blue: number][] = [
  ...([
    [255, 255, 255],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [0, 0, 0],
    [200, 120, 40],
    [30, 60, 90],
    [128, 128, 128],
  ] as [number, number, number][]),
]

/** Bars of known R'G'B' as one frame, by the formulas of BT.709. */
function barFrame(): Uint8Array {
  const data = Buffer.alloc(bytesPerFrame(layout))
  const plane = 2 * size.width * size.height
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const [r, g, b] = (bars[Math.floor(x / 8)] ?? bars[0]!).map((v) => v / 255) as [number, number, number]
      const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
      const values = [luma, (b - luma) / 1.8556 + 32768 / 65535, (r - luma) / 1.5748 + 32768 / 65535]
      values.forEach((value, p) =>
        data.writeUInt16LE(
          Math.min(65535, Math.max(0, Math.round(value * 65535))),
          p * plane + 2 * (y * size.width + x),
        ),
      )
    }
  return data
}

const write = (name: string, format: 'png' | 'jpeg' | 'tiff', mayOverwrite = false): Promise<void> =>
  writePhoto(tools, barFrame(), layout, { path: join(folder, name), format, mayOverwrite, facts, colour })

test.each([
  ['bars.png', 'png', 1],
  ['bars.tif', 'tiff', 1],
  ['bars.jpg', 'jpeg', 4], // DCT of flat bars at the finest quality
] as const)('colours come out as they are meant: %s', async (name, format, allowed) => {
  await write(name, format)
  const [pixels] = plainFrames(
    join(folder, name),
    '-pix_fmt rgb24 -sws_flags accurate_rnd+full_chroma_int',
    3 * 64 * 48,
  )
  const worst = Math.max(
    ...bars.flatMap((bar, i) =>
      bar.map((value, c) => Math.abs(value - (pixels?.[3 * (24 * 64 + 8 * i + 4) + c] ?? -99))),
    ),
  )
  expect(worst).toBeLessThanOrEqual(allowed)
})

/** The picture's tags as ffprobe's decoders read them. */
function tagsOf(path: string): Record<string, string> {
  const text = execFileSync(tools.ffprobe, ['-v', 'error', '-show_frames', '-of', 'json', path], {
    encoding: 'utf8',
  })
  const { frames } = JSON.parse(text) as { frames: { tags?: Record<string, string> }[] }
  return frames[0]?.tags ?? {}
}

test('date, camera, program and note are in the file', async () => {
  await write('told.jpg', 'jpeg')
  await write('told.tif', 'tiff')
  await write('told.png', 'png')
  const taken = '1994:07:16 15:04:05'
  expect(tagsOf(join(folder, 'told.jpg'))).toMatchObject({
    ...{ ImageDescription: facts.description, Software: facts.software, Make: 'Sony', Model: 'TRV9' },
    ...{ DateTime: taken, DateTimeOriginal: taken },
  })
  // ffmpeg has its own names for the tags of a TIFF.
  expect(tagsOf(join(folder, 'told.tif'))).toMatchObject({
    ...{ description: facts.description, software: facts.software, make: 'Sony', model: 'TRV9', date: taken },
  })
  const png = readFileSync(join(folder, 'told.png')).toString('latin1')
  for (const part of ['eXIf', 'sRGB', `Description\0\0\0\0\0${facts.description}`, '1994:07:16 15:04:05'])
    expect(png).toContain(part)
})

test('an existing photo is not replaced unasked, and nothing is left beside it', async () => {
  writeFileSync(join(folder, 'mine.png'), 'mine')
  await expect(write('mine.png', 'png')).rejects.toMatchObject({ code: 'output-exists' })
  expect(readFileSync(join(folder, 'mine.png'), 'utf8')).toBe('mine')
  await write('mine.png', 'png', true)
  expect(readFileSync(join(folder, 'mine.png')).length).toBeGreaterThan(100)
  expect(readdirSync(folder).filter((name) => name.includes('.part-'))).toEqual([])
})

test('a photo is a source of one picture, however it was held and whatever it is called', async () => {
  const plain = readFileSync(make(folder, 'plain.jpg', `${moving('64x48', '1', 1)} -frames:v 1`))
  const told = describeJpeg(plain, { ...facts, takenAt: '2004-06-12T10:11:12' })
  // Our own block says "upright"; a camera that was turned says 6.
  const at = told.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00, 0x01, 0, 0, 0, 0x01, 0]))
  told[at + 8] = 6
  writeFileSync(join(folder, 'holiday%03d.jpg'), told)
  const { source, table } = await open(join(folder, 'holiday%03d.jpg'))
  expect(source).toMatchObject({
    createdAt: '2004-06-12T10:11:12',
    tags: { make: 'Sony', model: 'TRV9' },
    video: { rotation: 90 },
  })
  expect(ticksIn(table)).toEqual([0])
  const { format, frames } = decode(tools, source, { table, from: 0, to: 1 })
  expect([format.width, format.height]).toEqual([48, 64])
  let count = 0
  for await (const { data } of frames) {
    expect(data.length).toBe(bytesPerFrame(format))
    count++
  }
  expect(count).toBe(1)
})

test('an RGB picture keeps its colours on the way to the engine', async () => {
  await write('exact.png', 'png')
  copyFileSync(join(folder, 'exact.png'), join(folder, 'again.png'))
  const { source, table } = await open(join(folder, 'again.png'))
  const { format, frames } = decode(tools, source, { table, from: 0, to: 1 })
  for await (const { data } of frames)
    await writePhoto(tools, data, format, {
      path: join(folder, 'round.png'),
      format: 'png',
      mayOverwrite: false,
      facts,
      colour,
    })
  const pixels = (name: string): Uint8Array =>
    plainFrames(join(folder, name), '-pix_fmt rgb24', 3 * 64 * 48)[0]!
  const [before, after] = [pixels('exact.png'), pixels('round.png')]
  expect(Math.max(...before.map((value, i) => Math.abs(value - (after[i] ?? -99))))).toBeLessThanOrEqual(1)
  expect(existsSync(join(folder, 'round.png'))).toBe(true)
})

test('a photo keeps where it was taken', async () => {
  await write('placed.jpg', 'jpeg')
  const { source } = await open(join(folder, 'placed.jpg'))
  expect(placeOf(source.tags)).toEqual({ latitude: 35.5, longitude: -139.25 })
  expect(locationOf({ GPSLatitude: '91:1, 0:1, 0:1', GPSLongitude: '0:1, 0:1, 0:1' })).toBeUndefined()
  expect(locationOf({ GPSLatitude: '35:0', GPSLongitude: '1:1' })).toBeUndefined()
  expect(locationOf({})).toBeUndefined()
})

test.each(['smpte2084', 'arib-std-b67'])(
  'an HDR picture becomes one for every screen: greys stay grey and in order, white is bright, what is brighter still fits (%s)',
  async (transfer) => {
    const name = `hdr-${transfer}.png`
    const greys = [0.1, 0.25, 0.4, 0.5, 0.58, 0.7, 0.85, 1]
    const wide: FrameFormat = { ...layout, matrix: 'bt2020' }
    const data = Buffer.alloc(bytesPerFrame(wide), Buffer.from([0, 0x80]))
    for (let i = 0; i < size.width * size.height; i++)
      data.writeUInt16LE(Math.round(65535 * (greys[Math.floor((i % 64) / 8)] ?? 0)), 2 * i)
    const hdr = { primaries: 'bt2020', transfer, bits: 10 }
    const options = { path: join(folder, name), format: 'png' as const, mayOverwrite: false, facts }
    await writePhoto(tools, data, wide, { ...options, colour: hdr })
    const [pixels] = plainFrames(join(folder, name), '-pix_fmt rgb24', 3 * 64 * 48)
    const shown = greys.map((_, i) => [0, 1, 2].map((c) => pixels?.[3 * (24 * 64 + 8 * i + 4) + c] ?? -1))
    for (const [red = 0, green = 0, blue = 0] of shown)
      expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThanOrEqual(1)
    const levels = shown.map(([red = 0]) => red)
    expect(levels).toEqual([...levels].sort((a, b) => a - b))
    expect(new Set(levels.slice(0, 7)).size).toBe(7)
    // Code of a white page of 203 cd/m2 (ITU-R BT.2408): 0.58 with PQ, 0.75 with HLG.
    const page = transfer === 'smpte2084' ? levels[4] : levels[6]
    expect(page).toBeGreaterThan(195)
    expect(page).toBeLessThan(245)
  },
)

test('a photo that this ffmpeg cannot read is not called damaged', async () => {
  const path = join(folder, 'phone.heic')
  // A HEIC with nothing in it: what matters is that its first bytes say what it is.
  writeFileSync(path, Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic')]))
  await expect(open(path)).rejects.toMatchObject({
    ...{ code: 'not-a-video', sentence: { key: 'photoKind', values: { name: 'phone.heic' } } },
  })
})
