// The quantiser of each frame, read off the stream: of each codec as it was asked for, and in the order of showing.
import { expect, test } from 'vitest'
import { lookAtFilm } from '../../electron/ffmpeg/filmLook.js'
import { quantiserReader } from '../../electron/ffmpeg/quantiser.js'
import { make, open, tools, workFolder } from './clips.js'

const folder = workFolder()
const frames = 24

const frameQuantisers = async (path: string, count: number): Promise<number[]> =>
  (await lookAtFilm(tools, path, { table: (await open(path)).table, frames: count })).quantisers

const encoded = (name: string, coding: string): Promise<number[]> =>
  frameQuantisers(
    make(
      folder,
      name,
      `-f lavfi -i mandelbrot=size=128x96:rate=25 -frames:v ${frames} -pix_fmt yuv420p ${coding}`,
    ),
    frames,
  )

/** The frames up to the tenth at one quantiser, the others at another; every fourth is coded before the three that are shown before it. */
const halves = 'zones=0,10,q=20/10,23,q=40:ipratio=1:pbratio=1:aq-mode=0:bframes=3:b-adapt=0:scenecut=0'

test.each([
  ['h264.mp4', `-c:v libx264 -x264-params ${halves}`],
  ['slices.mp4', `-c:v libx264 -x264-params ${halves}:slices=2`],
  ['h265.mp4', `-c:v libx265 -x265-params ${halves}:log-level=error`],
])('frames come in the order of showing: %s', async (name, coding) => {
  const values = (await encoded(name, coding)).map((value) => value * 51)
  for (const qp of values.slice(0, 9)) expect(Math.abs(qp - 20)).toBeLessThan(6)
  for (const qp of values.slice(12)) expect(Math.abs(qp - 40)).toBeLessThan(6)
  // Those between are written between the two: coded after the twelfth, and shown before it.
  const between = values.slice(8, 13)
  expect(between).toEqual(between.toSorted((a, b) => a - b))
})

test.skipIf(!tools.encoders.has('libsvtav1'))(
  'AV1: every frame has one, and a coarser film a larger one',
  async () => {
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
    const fine = await encoded('fine.mp4', '-c:v libsvtav1 -preset 8 -crf 20')
    const coarse = await encoded('coarse.mp4', '-c:v libsvtav1 -preset 8 -crf 50')
    expect(mean(coarse)).toBeGreaterThan(mean(fine) + 0.2)
    for (const value of [...fine, ...coarse]) expect(value).toBeGreaterThan(0)
  },
)

test('a film of other frames than were expected is refused', async () => {
  const path = make(folder, 'short.mp4', '-f lavfi -i mandelbrot=size=64x48:rate=25 -frames:v 5 -c:v libx264')
  await expect(frameQuantisers(path, 6)).rejects.toThrow('5 of 6 frames')
})

const field = (name: string, value: number): string =>
  `[trace_headers @ 0x5581] 24          ${name}          ${Math.abs(value).toString(2)} = ${value}`
const packet = (pts: number): string =>
  `[trace_headers @ 0x5581] Packet: 10 bytes, pts ${pts}, dts 0, duration 1.`

/** A frame's header as AV1 has it. */
const coded = (type: number, isShown: 0 | 1, refreshed: number | undefined, index: number): string[] => [
  ...[field('show_existing_frame', 0), field('frame_type', type), field('show_frame', isShown)],
  ...(refreshed === undefined ? [] : [field('refresh_frame_flags', refreshed)]),
  field('base_q_idx', index),
]
const again = (slot: number): string[] => [
  ...[field('show_existing_frame', 1), field('frame_to_show_map_idx', slot)],
]

test('AV1: a frame that is kept and shown later has the quantiser with which it was coded', () => {
  const { take, values } = quantiserReader()
  const lines = [
    ...[packet(0), ...coded(0, 1, undefined, 51)],
    // Two that are not shown yet, then one that is.
    ...[packet(1), ...coded(1, 0, 0b10, 102), ...coded(1, 0, 0b100, 153), ...coded(1, 1, 0, 204)],
    ...[packet(2), ...again(2)],
    ...[packet(4), ...again(1)],
    ...[packet(3), ...coded(1, 1, 0, 255)],
    ...[packet(5), ...again(7)], // the key frame: it takes all places again
    ...[packet(6), ...again(1)],
  ]
  lines.forEach(take)
  expect(values()).toEqual([0.2, 0.8, 0.6, 1, 0.4, 0.2, 0.2])
})

test('what tags of a film say is not taken for headers', () => {
  const { take, values } = quantiserReader()
  const lines = [packet(0), field('slice_qp_delta', 25), `    comment : ${field('slice_qp_delta', -20)}`]
  lines.forEach(take)
  expect(values()).toEqual([1])
})
