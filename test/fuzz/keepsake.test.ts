// 500 damaged copies of a Keepsake film: its box is whole and used, or what is wrong is told; no crash, no hang, and where only the box was hurt
// the film decodes to the same bits.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendKeepsake, findKeepsake, mediaOf, readKeepsake } from '../../electron/ffmpeg/keepsakeBox.js'
import { defaultEnhance, isUntouched, keepsakeModel } from '../../electron/shared/document/project.js'
import { restored } from '../../electron/shared/document/restoring.js'
import { make, tools, workFolder } from '../ffmpeg/clips.js'
import { keepsakeFor } from '../shared/media/keepsake/kit.js'
import { type Random, random } from '../shared/random.js'

const folder = workFolder()
const frames = 12
const film = make(
  folder,
  'film.mp4',
  `-f lavfi -i mandelbrot=size=64x48:rate=25 -frames:v ${frames} -c:v libx264 -pix_fmt yuv420p -movflags +faststart`,
)
const kept = join(folder, 'kept.mp4')
copyFileSync(film, kept)
await appendKeepsake(kept, keepsakeFor(frames, await mediaOf(film)))
const whole = readFileSync(kept)
const boxAt = readFileSync(film).length

/** Bytes at or behind `from`: some changed, a stretch blanked, a stretch copied, the end cut off. */
function mutated(next: Random, from: number): Buffer {
  const data = Buffer.from(whole)
  const place = (): number => next.whole(from, data.length - 1)
  switch (next.pick(['bytes', 'blank', 'copy', 'cut'])) {
    case 'bytes':
      for (let n = next.whole(1, 8); n > 0; n--) data[place()] = next.whole(0, 255)
      return data
    case 'blank':
      return data.fill(next.pick([0, 255]), place(), data.length - next.whole(0, 30))
    case 'copy':
      data.copy(data, place(), place(), data.length)
      return data
    default:
      return data.subarray(0, place())
  }
}

const wanted = { ...defaultEnhance, model: keepsakeModel, scale: 1, strength: 1, grain: true } as const

const sums = (path: string): string =>
  execFileSync(tools.ffmpeg, ['-v', 'quiet', '-i', path, '-f', 'framemd5', '-'], { encoding: 'utf8' })

test('damaged Keepsake films are told or used, and the film plays', { timeout: 600_000 }, async () => {
  const right = sums(film)
  let used = 0
  for (let seed = 0; seed < 500; seed++) {
    const isOfBox = seed % 2 === 0
    const data = mutated(random(seed), isOfBox ? boxAt : 0)
    const path = join(folder, 'hurt.mp4')
    writeFileSync(path, data)
    const found = await findKeepsake(path, { isWhole: true })
    const isTold = found.state !== 'there' || found.damages.length > 0 || found.media !== 'same'
    const keepsake = await readKeepsake(path)
    if (keepsake) used++
    // Whoever restores it draws on a film whose part is whole, and lets any other pass.
    const { enhance, notes } = restored(wanted, await findKeepsake(path, { isWhole: false }), [], 'film')
    expect(isUntouched(enhance), `seed ${seed}`).toBe(keepsake === undefined)
    expect(notes.length, `seed ${seed}`).toBeGreaterThan(0)
    if (isOfBox) {
      // Whatever was changed of it is told, unless nothing was.
      expect(isTold, `seed ${seed}`).toBe(!data.equals(whole))
      expect(keepsake !== undefined, `seed ${seed}`).toBe(data.equals(whole))
      if (seed % 20 === 0) expect(sums(path), `seed ${seed}`).toBe(right)
    } else if (keepsake) {
      // The box is as it was: only the film can be another.
      expect(keepsake.info.seed, `seed ${seed}`).toBe(7)
    }
  }
  console.log(`the box of ${used} of 500 damaged Keepsake films could be used`)
})

/** How often this process has asked the system to read. */
const readsSoFar = (): number => Number(/syscr: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])

// Only Linux counts them.
test.skipIf(process.platform !== 'linux').each(['free', 'mdat'])(
  'a million boxes of "%s" that hold next to nothing are looked at in pieces, not one by one',
  async (type) => {
    const ftyp = Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1')
    const box = Buffer.concat([Buffer.from([0, 0, 0, 9]), Buffer.from(`${type}x`)])
    const path = join(folder, `${type}.mp4`)
    writeFileSync(path, Buffer.concat([ftyp, Buffer.alloc((1 << 20) * box.length, box)]))
    const before = readsSoFar()
    expect(await findKeepsake(path, { isWhole: true })).toEqual({ state: 'none' })
    expect((await mediaOf(path)).bytes).toBe(type === 'mdat' ? (1 << 20) - 1 : 0)
    expect(readsSoFar() - before).toBeLessThan(2000)
  },
)
