// The engine host's memory from segment to segment: what one needed goes back before the next one comes.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedModels } from '../../electron/app/access/resources.js'
import { type Engine, type SegmentTask, createEngine } from '../../electron/engine/client.js'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { makePlan } from '../../electron/shared/planning/plan.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { planModels } from '../shared/contracts.js'
import { folder } from '../app/folder.js'
import { bundle, film, hostEntry } from './bundle.js'

const at = folder()
const engine: Engine = createEngine(hostEntry)
let task: SegmentTask

beforeAll(async () => {
  await bundle()
  const tools = await findTools()
  const path = film(join(at, 'film.mp4'), { frames: 20, size: '320x240', hasAudio: false })
  const source = await probe(tools, path)
  const table = await frameTable(tools, source)
  const tablePath = join(at, 'table.json')
  writeFileSync(tablePath, JSON.stringify(table))
  const enhance = { ...defaultEnhance, scale: 1 } as const
  const clip = { id: 'c', sourceId: source.id, name: 'film', from: 0, to: frameCount(table), enhance }
  const [unit] = makePlan([clip], [{ source, table }], planModels).segments
  const model = {
    folder: join(shippedModels, defaultEnhance.model),
    device: { id: 'auto', precision: 'auto' },
  }
  const sink = { kind: 'count' } as const
  task = { kind: 'segment', unit: unit!, tablePath, model, sink, threads: 0, memoryLimit: 0 }
})
afterAll(() => engine.close())

// Between two of them a fifth may just have been given back: what they need is the most of some.
test('twelve segments need no more memory than four', async () => {
  const resident: number[] = []
  for (let i = 0; i < 12; i++) resident.push((await engine.run(task)).residentBytes / 2 ** 20)
  const most = (some: readonly number[]): number => Math.max(...some)
  expect(most(resident.slice(-3)), resident.map(Math.round).join(', ')).toBeLessThan(
    1.25 * most(resident.slice(0, 4)),
  )
})
