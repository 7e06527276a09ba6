// The size that is told before an export: where it looks, what it adds up, and how near it comes to the film.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { bytesBy, piecesOf } from '../../../electron/app/render/filmSize.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import { bundle, tool } from '../../engine/bundle.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'

const at = folder()
beforeAll(() => bundle())

test('pieces lie within the film and apart; of a short one all is looked at', () => {
  expect(piecesOf(20, 320 * 240)).toEqual({ at: [0], pictures: 20 })
  const { at, pictures } = piecesOf(300, 640 * 480)
  expect(pictures).toBeGreaterThanOrEqual(12)
  expect(at).toHaveLength(3)
  at.forEach((begin, i) => {
    expect(begin).toBeGreaterThanOrEqual(i === 0 ? 0 : (at[i - 1] ?? 0) + pictures)
    expect(begin + pictures).toBeLessThanOrEqual(300)
  })
  expect(piecesOf(5000, 3840 * 2160).pictures).toBe(12)
})

test('a film has as many key pictures as its segments need, not one for each piece', () => {
  const size = bytesBy([{ key: 1000, other: 10 }], 100, 2)
  expect(size).toEqual({ low: 2980, middle: 2980, high: 2980 })
})

test('sound counts as what it is, copied or encoded: a quiet picture with loud sound', async () => {
  const path = join(at, 'loud.mkv')
  const inputs = ['smptebars=s=160x120:r=25:d=3', 'anoisesrc=r=48000:a=0.3:d=3'].flatMap((input) => [
    ...['-f', 'lavfi', '-i', input],
  ])
  const coding = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-ac', '2', '-c:a', 'flac']
  tool('ffmpeg', ['-v', 'error', '-y', ...inputs, ...coding, path])
  const host = await hostIn(at)
  const source = await host.api.sources.open(path)
  for (const container of ['mkv', 'mp4'] as const) {
    const output = outputAt(join(at, `out.${container}`), { container, quality: 'good' })
    const request = { project: projectOf(source, 75), output }
    const { bytes } = await host.api.render.estimate(request)
    const { outputPath = '' } = await ended(host, await host.api.render.export(request))
    const is = statSync(outputPath).size
    expect(bytes / is).toBeGreaterThan(1 / 1.5)
    expect(bytes / is).toBeLessThan(1.5)
  }
})

test('the noise that a model takes out of a film is not counted; a film without noise counts as before', async () => {
  const host = await hostIn(at)
  const told = async (
    name: string,
    filter: string,
  ): Promise<[plain: number, enhanced: number, is: number]> => {
    const path = join(at, name)
    const input = ['-f', 'lavfi', '-i', `testsrc2=s=160x120:r=25:d=0.48${filter}`]
    tool('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p', path])
    const source = await host.api.sources.open(path)
    const enhance = { ...defaultEnhance, scale: 1 as const }
    const output = outputAt(`${path}.mp4`, { quality: 'good' })
    const plain = await host.api.render.estimate({ project: projectOf(source, 12), output })
    const request = { project: projectOf(source, 12, { from: 0, to: 12 }, enhance), output }
    const enhanced = await host.api.render.estimate(request)
    const { outputPath = '' } = await ended(host, await host.api.render.export(request))
    return [plain.bytes, enhanced.bytes, statSync(outputPath).size]
  }
  const [plain, enhanced, is] = await told('noisy.mkv', ',noise=alls=20:allf=t')
  expect(plain / is).toBeGreaterThan(1.5)
  expect(enhanced / is).toBeGreaterThan(1 / 1.7)
  expect(enhanced / is).toBeLessThan(1.7)
  const [clean, other] = await told('clean.mkv', '')
  expect(other / clean).toBeGreaterThan(1 / 1.5)
  expect(other / clean).toBeLessThan(1.5)
})
