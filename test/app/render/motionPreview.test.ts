// Previews of a clip whose frames are timed otherwise: the pictures are those that the film will show, each under the frame that it shows.
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { ClipMotion } from '../../../electron/shared/document/motion.js'
import { laid, wayOf } from '../../../electron/shared/planning/motion.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { bundle, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, untouched } from '../hosting.js'

const at = folder()
let host: Host
let source: Source

beforeAll(async () => {
  await bundle()
  host = await hostIn(at)
  const path = join(at, 'film.mkv')
  const graph = 'mandelbrot=size=96x64:rate=16:start_scale=0.5:end_scale=0.05:end_pts=160,fps=25'
  const noisy = `${graph},noise=alls=8:allf=t,format=yuv420p`
  tool('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', noisy, '-frames:v', '100', '-crf', '18', path])
  source = await host.api.sources.open(path)
})

async function shownOf(motion: ClipMotion, from: number, to: number) {
  const { id } = await host.api.sources.readFields(source.id, 'progressive')
  const [timing, table] = [await host.api.sources.timing(id), await host.api.sources.frameTable(source.id)]
  return laid(motion, { source, table, timing, from, to }).shown
}

/** Frames in so many ways to the next that can be fetched. */
async function fetched(recipe: string, frames: readonly { frame: number; way?: number }[]) {
  const found = await Promise.all(
    frames.map(async (one) => {
      const route = { kind: 'rendered' as const, sourceId: source.id, recipe, ...one }
      const answer = await host.serve(route, {})
      return answer.status === 200 ? [one] : []
    }),
  )
  return found.flat()
}

test('of a film without its duplicates every filmed frame is a picture, and no other', async () => {
  const motion: ClipMotion = { kind: 'unique' }
  const request = { sourceId: source.id, from: 10, to: 40, enhance: untouched }
  const id = await host.api.render.preview({ ...request, motion })
  const job = await ended(host, id)
  expect(job).toMatchObject({ state: 'done', preview: { from: 10, to: 40 } })
  const keys = (await shownOf(motion, 10, 40)).map(({ key }) => key)
  expect(job.framesTotal).toBe(keys.length)
  expect(keys.length).toBeLessThan(22)
  const { recipe, pictures } = await host.api.render.coverage(source.id, untouched, motion)
  expect([recipe, pictures]).toEqual([job.preview?.recipe, [{ from: 10, to: 40 }]])
  const all = Array.from({ length: 30 }, (_, i) => ({ frame: 10 + i }))
  expect(await fetched(recipe, all)).toEqual(keys.map((frame) => ({ frame })))
  // Another motion, and none, have pictures of their own.
  const plain = await host.api.render.coverage(source.id, untouched, null)
  expect(plain.recipe).not.toBe(recipe)
  expect(plain.pictures).toEqual([])
  const again = await ended(host, await host.api.render.preview({ ...request, motion }))
  expect(again).toMatchObject({ state: 'done', framesDone: keys.length })
})

test('estimates are pictures behind the frame that they follow', async () => {
  const motion: ClipMotion = { kind: 'smooth', rate: { num: 50, den: 1 } }
  const request = { sourceId: source.id, enhance: untouched, motion }
  const first = await ended(host, await host.api.render.preview({ ...request, from: 20, to: 30 }))
  expect([first.state, first.failure]).toEqual(['done', undefined])
  const shown = await shownOf(motion, 20, 30)
  const recipe = first.preview?.recipe ?? ''
  const names = shown.map((one) => (one.t > 0 ? { frame: one.key, way: wayOf(one) } : { frame: one.key }))
  expect(names.some(({ way }) => way !== undefined)).toBe(true)
  expect(await fetched(recipe, names)).toEqual(names)
  expect(await fetched(recipe, [{ frame: 20, way: 123 }])).toEqual([])
})
