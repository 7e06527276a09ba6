// Bringing weights in, with an engine that only counts.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createImports } from '../../../electron/app/models/imports.js'
import type { Models } from '../../../electron/app/models/models.js'
import type { Engine } from '../../../electron/engine/client.js'
import { folder } from '../folder.js'

const at = folder()
const weights = join(at, 'weights')
const context = { signal: new AbortController().signal, progress: () => undefined }

test('a folder that was looked at is not read again for its import, unless it has changed', async () => {
  mkdirSync(weights)
  writeFileSync(join(weights, 'model.safetensors'), 'one')
  const asked: string[] = []
  const engine = {
    run: ({ kind }: { kind: string }) => {
      asked.push(kind)
      return Promise.resolve({
        ...{ kind: 'published', files: [], missing: [], version: 'v1.1', hint: '', isPublishedSize: true },
        ...{ parameters: 1, importBytes: 1, problem: null },
      })
    },
  } as unknown as Engine
  const models = {
    list: () => Promise.resolve([]),
    freeFolder: (id: string) => Promise.resolve({ id, folder: join(at, 'models', id) }),
    setOrigin: () => Promise.resolve(),
  } as unknown as Models
  const imports = createImports({ models, engine, dataFolder: at, onModels: () => Promise.resolve() })
  const from = { kind: 'folder', from: weights, folder: weights, wanted: undefined } as const
  await imports.look(weights, context)
  await imports.bringIn(from, context)
  expect(asked).toEqual(['inspect', 'import'])
  writeFileSync(join(weights, 'model.safetensors'), 'another')
  await imports.bringIn(from, context)
  expect(asked).toEqual(['inspect', 'import', 'inspect', 'import'])
})
