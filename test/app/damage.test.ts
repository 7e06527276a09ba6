// What a source suffers from, asked of the real engine: films made worse on purpose are found worse in that and not in the other things.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../electron/app/host.js'
import { pairsOf } from '../../electron/engine/damage.js'
import type { Damage } from '../../electron/shared/damage.js'
import { requests } from '../../electron/shared/api.js'
import type { Source } from '../../electron/shared/source.js'
import { bundle, tool } from '../engine/bundle.js'
import { folder } from './folder.js'
import { hostIn } from './hosting.js'

const at = folder()
let host: Host

beforeAll(async () => {
  await bundle()
  host = await hostIn(at)
})
afterAll(() => host.close())

/** A zoom over the engine's own picture of a landscape of shapes, changed by an ffmpeg filter. */
async function open(name: string, filter: string, frames = 12): Promise<Source> {
  const path = join(at, `${name}.mp4`)
  const picture = `mandelbrot=size=320x240:rate=25:start_scale=0.4:end_scale=0.3:end_pts=40,format=gray,${filter},format=yuv420p`
  const input = ['-f', 'lavfi', '-i', picture, '-frames:v', String(frames)]
  tool('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'libx264', '-qp', '1', '-preset', 'ultrafast', path])
  return host.api.openSource(path)
}

async function damageOf(name: string, filter: string, frames?: number): Promise<Damage> {
  const { id } = await open(name, filter, frames)
  return requests.damage.result.parse(await host.api.damage(id))
}

test('a film is looked at in three places, a photo once', () => {
  expect(pairsOf(100)).toEqual([20, 50, 80])
  expect(pairsOf(3)).toEqual([0, 1])
  expect(pairsOf(1)).toEqual([0])
})

test('grain, softness and combs are told apart', async () => {
  const clean = await damageOf('clean', 'null')
  const grainy = await damageOf('grainy', 'noise=alls=30:allf=t')
  const soft = await damageOf('soft', 'gblur=sigma=2.5')
  const combed = await damageOf('combed', 'scroll=h=0.03,tinterlace=interleave_top')
  expect(grainy.noise).toBeGreaterThan(clean.noise + 0.2)
  expect(soft.blur).toBeGreaterThan(clean.blur + 0.2)
  expect(combed.combing).toBeGreaterThan(clean.combing + 0.2)
  expect(grainy.position).toBeGreaterThan(clean.position)
})

test('a film of one picture has an answer', async () => {
  expect((await damageOf('one', 'null', 1)).strength).toBeGreaterThanOrEqual(0)
})

test('a closed source is not looked at to the end, and one that is opened again is', async () => {
  const [first, second] = [await open('first', 'null'), await open('second', 'hue=h=90')]
  const looks = [host.api.damage(first.id), host.api.damage(second.id)].map((look) =>
    look.then(
      () => 'known',
      (error: { code?: string }) => error.code,
    ),
  )
  await host.api.cancelDamage(second.id)
  const again = host.api.damage(second.id)
  expect(await Promise.all(looks)).toEqual(['known', 'cancelled'])
  expect((await again).position).toBeGreaterThanOrEqual(0)
  await host.api.cancelDamage(second.id)
  expect(await host.api.damage(second.id)).toEqual(await again) // what is known stays known
})
