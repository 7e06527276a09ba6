// What stands in model.json beside the contract: what the engine refuses (test/native/contract_test.cpp) is not offered to choose from either.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createModels } from '../../../electron/app/models/models.js'
import changes from '../../fixtures/contracts/descriptions.json' with { type: 'json' }
import { folder } from '../folder.js'

const model = join(import.meta.dirname, '..', '..', 'fixtures', changes.of)

/** The only model there is: that of the fixtures with this in its model.json instead. */
function changed(from: string, to: string) {
  const own = folder()
  mkdirSync(join(own, 'mine'))
  copyFileSync(join(model, 'model.safetensors'), join(own, 'mine', 'model.safetensors'))
  const text = readFileSync(join(model, 'model.json'), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(own, 'mine', 'model.json'), text.replace(from, to))
  return createModels(join(own, 'none'), own).all()
}

test.each(changes.wrong)('refused by its place: $to', async ({ place, from, to }) => {
  const { found, unusable } = await changed(from, to)
  expect(found).toEqual([])
  expect(unusable.map(({ failure }) => failure.sentence)).toMatchObject([
    { key: 'modelContract', values: { id: 'mine', place: expect.stringMatching(`^${place}`) as string } },
  ])
})

test.each(changes.good)('taken: $to', async ({ from, to }) => {
  expect((await changed(from, to)).found.map(({ info }) => info.id)).toEqual(['mine'])
})
