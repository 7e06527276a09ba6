// Where no folder is shared, as on a desktop, a window may only name what was chosen. What a person types into the name that was suggested is allowed
// beside it, as long as nothing is there.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesHandlers } from '../../../electron/app/access/handlers.js'
import { createGrants } from '../../../electron/app/access/grants.js'
import { toFailure } from '../../../electron/shared/contract/errors.js'
import type { Source } from '../../../electron/shared/media/source.js'
import { source as anySource } from '../../shared/sources.js'
import { folder } from '../folder.js'

async function desktop() {
  const at = folder()
  const source: Source = { ...anySource(), path: join(at, 'tape.mp4') }
  writeFileSync(source.path, 'film')
  const grants = createGrants()
  await grants.addFile(source.path)
  let chosen: string | null = null
  const files = filesHandlers({
    ...{ grants, outputs: createGrants(), writing: () => [], inboxFolder: undefined, shell: undefined },
    sources: { source: () => Promise.resolve(source), table: () => Promise.reject(new Error('no table')) },
    sourcePaths: () => Promise.resolve([source.path]),
    dialogs: {
      chooseSources: () => Promise.resolve([]),
      chooseOutput: () => Promise.resolve(chosen),
      chooseFolder: () => Promise.resolve(null),
      chooseProject: () => Promise.resolve(null),
      chooseProjectOutput: () => Promise.resolve(null),
    },
  })
  const refusalOf = (path: string) =>
    files.checkOutput(path).then(
      ({ refusal }) => refusal?.key,
      (error: unknown) => toFailure(error).code,
    )
  return { at, files, grants, refusalOf, source, choose: (path: string) => (chosen = path) }
}

test('a typed name beside the one that was suggested is free to be written, and nothing else is', async () => {
  const { at, files, grants, refusalOf, source } = await desktop()
  const typed = join(at, 'Summer.mp4')
  expect(await refusalOf(typed), 'nothing was suggested yet').toBe('not-allowed')
  await files.suggestOutput(source.id, 'mp4', 'enhanced', 'en')
  expect(await refusalOf(typed)).toBeUndefined()
  expect(await grants.isAllowed(typed)).toBe(true)
  mkdirSync(join(at, 'inside'))
  for (const path of [join(at, 'inside', 'a.mp4'), join(at, '..', 'a.mp4'), '/a.mp4'])
    expect(await refusalOf(path), path).toBe('not-allowed')
})

test('what is there is not replaced by typing its name, but by choosing it', async () => {
  const { at, files, grants, refusalOf, source, choose } = await desktop()
  const [taken, link] = [join(at, 'taken.mp4'), join(at, 'link.mp4')]
  writeFileSync(taken, 'precious')
  symlinkSync(join(at, 'nowhere.mp4'), link)
  await files.suggestOutput(source.id, 'mp4', 'enhanced', 'en')
  for (const path of [taken, link]) {
    expect(await refusalOf(path), path).toBe('typedTaken')
    expect(await grants.isAllowed(path), path).toBe(false)
  }
  choose(taken)
  await files.chooseOutput('x.mp4')
  expect(await files.checkOutput(taken)).toMatchObject({ exists: true, refusal: undefined })
  expect(await files.checkOutput(source.path)).toMatchObject({ isSource: true })
})
