// What may lie under a result's name before there is one: links of all kinds, folders, pipes. Nothing of it is followed, filled or lost.
import { execFileSync } from 'node:child_process'
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkOutput } from '../../electron/app/access/outputs.js'
import { holdFolder } from '../../electron/ffmpeg/folder.js'
import { checkTarget, placeSafely } from '../../electron/ffmpeg/target.js'
import type { AppError } from '../../electron/shared/contract/errors.js'
import { folder } from '../app/folder.js'

const keyOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: AppError) => error.sentence?.key,
  )

/** A folder with a source and, under o.mp4, what `make` puts there. */
async function placed(make: (at: string) => void): Promise<{ at: string; source: string; path: string }> {
  const at = await realpath(folder())
  writeFileSync(join(at, 'source.mp4'), 'precious')
  mkdirSync(join(at, 'folder'))
  make(at)
  return { at, source: join(at, 'source.mp4'), path: join(at, 'o.mp4') }
}
const under = (at: string): string => join(at, 'o.mp4')

test.each<[what: string, make: (at: string) => void, asked: string | undefined, allowed: string | undefined]>(
  [
    ['nothing', () => undefined, undefined, undefined],
    ['a file', (at) => writeFileSync(under(at), 'old'), 'outputExists', undefined],
    ['a link that leads nowhere', (at) => symlinkSync('gone', under(at)), 'outputExists', undefined],
    ['a link into no folder', (at) => symlinkSync('no/where', under(at)), 'outputExists', undefined],
    ['a circle of links', (at) => symlinkSync('o.mp4', under(at)), 'outputExists', undefined],
    ['a folder', (at) => mkdirSync(under(at)), 'outputIsFolder', 'outputIsFolder'],
    ['a link to a folder', (at) => symlinkSync('folder', under(at)), 'outputIsFolder', 'outputIsFolder'],
    [
      'a link to the source',
      (at) => symlinkSync('source.mp4', under(at)),
      'outputIsSource',
      'outputIsSource',
    ],
    [
      'a second name of the source',
      (at) => linkSync(join(at, 'source.mp4'), under(at)),
      'outputIsSource',
      'outputIsSource',
    ],
    ['a pipe', (at) => void execFileSync('mkfifo', [under(at)]), 'outputNotFile', 'outputNotFile'],
    ['a device', (at) => symlinkSync('/dev/null', under(at)), 'outputNotFile', 'outputNotFile'],
  ],
)('under the name lies %s', async (_, make, asked, allowed) => {
  const { at, source, path } = await placed(make)
  const before = readdirSync(at)
  expect(await keyOf(checkTarget(path, [source], false))).toBe(asked)
  expect(await keyOf(checkTarget(path, [source], true))).toBe(allowed)
  expect(readdirSync(at)).toEqual(before)
  const check = await checkOutput(path, [source], [])
  expect(check.exists).toBe(asked !== undefined)
  if (asked === 'outputExists') expect(check.freePath).toBe(join(at, 'o (2).mp4'))
})

test('a link that appears meanwhile is left alone; one that may be replaced is replaced, not followed', async () => {
  const { at, path, source } = await placed((there) => symlinkSync('source.mp4', under(there)))
  const held = await holdFolder(path)
  try {
    const part = join(at, 'part.mp4')
    writeFileSync(part, 'film')
    expect(await placeSafely(part, path, false, held)).toBe(join(at, 'o (2).mp4'))
    writeFileSync(part, 'film')
    expect(await placeSafely(part, path, true, held)).toBe(path)
  } finally {
    await held.close()
  }
  expect(lstatSync(path).isFile()).toBe(true)
  expect([readFileSync(path, 'utf8'), readFileSync(source, 'utf8')]).toEqual(['film', 'precious'])
})
