// A document of very many media whose files are gone, opened by a window: the host is not asked for all at once, and each failure is kept once.
// @vitest-environment jsdom
import './dom.js'
import { expect, test } from 'vitest'
import { failing } from '../../electron/shared/contract/errors.js'
import { createFake } from '../../renderer/api/fake.js'
import { start } from '../../renderer/stores/start.js'
import { reloadAll, useSources } from '../../renderer/stores/sources.js'

test('of thousands of missing files some are asked for at a time, and they are told in few steps', async () => {
  const fake = createFake({})
  let [now, most] = [0, 0]
  fake.api.sources.open = async (path) => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    throw failing('source-vanished', 'sourceGone', { name: path, path })
  }
  await start(fake)
  const references = Array.from({ length: 3000 }, (_, n) => {
    const id = String(n).padStart(32, '0')
    return { id, path: `/gone/${n}.mp4`, name: `${n}.mp4`, frames: 25 }
  })
  let steps = 0
  const leave = useSources.subscribe(() => steps++)
  await reloadAll(references)
  leave()
  const { missing } = useSources.getState()
  expect(references.filter(({ id }) => missing[id]?.code !== 'source-vanished')).toEqual([])
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThan(100)
  expect(steps).toBeLessThan(10)
})
