// `heirloom keepsake` as a person or a script uses it: its exit codes, its words.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { appendKeepsake, mediaOf } from '../../electron/ffmpeg/keepsakeBox.js'
import type { KeepsakeInfo } from '../../electron/shared/media/keepsake/info.js'
import { FoundKeepsake } from '../../electron/shared/media/keepsake/keepsake.js'
import { folder } from '../app/folder.js'
import { bundle, cliEntry, film, root, tool } from '../engine/bundle.js'
import { FoundPhoto, writePhotoFile } from '../../electron/shared/media/keepsake/photo.js'
import { keepsakeFor, scene } from '../shared/media/keepsake/kit.js'
import { photoFor } from '../shared/media/keepsake/photoKit.js'

const at = folder()

function heirloom(words: string): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cliEntry, ...words.split(' ')], {
    ...{ cwd: at, encoding: 'utf8' },
    env: { ...process.env, HEIRLOOM_DATA: join(at, 'data'), HEIRLOOM_CACHE: join(at, 'cache') },
  })
  return { code: status, out: stdout, err: stderr }
}

beforeAll(async () => {
  await bundle()
  const [plain, kept] = [join(at, 'plain.mp4'), join(at, 'kept.mp4')]
  film(plain, { frames: 12 })
  copyFileSync(plain, kept)
  await appendKeepsake(kept, keepsakeFor(12, await mediaOf(plain)))
})

test('info says what the part holds, in words and as data', () => {
  const words = heirloom('keepsake info kept.mp4')
  expect([words.code, words.err]).toEqual([0, ''])
  expect(words.out).toMatch(/Keepsake +format 1\.0, \d+ bytes/)
  expect(words.out).toMatch(/encoder +SVT-AV1 1\.4\.1 \(av1\) preset 6, crf 40/)
  expect(words.out).toMatch(/quantiser +0\.25 to 0\.5 of 0\.\.1, 0\.458 on average/)
  expect(words.out).toMatch(/drawn here +grain/)
  const json = heirloom('keepsake info kept.mp4 --json')
  expect(FoundKeepsake.parse(JSON.parse(json.out))).toMatchObject({ state: 'there', media: 'sameLength' })
  expect(heirloom('keepsake info plain.mp4')).toMatchObject({
    ...{ code: 0, out: '', err: expect.stringContaining('an ordinary film') as string },
  })
})

test('verify ends with 0 where every byte is as it was written, else with 1 and the place', () => {
  expect(heirloom('keepsake verify kept.mp4')).toMatchObject({ code: 0, err: '' })
  const bytes = readFileSync(join(at, 'kept.mp4'))
  const last = statSync(join(at, 'kept.mp4')).size - 1
  bytes[last] = (bytes[last] ?? 0) ^ 1
  writeFileSync(join(at, 'hurt.mp4'), bytes)
  const hurt = heirloom('keepsake verify hurt.mp4')
  expect(hurt.code).toBe(1)
  expect(hurt.err).toMatch(
    new RegExp(`"qntz" is not as it was written \\(bytes \\d+ to ${last + 1} of the file\\)`),
  )
  expect(heirloom('keepsake verify plain.mp4').code).toBe(1)
})

test('of a photo, info says what it holds and that its model is not here, and verify names the place', () => {
  const bytes = writePhotoFile(photoFor())
  writeFileSync(join(at, 'photo.hlm'), bytes)
  const words = heirloom('keepsake info photo.hlm')
  expect([words.code, words.err]).toEqual([0, ''])
  expect(words.out).toMatch(/photo +301×200/)
  expect(words.out).toMatch(/shown +no, its model is not among those here/)
  const json = heirloom('keepsake info photo.hlm --json')
  expect(FoundPhoto.parse(JSON.parse(json.out))).toMatchObject({ state: 'there', damages: [] })
  expect(heirloom('keepsake verify photo.hlm')).toMatchObject({ code: 0, err: '' })
  writeFileSync(join(at, 'hurt.hlm'), bytes.subarray(0, bytes.length - 30))
  const hurt = heirloom('keepsake verify hurt.hlm')
  expect(hurt.code).toBe(1)
  expect(hurt.err).toMatch(/the file ends within "side" \(bytes \d+ to \d+\), the file ends within "exif"/)
  expect(heirloom('keepsake info hurt.hlm')).toMatchObject({ code: 0, err: '' })
  expect(heirloom('keepsake verify none.hlm').code).toBe(1)
  expect(heirloom('probe photo.hlm')).toMatchObject({
    ...{ code: 1, err: expect.stringContaining('is a Keepsake photo') as string },
  })
})

test('a Keepsake is made, told before how large it will be, and is whole; one that cannot be so small is refused', () => {
  const made = heirloom('keepsake plain.mp4 -o made.mp4 --quality 2 --codec h264')
  expect([made.code, made.out]).toEqual([0, `${join(at, 'made.mp4')}\n`])
  expect(made.err).toMatch(/about \d+ kB \(CRF 32\)/)
  expect(heirloom('keepsake verify made.mp4').code).toBe(0)
  const refused = heirloom('keepsake plain.mp4 -o none.mp4 --size 1kB --codec h264')
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/at its coarsest it has 0\.\d{3} MB/)
  expect(existsSync(join(at, 'none.mp4'))).toBe(false)
})

test('made for a program, it says what became of it', () => {
  const { code, out } = heirloom('keepsake plain.mp4 -o told.mp4 --quality 1 --codec h264 --json')
  expect(code).toBe(0)
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.at(-1)).toMatchObject({
    ...{ type: 'done', seconds: expect.any(Number) as number },
    keepsake: {
      ...{ bytes: statSync(join(at, 'told.mp4')).size, sideBytes: 0, sideShare: 0, frames: 12 },
      encoder: { codec: 'h264', name: 'x264', settings: 'crf 36' },
      base: { frames: 12, psnr: expect.any(Number) as number, ssim: expect.any(Number) as number },
    },
  })
})

test('restored, it is an ordinary film that says what was drawn; an ordinary film has nothing to restore', () => {
  const made = heirloom('keepsake restore kept.mp4 -o restored.mp4 --detail 0.5')
  expect([made.code, made.out]).toEqual([0, `${join(at, 'restored.mp4')}\n`])
  expect(made.err).toMatch(/names no model that draws detail/)
  expect(heirloom('probe restored.mp4 --json').out).toContain('grain drawn, not filmed')
  expect(heirloom('keepsake info restored.mp4').err).toContain('an ordinary film')
  const plain = heirloom('keepsake restore plain.mp4 -o none.mp4')
  expect([plain.code, plain.err]).toEqual([1, expect.stringContaining('an ordinary film') as string])
  expect(existsSync(join(at, 'none.mp4'))).toBe(false)
  expect(heirloom('keepsake restore kept.mp4 -o none.mp4 --detail 2').code).toBe(2)
  expect(heirloom('keepsake restore kept.mp4').code).toBe(2)
})

test('what restoring begins with says what is drawn, and no more: no model named, one that is missing, one that is here', async () => {
  const models = join(at, 'data', 'models')
  cpSync(join(root, 'test/fixtures/heirloom-keepsake-golden'), join(models, 'drawer'), { recursive: true })
  const info = JSON.parse(heirloom('models --json').out) as { id: string; weightsHash: string }[]
  const sha256 = info.find(({ id }) => id === 'drawer')?.weightsHash ?? ''
  const begins = async (name: string, model: KeepsakeInfo['model'], more = ''): Promise<string> => {
    copyFileSync(join(at, 'plain.mp4'), join(at, name))
    const part = keepsakeFor(12, await mediaOf(join(at, name)))
    const base = { ...part.info.base, width: 160, height: 120 }
    await appendKeepsake(join(at, name), { ...part, info: { ...part.info, base, model } })
    const words = `keepsake restore ${name} -o ${name}.out.mp4 --detail 0.7${more}`
    const { code, err } = heirloom(words)
    return `${code} ${err}`
  }
  expect(await begins('unnamed.mp4', null)).toMatch(
    /^0 .*names no model that draws detail, so no detail is drawn[^]*On "unnamed\.mp4" grain is drawn/,
  )
  expect(await begins('missing.mp4', { name: 'far', sha256: '00'.repeat(32) })).toMatch(
    /^0 .*model "far" with weights of SHA-256 0{64}, which are not[^]*On "missing\.mp4" grain is drawn/,
  )
  const here = await begins('here.mp4', { name: 'drawer', sha256 })
  expect(here).toMatch(/^0 note: On "here\.mp4" detail is drawn by the model "drawer", 70 % of it, and grain/)
  expect(here).not.toMatch(/no detail|without detail|no grain/)
  const bare = await begins('bare.mp4', { name: 'drawer', sha256 }, ' --no-grain')
  expect(bare).toMatch(/^0 note: On "bare\.mp4" detail is drawn by the model "drawer", 70 % of it; it was/)
  rmSync(models, { recursive: true })
})

test('of several each is restored into a folder; one of which nothing can be drawn is refused and told, and the others are made', () => {
  const bytes = readFileSync(join(at, 'kept.mp4'))
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(join(at, 'broken.mp4'), bytes)
  const made = heirloom('keepsake restore broken.mp4 kept.mp4 plain.mp4 -o all --json')
  expect(made.code).toBe(1)
  expect(made.err).toContain('2 of 3 films could not be restored: broken.mp4, plain.mp4')
  expect(readdirSync(join(at, 'all'))).toEqual(['kept (restored).mp4'])
  const told = made.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(told.filter(({ type }) => type === 'failed').map(({ code }) => code)).toEqual([
    ...['keepsake-damaged', 'not-found', 'some-failed'],
  ])
  expect(told).toContainEqual({ type: 'all', done: 1, failed: 2 })
  const alone = heirloom('keepsake restore broken.mp4 -o alone.mp4')
  expect([alone.code, alone.err]).toEqual([1, expect.stringContaining('is damaged') as string])
  expect(existsSync(join(at, 'alone.mp4'))).toBe(false)
  const base = heirloom('keepsake restore broken.mp4 -o alone.mp4 --base')
  expect([base.code, base.err]).toEqual([0, expect.stringContaining('is damaged') as string])
  expect(existsSync(join(at, 'alone.mp4'))).toBe(true)
})

test('of a photo that is restored with detail it is not said that it is without', () => {
  const models = join(at, 'data', 'models')
  cpSync(join(root, 'test/fixtures/residual-codec-golden'), join(models, 'small-photo'), { recursive: true })
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64', '-frames:v', '1', join(at, 'still.png')]
  tool('ffmpeg', ['-v', 'error', '-y', ...picture])
  const made = heirloom('keepsake still.png -o still.hlm')
  expect([made.code, made.err]).toEqual([0, expect.not.stringContaining('gains less') as string])
  const drawn = heirloom('keepsake restore still.hlm -o drawn.png --detail 0.7')
  expect(drawn.code).toBe(0)
  expect(drawn.err).toMatch(
    /^note: On the Keepsake photo "still\.hlm" .* 70 % of it; it was not photographed/,
  )
  expect(drawn.err.match(/On the Keepsake photo/g)).toHaveLength(1)
  expect(drawn.err).not.toMatch(/without detail|gains less/)
  const faithful = heirloom('keepsake restore still.hlm -o faithful.png --detail 0')
  expect([faithful.code, faithful.err]).toEqual([0, expect.stringMatching(/^note: .*without detail/)])
  rmSync(models, { recursive: true })
})

test('info tells of a film of very many scenes as of any other', async () => {
  const many = join(at, 'many.mp4')
  copyFileSync(join(at, 'plain.mp4'), many)
  const scenes = Array.from({ length: 60_000 }, (_, i) => scene(i, i + 1))
  await appendKeepsake(many, { ...keepsakeFor(60_000, await mediaOf(many)), scenes })
  const { code, out } = heirloom('keepsake info many.mp4')
  expect([code, /scenes +(\d+)/.exec(out)?.[1]]).toEqual([0, '60000'])
})
