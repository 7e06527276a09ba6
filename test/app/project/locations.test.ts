// Finding the media of a named project: those that are gone cost next to nothing, however many; of the others a few are looked at together.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGrants } from '../../../electron/app/access/grants.js'
import { located } from '../../../electron/app/project/locations.js'
import { type Project, emptyProject } from '../../../electron/shared/document/document.js'
import { media } from '../../shared/document/kit.js'
import { folder } from '../folder.js'

const projectOf = (paths: readonly string[]): Project => ({
  ...emptyProject,
  media: paths.map((absolute, n) =>
    media(String(n), 10, { locations: { absolute, relative: `away/${n}.mp4` } }),
  ),
})

/** What is asked of each path, and how many are asked about at once. */
function watched() {
  const asked: string[] = []
  let [now, most] = [0, 0]
  const isAllowed = async (path: string): Promise<boolean> => {
    asked.push(path)
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 1))
    now--
    return true
  }
  return { asked, most: () => most, reach: { isAllowed, fingerprint: () => undefined } }
}

test('nothing is asked about single files in folders that are not there', async () => {
  const at = folder()
  const { asked, reach } = watched()
  const project = projectOf(
    Array.from({ length: 300 }, (_, n) => join(at, 'gone', String(n % 3), `${n}.mp4`)),
  )
  expect(await located(project, at, reach)).toEqual(project)
  expect(asked).toEqual([])
})

test('files are found in the order of the project, some at a time, not all', async () => {
  const at = folder()
  mkdirSync(join(at, 'films'))
  const paths = Array.from({ length: 100 }, (_, n) => join(at, 'films', `${n}.mp4`))
  for (const [n, path] of paths.entries()) if (n % 2 === 0) writeFileSync(path, '')
  const { most, reach } = watched()
  const found = await located(projectOf(paths), at, reach)
  expect(found.media.map(({ locations }) => locations)).toEqual(
    paths.map((absolute, n) => (n % 2 === 0 ? { absolute } : { absolute, relative: `away/${n}.mp4` })),
  )
  expect(most()).toBeGreaterThan(1)
  expect(most()).toBeLessThan(50)
})

test('many files are granted and checked at once; the first that was not granted is named', async () => {
  const at = folder()
  const paths = Array.from({ length: 50 }, (_, n) => join(at, 'gone', `${n}.mp4`))
  const grants = createGrants()
  await grants.addFiles(paths.slice(0, 40))
  await grants.checkAll(paths.slice(0, 40))
  await expect(grants.checkAll(paths)).rejects.toMatchObject({ code: 'not-allowed', message: /"40\.mp4"/ })
  await expect(grants.check(paths[7]!)).resolves.toBe(paths[7])
})
