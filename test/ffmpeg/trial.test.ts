// Whether a film could be written is tried with a file of that folder. While it lies there the folder becomes a link that leads elsewhere.
import { mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs'
import type * as Files from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { checkTarget } from '../../electron/ffmpeg/target.js'
import { folder } from '../app/folder.js'

const turning = vi.hoisted(() => ({ turn: () => {} }))
vi.mock('node:fs/promises', async (importOriginal) => {
  const files = await importOriginal<typeof Files>()
  const open: typeof files.open = async (path, flags, mode) => {
    const file = await files.open(path, flags, mode)
    if (flags === 'wx') turning.turn()
    return file
  }
  return { ...files, open }
})

test.skipIf(process.platform !== 'linux')(
  'the trial lies and goes in the folder that was asked for',
  async () => {
    const at = folder()
    const [place, outside] = [join(at, 'place'), join(at, 'outside')]
    mkdirSync(place)
    mkdirSync(outside)
    let found: string[] = []
    turning.turn = () => {
      found = readdirSync(place)
      renameSync(place, `${place}.old`)
      symlinkSync(outside, place)
    }
    await checkTarget(join(place, 'film.mp4'), [], false)
    expect(found).toHaveLength(1)
    expect(readdirSync(`${place}.old`)).toEqual([])
    expect(readdirSync(outside)).toEqual([])
  },
)
