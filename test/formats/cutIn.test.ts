// Films cut without encoding: an edit list skips what lies between a key picture and the cut. It stays skipped in every container.
import { expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import { beeping, beeps, exported, make, numberOf, numbered, openHost, pictures } from './kit.js'

const at = folder()

test.each([
  ['b.mp4', ['-bf', '2', '-c:a', 'aac']],
  ['b.mov', ['-bf', '2', '-c:a', 'pcm_s16le']],
  ['plain.mov', ['-bf', '0', '-c:a', 'aac']],
  ['plain.mp4', ['-bf', '0', '-c:a', 'ac3']],
])(
  'what an edit list skips at the beginning is neither seen nor heard: %s',
  async (name, codecs) => {
    const whole = make(
      at,
      ...numbered(3),
      ...beeping(3),
      '-c:v',
      'libx264',
      '-g',
      '25',
      ...codecs,
      `whole-${name}`,
    )
    const film = make(at, '-ss', '0.52', '-i', whole, '-c', 'copy', name)
    const host = await openHost(at)
    for (const ending of ['mp4', 'mov', 'mkv'] as const) {
      const { job, path, after } = await exported(host, at, film, { ending })
      expect(job.failure).toBeUndefined()
      const shown = pictures(path)
      const start = shown[0]?.at ?? NaN
      expect([ending, shown.length]).toEqual([ending, 62])
      // Matroska shows all a little later, by what an encoder of sound puts before its first sample.
      expect(start).toBeLessThan(ending === 'mkv' ? 0.03 : 0.001)
      const first = numberOf(shown[0]?.luma ?? NaN)
      // A beep stands at every whole second of what was filmed, and so does every 25th picture.
      const found = beeps(path).map(({ from }) => from - start + first / 25)
      expect(found.map((second) => Math.round(second))).toEqual([1, 2])
      for (const second of found) expect(Math.abs(second - Math.round(second))).toBeLessThan(0.01)
      expect(after.join('\n')).not.toMatch(/Lost|Not as/)
    }
  },
  120_000,
)
