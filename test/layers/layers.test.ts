import { expect, test } from 'vitest'
import { filesBelow } from './files.js'
import { type SourceFile, nativeViolations, violations } from './layers.js'

const product = (): SourceFile[] => [...filesBelow('electron', /\.ts$/), ...filesBelow('renderer', /\.tsx?$/)]

/** C++ without its comments. */
const code = (text: string): string => text.replaceAll(/\/\/.*$/gm, '')

test('every import of the product keeps to its layer', () => {
  const files = product()
  expect(files.length).toBeGreaterThan(10)
  expect(violations(files)).toEqual([])
})

test('every include of the engine keeps to its layer', () => {
  const files = filesBelow('native', /\.(h|cpp|cu)$/)
  expect(files.length).toBeGreaterThan(5)
  expect(nativeViolations(files)).toEqual([])
})

test('symbols become bytes in integers only: no number with a point where they are coded', () => {
  const rooms = ['native/src/entropy', 'native/src/cuda/entropy']
  const files = rooms.flatMap((room) => filesBelow(room, /\.(h|cpp|cu)$/))
  expect(files.length).toBeGreaterThan(15)
  const found = files.filter(({ text }) => /\b(float|double|cmath)\b/.test(code(text)))
  expect(found.map(({ path }) => path)).toEqual([])
})

const planted: [path: string, text: string][] = [
  ['electron/shared/media/bad.ts', "import { readFileSync } from 'node:fs'"],
  ['electron/app/render/bad.ts', "import { app } from 'electron'"],
  ['electron/app/render/bad.ts', "import { spawn } from 'node:child_process'"],
  ['electron/app/render/bad.ts', "import { get } from 'node:https'"],
  ['electron/app/render/bad.ts', "import { addon } from '../../engine/addon.js'"],
  ['electron/app/render/bad.ts', "import { run } from '../../engine/pipeline.js'"],
  ['electron/app/bad.ts', ''],
  ['electron/app/sources/bad.ts', "import { renderSegment } from '../render/render.js'"],
  ['electron/shared/words/bad.ts', "import { Source } from '../media/source.js'"],
  ['electron/main/bad.ts', "import { startServer } from '../server/index.js'"],
  ['electron/ffmpeg/bad.ts', "export * from '../app/host/host.js'"],
  ['renderer/ui/bad.tsx', "import { toPath } from '../../electron/shared/contract/routes.js'"],
  ['renderer/stores/bad.ts', "import { Viewer } from '../features/viewer/Viewer.js'"],
  ['renderer/features/viewer/bad.tsx', "import { Export } from '../export/Export.js'"],
  ['renderer/features/viewer/bad.tsx', "const fs = await import('node:fs')"],
  ['electron/cli/bad.ts', "import { fixture } from '../../test/fixture.js'"],
]

test.each(planted)('a planted violation is caught: %s %s', (path, text) => {
  expect(violations([{ path, text }])).toHaveLength(1)
})

test('a planted cycle is caught', () => {
  const files = [
    { path: 'electron/app/jobs/a.ts', text: "import './b.js'" },
    { path: 'electron/app/jobs/b.ts', text: "import './a.js'" },
  ]
  expect(violations(files)).toHaveLength(1)
})

test.each([
  ['native/src/graphs/small/bad.cpp', '#include "cpu/kernels.h"'],
  ['native/src/graphs/small/bad.cpp', '#include "graphs/flashvsr/graph.h"'],
  ['native/src/graphs/residual/bad.cpp', '#include "graphs/motion/graph.h"'],
  ['native/src/ops/bad.h', '#include "planning/tiles.h"'],
  ['native/src/cpu/bad.cpp', '#include "../graphs/parts/transformer.h"'],
  ['native/src/bad.cpp', '#include <napi.h>'],
  ['native/src/weights/bad.cpp', '#include "cuda/memory/weights.h"'],
  ['native/src/entropy/bad.cpp', '#include "graphs/parts/noise.h"'],
  ['native/addon/bad.cpp', '#include "../src/tensor.h"'],
])('a planted native violation is caught: %s', (path, text) => {
  expect(nativeViolations([{ path, text }])).toHaveLength(1)
})

test('a planted native violation through a header is caught, and a cycle', () => {
  const files = [
    { path: 'native/src/graphs/small/a.cpp', text: '#include "ops.h"' },
    { path: 'native/src/ops.h', text: '#include "tensor.h"' },
    { path: 'native/src/tensor.h', text: '#include "cpu/kernels.h"' },
    { path: 'native/src/cpu/kernels.h', text: '' },
  ]
  expect(nativeViolations(files)).toEqual([
    'native/src/graphs/small/a.cpp reaches native/src/cpu/kernels.h through native/src/ops.h',
  ])
  const circle = [
    { path: 'native/src/a.h', text: '#include "b.h"' },
    { path: 'native/src/b.h', text: '#include "a.h"' },
  ]
  expect(nativeViolations(circle)).toHaveLength(1)
})

/** They read what nobody but the system puts there, or what was made by this very process a moment ago. */
const openedOtherwise =
  /^electron\/(start\/|ffmpeg\/openFile|ffmpeg\/run|app\/(access\/(owners|resources)|host\/pages)|server\/launcher)/

test('files that others can put there are opened in one way, which never waits (openFile.ts)', () => {
  const offenders = filesBelow('electron', /\.ts$/).filter(
    ({ path, text }) =>
      !openedOtherwise.test(path) &&
      /\b(readFile|readFileSync|createReadStream|openSync)\(|\bopen\([^)]*, 'r'\)/.test(text),
  )
  expect(offenders.map(({ path }) => path)).toEqual([])
})

/** Passes on what was said in other words: the engine's, a closing program's, the builder's. */
const saidOtherwise =
  /^electron\/(cli|server|shared|main\/calls)|^electron\/(engine\/addon|app\/(models\/modelWork|host\/pages|jobs\/jobs))\.ts/

test('what can fail behind a window is said in its language: no sentence in English only', () => {
  const offenders = filesBelow('electron', /\.ts$/).filter(
    ({ path, text }) => !saidOtherwise.test(path) && /new AppError\(\s*['(]/.test(text),
  )
  expect(offenders.map(({ path }) => path)).toEqual([])
})
