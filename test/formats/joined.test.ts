// Films put one behind the other in one file, whose readers end with the first or take the second for damage: all of them are shown,
// each with its own sound, and it is said where they were joined.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import { beeping, beeps, exported, make, numberOf, numbered, openHost, pictures } from './kit.js'

const at = folder()

/** Two seconds and one second; the second film is coded otherwise, so that nothing of the first one's head fits it. */
function joined(ending: string, codec: readonly string[], other: readonly string[]): string {
  const parts = [
    make(at, ...numbered(2), ...beeping(2), ...codec, `first.${ending}`),
    make(at, ...numbered(1), ...beeping(1), ...other, `second.${ending}`),
  ]
  const path = join(at, `joined.${ending}`)
  writeFileSync(path, Buffer.concat(parts.map((part) => readFileSync(part))))
  return path
}

test.each([
  [
    'ogv',
    ['-c:v', 'libtheora', '-q:v', '10', '-c:a', 'libvorbis'],
    ['-c:v', 'libtheora', '-q:v', '8', '-c:a', 'libvorbis', '-q:a', '6'],
  ],
  [
    'flv',
    ['-c:v', 'libx264', '-bf', '0', '-c:a', 'aac'],
    ['-c:v', 'libx264', '-bf', '0', '-crf', '12', '-c:a', 'aac'],
  ],
  ['wmv', ['-c:v', 'wmv2', '-q:v', '2', '-c:a', 'wmav2'], ['-c:v', 'wmv2', '-q:v', '3', '-c:a', 'wmav2']],
  [
    'avi',
    ['-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'pcm_s16le'],
    ['-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'pcm_s16le'],
  ],
])('%s', async (ending, codec, other) => {
  const host = await openHost(at)
  const input = joined(ending, codec, other)
  const all = await exported(host, at, input)
  expect(all.job.failure).toBeUndefined()
  const shown = pictures(all.path)
  expect(shown).toHaveLength(75)
  for (const [i, { luma }] of shown.entries()) expect(numberOf(luma)).toBe((i < 50 ? i : i - 50) % 32)
  const heard = beeps(all.path).map(({ from }) => from)
  expect(heard).toHaveLength(3)
  // Coders of sound begin softly: only the beep in the middle stands to the hundredth.
  for (const [i, within] of [0.07, 0.01, 0.07].entries())
    expect(Math.abs((heard[i] ?? NaN) - i), `beep ${i}`).toBeLessThan(within)
  expect(all.before.join()).toMatch(/joined|one behind the other/)
  expect([...all.before, ...all.after].join('\n')).not.toMatch(/Not as in|damaged|not shown/)
  const part = await exported(host, at, input, { range: [60, 70] })
  expect(pictures(part.path).map(({ luma }) => numberOf(luma))).toEqual([
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
  ])
})
