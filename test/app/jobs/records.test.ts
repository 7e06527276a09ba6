// Jobs as rows: what another process left is seen, what it needs stays, and what nobody goes on with is forgotten.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { JobSpec } from '../../../electron/app/jobs/spec.js'
import { folder } from '../folder.js'
import { outputAt } from '../hosting.js'
import { type Storing, storing } from '../storing.js'

const Ids = z.object({ id: z.string() })
const Any = z.object({})
const spec: JobSpec = {
  kind: 'export',
  request: { project: { clips: [], sources: [] }, output: outputAt('/films/a.mp4') },
}
const facts = (key: string, isOffered: boolean) => ({ framesTotal: 10, needs: [key], isOffered })

/** As if its process had been killed: its sign of life names one that is gone. */
function kill(cache: string): void {
  const running = join(cache, 'running')
  for (const name of readdirSync(running)) {
    const record = JSON.parse(readFileSync(join(running, name), 'utf8')) as { owner: { pid: number } }
    record.owner.pid = spawnSync('true').pid
    writeFileSync(join(running, name), JSON.stringify(record))
  }
}

async function opened(cache: string): Promise<Storing> {
  const one = storing(cache)
  await one.records.open()
  return one
}
const pinned = async ({ records }: Storing): Promise<string[]> =>
  [...records.pinned(await records.living())].sort()
const left = async ({ records }: Storing): Promise<string[]> => (await records.left()).map(({ id }) => id)

test('what a process needs stays while it lives; when it was killed, only what is offered', async () => {
  const cache = folder()
  const one = await opened(cache)
  one.records.add('window', spec, facts('a', true))
  one.records.add('terminal', spec, facts('b', false))
  one.records.change('window', 'running')
  kill(cache)
  const other = await opened(cache)
  other.records.add('own', spec, facts('c', false))
  expect([await pinned(other), await left(other)]).toEqual([['a', 'c'], ['window']])
  await other.records.sweep()
  expect(readdirSync(join(cache, 'running'))).toHaveLength(1)
  expect(other.database.rows(Ids, 'SELECT id FROM jobs').map(({ id }) => id)).toEqual(['own', 'window'])
  expect(await other.records.left()).toMatchObject([{ spec, needs: ['a'], frames: 10, isCurrent: true }])
})

test('of a living process nothing is left; of one that closed what was not done', async () => {
  const cache = folder()
  const [one, other] = [await opened(cache), await opened(cache)]
  for (const state of ['running', 'done', 'cancelled', 'failed', 'closed'] as const) {
    one.records.add(state, spec, facts(`key-${state}`, true))
    one.records.change(state, state)
  }
  expect(await left(other)).toEqual([])
  await one.records.close()
  expect((await left(other)).sort()).toEqual(['closed', 'failed', 'running'])
  expect(await pinned(other)).toEqual(['key-closed', 'key-failed', 'key-running'])
  await other.records.remove('failed')
  expect(await pinned(other)).toEqual(['key-closed', 'key-running'])
})

test('work of other arithmetic does not count, and a row that is no job is passed over', async () => {
  const cache = folder()
  const [one, other] = [await opened(cache), await opened(cache)]
  for (const id of ['older', 'odd']) one.records.add(id, spec, facts(id, true))
  await one.records.close()
  one.database.run("UPDATE jobs SET numerics = -1 WHERE id = 'older'")
  one.database.run("UPDATE jobs SET spec = '{}' WHERE id = 'odd'")
  expect(await other.records.left()).toMatchObject([{ id: 'older', isCurrent: false }])
})

test('what has ended is not remembered for ever, nor what it needed', async () => {
  const one = await opened(folder())
  for (let i = 0; i < 70; i++) {
    one.records.add(`${i}`, spec, facts(`${i}`, true))
    one.records.change(`${i}`, 'done')
  }
  const count = (table: string): number => one.database.rows(Any, `SELECT * FROM ${table}`).length
  expect([count('jobs'), count('pins')]).toEqual([50, 0])
})
