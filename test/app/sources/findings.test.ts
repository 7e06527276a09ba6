// What was found out of a source is kept: another run of Heirloom asks the engine no more, unless its estimator is another one.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createJobs } from '../../../electron/app/jobs/jobs.js'
import { createDamages } from '../../../electron/app/sources/damage.js'
import { fieldCountsOf, openFindings } from '../../../electron/app/sources/findings.js'
import type { Media } from '../../../electron/app/sources/media.js'
import type { Engine } from '../../../electron/engine/client.js'
import type { Damage } from '../../../electron/shared/media/damage.js'
import { folder } from '../folder.js'
import { unwritten } from '../storing.js'

const at = folder()
const damage: Damage = { noise: 0.5, blockiness: 0, blur: 0.25, combing: 0, position: 0.5, strength: 0.75 }
const fields = { top: 3, bottom: 40, whole: 1 }

/** A run of Heirloom over the same cache; `asked` counts what its engine and ffmpeg were asked. */
function runOf() {
  const asked = { damage: 0, fields: 0 }
  const engine = { run: () => Promise.resolve((asked.damage++, damage)) } as unknown as Engine
  const media = {
    source: (id: string) => Promise.resolve({ id }),
    tablePath: () => Promise.resolve(''),
    fieldCounts: () => Promise.resolve((asked.fields++, fields)),
  } as unknown as Media
  const findings = openFindings(at)
  const damages = createDamages({ engine, media, jobs: createJobs(() => undefined, unwritten), findings })
  return { asked, media, findings, damages }
}

test('a second run takes what the first found out', async () => {
  const first = runOf()
  expect(await first.damages.of('ab')).toEqual(damage)
  expect(await fieldCountsOf(first, 'ab')).toEqual(fields)
  expect(first.asked).toEqual({ damage: 1, fields: 1 })
  const second = runOf()
  expect(await second.damages.of('ab')).toEqual(damage)
  expect(await fieldCountsOf(second, 'ab')).toEqual(fields)
  expect(second.asked).toEqual({ damage: 0, fields: 0 })
})

test('what another estimator found, and a record that is none, count for nothing', async () => {
  const before = runOf()
  await before.findings.add('cd', { damage: { ...damage, by: 'another', noise: 1 } })
  expect(await before.damages.of('cd')).toEqual(damage)
  expect(before.asked.damage).toBe(1)

  const [name = ''] = readdirSync(join(at, 'findings')).filter((one) => one.startsWith('cd'))
  writeFileSync(join(at, 'findings', name), '{"damage": {"noise": 7}}')
  const after = runOf()
  expect(await after.damages.of('cd')).toEqual(damage)
  expect(after.asked.damage).toBe(1)
})
