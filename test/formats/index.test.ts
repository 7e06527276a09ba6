// MP4 files whose index does not fit them: what it leads to is not there, or it gives no times. Told before any work, with its place.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { type Tools, findTools } from '../../electron/ffmpeg/resolve.js'
import { inEnglish } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import { beeping, exported, make, numbered, openHost } from './kit.js'

const at = folder()
let tools: Tools
beforeAll(async () => {
  tools = await findTools()
})

/** Two seconds; one table of a track (0: pictures, 1: sound) is written over, from this entry on. */
function spoiled(
  table: 'stts' | 'stco' | 'stsz',
  track: number,
  entry: number,
  values: readonly number[],
): string {
  const film = make(
    at,
    ...numbered(2),
    ...beeping(2),
    '-c:v',
    'libx264',
    '-g',
    '10',
    '-c:a',
    'aac',
    'whole.mp4',
  )
  const data = readFileSync(film)
  let box = data.indexOf('moov')
  for (let n = 0; n <= track; n++) box = data.indexOf(table, box + 4)
  const heads = { stts: 12, stco: 12, stsz: 16 }
  values.forEach((value, i) => data.writeUInt32BE(value, box + heads[table] + 4 * (entry + i)))
  const path = join(at, `${table}-${track}.mp4`)
  writeFileSync(path, data)
  return path
}

async function told(path: string): Promise<string[]> {
  const source = await probe(tools, path)
  return ((await frameTable(tools, source)).notes ?? []).map(inEnglish)
}

test('pictures and sound outside of the file, and what cannot be reached behind them', async () => {
  expect(await told(spoiled('stco', 0, 20, [0x7ffffff0]))).toEqual([
    expect.stringMatching(/index .* is damaged: at 0:00\.\d .* The film ends there, and \d+ frames of 50/),
  ])
  expect(await told(spoiled('stco', 0, 20, [100]))).toEqual([
    expect.stringMatching(/index .* is damaged at 0:00\.\d-0:00\.\d: \d frames? ha/),
  ])
  const sound = (await told(spoiled('stco', 1, 20, [0x7ffffff0]))).join()
  expect(sound).toMatch(/sound track 1 has nothing in the file there|The film ends there/)
})

test('pictures without bytes', async () => {
  expect(await told(spoiled('stsz', 0, 20, [0, 0, 0, 0, 0]))).toEqual([
    expect.stringMatching(/^At 0:00\.8-0:01\.0 .* 5 frames without any content/),
  ])
})

test('an index without times: what is left out is told beforehand, and is a reason for another length', async () => {
  const path = spoiled('stts', 0, 1, [0])
  const notes = await told(path)
  expect(notes).toEqual([
    expect.stringMatching(/gives all frames the same time\. Of 50 frames \d+ can be shown/),
  ])
  const { job, after } = await exported(await openHost(at), at, path)
  expect(job.failure).toBeUndefined()
  expect(after.join()).not.toContain('Not as in the original: length is')
})
