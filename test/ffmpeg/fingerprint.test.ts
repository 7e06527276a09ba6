// Which file it is: its content decides, not its name, its place or its date; long files are told apart by their ends and their middle.
import { copyFileSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fingerprintOf, isSameFile, sourceIdOf } from '../../electron/ffmpeg/fingerprint.js'

const at = mkdtempSync(join(tmpdir(), 'heirloom-fingerprint-'))
afterAll(() => rmSync(at, { recursive: true }))

const MiB = 1 << 20
const file = (name: string, bytes: number, changed?: number): string => {
  const content = Buffer.alloc(bytes, 'home video ')
  if (changed !== undefined) content.writeUInt8(content.readUInt8(changed) ^ 1, changed)
  writeFileSync(join(at, name), content)
  return join(at, name)
}
const of = (path: string) => fingerprintOf(path, statSync(path))

test('a copy with another name and another date is the same, a file with one byte more is not', async () => {
  const film = file('film.avi', 5 * MiB)
  const copy = join(at, 'copy.mov')
  copyFileSync(film, copy)
  utimesSync(copy, 1, 1)
  expect(await of(copy)).toBe(await of(film))
  expect(await of(file('longer.avi', 5 * MiB + 1))).not.toBe(await of(film))
})

test.each([
  ['of a short file', 3 * MiB, [0, MiB + 1, 3 * MiB - 1], []],
  ['of a long file', 9 * MiB, [0, MiB - 1, 4 * MiB, 5 * MiB - 1, 8 * MiB, 9 * MiB - 1], [2 * MiB, 7 * MiB]],
])('head, middle and tail %s decide', async (_, bytes, telling, silent) => {
  const whole = await of(file('whole', bytes))
  for (const place of telling)
    expect([place, await of(file(`${place}`, bytes, place))]).not.toEqual([place, whole])
  for (const place of silent)
    expect([place, await of(file(`${place}`, bytes, place))]).toEqual([place, whole])
})

test('one that was touched is the same file, one that was changed under its name is another', async () => {
  const path = file('touched', 100)
  const { size, mtimeMs } = statSync(path)
  const opened = { fingerprint: await of(path), bytes: size, modifiedMs: mtimeMs }
  utimesSync(path, 5, 5)
  expect(await isSameFile(path, opened)).toBe(true)
  file('touched', 100, 50)
  expect(await isSameFile(path, opened)).toBe(false)
  file('touched', 101)
  expect(await isSameFile(path, opened)).toBe(false)
  await expect(isSameFile(join(at, 'gone'), opened)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a source is one content, one track and one way to read it', () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
  const ids = [
    ...[sourceIdOf(a, 0, {}), sourceIdOf(b, 0, {}), sourceIdOf(a, 1, {})],
    ...[sourceIdOf(a, 0, { fields: 'tff' }), sourceIdOf(a, 0, { fields: 'bff' })],
    sourceIdOf(a, 0, { fields: 'tff', range: 'full' }),
  ]
  expect(new Set(ids).size).toBe(6)
  expect(sourceIdOf(a, 0, { range: 'full', fields: 'tff' })).toBe(ids[5])
  expect(sourceIdOf(a, 0, { fields: undefined })).toBe(ids[0])
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{40}$/)
})
