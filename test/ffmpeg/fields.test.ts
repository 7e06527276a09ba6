// Fields that a file says nothing of: their order is seen in the pictures, and taken apart they leave no comb.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decode } from '../../electron/ffmpeg/decode.js'
import { countsOf, fieldCounts } from '../../electron/ffmpeg/fields.js'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { Source, firstField, showsInterlacing, readOtherwise } from '../../electron/shared/media/source.js'
import { make, tools, workFolder } from './clips.js'

const folder = workFolder()
const size = { width: 320, height: 240 }
const seconds = 2
/** Soft from top to bottom, so that a row that stands out is a comb. */
const filmed = `-f lavfi -i testsrc2=size=320x240:rate=50:duration=${seconds},format=yuv420p,gblur=sigma=2`

const woven = (first: 'top' | 'bottom', coding: string, ending: string): string =>
  make(folder, `${first}.${ending}`, `${filmed} -vf tinterlace=interleave_${first},setfield=prog ${coding}`)

/** By how much luma rows stand out from both their neighbours, mean over the pictures: every second row of a comb does. */
async function combs(source: Source): Promise<{ frames: number; comb: number }> {
  const { width, height } = size
  const table = await frameTable(tools, source)
  let [frames, sum] = [0, 0]
  for await (const { data } of decode(tools, source, { table, from: 0, to: frameCount(table) }).frames) {
    frames++
    for (let i = 0; i < (height - 2) * width; i++) {
      const [above = 0, here = 0, below = 0] = [data[i], data[i + width], data[i + 2 * width]]
      sum += Math.max(0, here - Math.max(above, below), Math.min(above, below) - here)
    }
  }
  return { frames, comb: sum / (frames * (height - 2) * width) }
}

test.each([
  ['top', 'tff', '-c:v libx264 -qp 4 -preset ultrafast', 'mp4'],
  ['bottom', 'bff', '-c:v mpeg4 -q:v 2', 'avi'],
] as const)('%s field first is seen, and no comb is left', async (first, order, coding, ending) => {
  const file = await probe(tools, woven(first, coding, ending))
  expect(file.video.fieldOrder).toBe('progressive')
  const counts = await fieldCounts(tools, file, await frameTable(tools, file))
  expect([firstField(counts), showsInterlacing(counts)]).toEqual([order, true])
  const whole = await combs(file)
  const apart = await combs(readOtherwise(file, file.id, { fields: order }))
  expect([whole.frames, apart.frames]).toEqual([25 * seconds, 50 * seconds])
  // Measured: 0.65 and 0.037 (x264), 0.57 and 0.048 (mpeg4, whose own blocks stand out as well).
  expect(apart.comb).toBeLessThan(whole.comb / 8)
})

test('of recordings joined in one file each is looked at in its own place', async () => {
  const coding = '-c:v libx264 -qp 4 -preset ultrafast -f mpegts'
  const parts = [woven('bottom', coding, 'ts'), woven('top', coding, 'ts')]
  const path = join(folder, 'joined.ts')
  writeFileSync(path, Buffer.concat(parts.map((part) => readFileSync(part))))
  const file = await probe(tools, path)
  const counts = await fieldCounts(tools, file, await frameTable(tools, file))
  expect(counts.bottom).toBeGreaterThan(20)
  expect(counts.top).toBeGreaterThan(20)
})

test('idet’s words are counted, undecided ones are not', () => {
  const word = (order: string): string =>
    `frame:1 pts:512 pts_time:0.04\nlavfi.idet.multiple.current_frame=${order}`
  const text = ['tff', 'bff', 'tff', 'undetermined', 'progressive'].map(word).join('\n')
  expect(countsOf(text)).toEqual({ top: 2, bottom: 1, whole: 1 })
})
