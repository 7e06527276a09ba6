// The pipe format: what is written is read, and damage is an error, never a wrong frame.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { NutFrame, NutHeader, nutFrameHeader, nutHeader, readNut } from '../../electron/ffmpeg/nut.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import { tools } from './clips.js'

const frame = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 24 }, (_, i) => (seed * 31 + i * 7) & 255)
const ticks = [0, 1, 5, 1000, 1_000_000, 3_000_000_000]

function written(): Buffer {
  const header = nutHeader({ width: 4, height: 4, fourcc: 'I420', timeBase: { num: 1001, den: 30000 } })
  return Buffer.concat([
    header,
    ...ticks.flatMap((pts, i) => [nutFrameHeader(pts, 24), Buffer.from(frame(i))]),
  ])
}

async function* inPieces(data: Buffer, size: number): AsyncGenerator<Buffer> {
  await Promise.resolve()
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size)
}

async function read(
  data: Buffer,
  size: number,
): Promise<{ frames: NutFrame[]; header: NutHeader | undefined }> {
  const frames: NutFrame[] = []
  let header: NutHeader | undefined
  for await (const one of readNut(inPieces(data, size), 24, (h) => (header = h)))
    frames.push({ pts: one.pts, data: one.data.slice() })
  return { frames, header }
}

test.each([1, 7, 64, 100000])('what is written is read back, in pieces of %i bytes', async (size) => {
  const { frames, header } = await read(written(), size)
  expect(header?.timeBase).toEqual({ num: 1001, den: 30000 })
  expect(frames.map(({ pts }) => pts)).toEqual(ticks)
  expect(frames.map(({ data }) => [...data])).toEqual(ticks.map((_, i) => [...frame(i)]))
})

test('a frame keeps its bytes while the next one is read, and two buffers are all there are', async () => {
  const buffers = new Set<Uint8Array>()
  let before: Uint8Array | undefined
  let i = 0
  for await (const { data } of readNut(inPieces(written(), 50), 24, () => undefined)) {
    if (before) expect([...before]).toEqual([...frame(i - 1)])
    buffers.add((before = data))
    i++
  }
  expect([i, buffers.size]).toEqual([ticks.length, 2])
})

test('ffmpeg reads what is written, timestamps included', () => {
  const out = execFileSync(
    tools.ffmpeg,
    '-v error -copyts -f nut -i pipe:0 -fps_mode passthrough -enc_time_base 1001:30000 -f framecrc -'.split(
      ' ',
    ),
    { input: written() },
  ).toString()
  const pts = out
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => Number(line.split(',')[2]))
  expect(pts).toEqual(ticks)
})

test('any cut ends in an error, and no frame is handed out that was not whole', async () => {
  const data = written()
  for (let length = 1; length < data.length; length += 3) {
    const result = await read(data.subarray(0, length), 50).catch((error: unknown) => error)
    if (result instanceof Error) expect(result).toBeInstanceOf(AppError)
    else
      expect(
        (result as { frames: NutFrame[] }).frames.every(
          ({ data: bytes }, i) => hashOf(bytes) === hashOf(frame(i)),
        ),
      ).toBe(true)
  }
})
const hashOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('a flipped bit in the headers is an error', async () => {
  const data = written()
  const headers = nutHeader({
    width: 4,
    height: 4,
    fourcc: 'I420',
    timeBase: { num: 1001, den: 30000 },
  }).length
  for (let at = 0; at < headers; at++) {
    const damaged = Buffer.from(data)
    damaged[at] = (damaged[at] ?? 0) ^ 0x10
    await expect(read(damaged, 1000), `byte ${at}`).rejects.toBeInstanceOf(AppError)
  }
})
