import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import facts from '../../../native/engine.json' with { type: 'json' }
import { contractOf, numerics } from '../../../electron/engine/facts.js'
import {
  ModelContract,
  framesOut,
  isGraded,
  takesSetting,
} from '../../../electron/shared/document/modelContract.js'
// What the engine takes and refuses too (test/native/contract_test.cpp).
import cases from '../../fixtures/contracts/cases.json' with { type: 'json' }

const number = { kind: 'number', from: 0, to: 1, default: 1, means: 'how much' }

test('shipped models state what the engine takes models of their graph for', () => {
  const folder = new URL('../../../resources/models/', import.meta.url)
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(names.length).toBeGreaterThan(2)
  for (const { name } of names) {
    const text = readFileSync(new URL(`${name}/model.json`, folder), 'utf8')
    const { contract, graph } = JSON.parse(text) as { contract: unknown; graph: string }
    expect(ModelContract.parse(contract)).toEqual(contractOf(graph, true))
  }
})

test('a model that states nothing is taken for what its graph is; a graph that nobody knows for nothing', () => {
  expect(numerics).toBe(facts.numerics)
  expect(contractOf('flashvsr', false)).toEqual(facts.contracts.flashvsr)
  expect(contractOf('heirloom-small', false)?.settings.strength).toMatchObject({ kind: 'choice', of: [0, 1] })
  expect(contractOf('heirloom-small', true)?.settings.strength).toMatchObject({
    kind: 'number',
    from: 0,
    to: 1,
  })
  for (const graph of ['', 'other', 'constructor', '__proto__'])
    expect(contractOf(graph, true)).toBeUndefined()
})

test.each(cases.wrong)(
  'what makes no sense is refused by its place: $place of $contract',
  ({ place, contract }) => {
    expect(ModelContract.safeParse(contract).error?.issues[0]?.path.join('.')).toBe(place)
  },
)

test.each(cases.good)('a model may be something else: %j', (stated) => {
  expect(ModelContract.safeParse(stated).data).toEqual(stated)
})

test('frames out follow from frames in, the last ones too', () => {
  const counts = (out: [number, number]): number[] => [0, 1, 2, 3, 4, 25].map((n) => framesOut({ out }, n))
  expect(counts([1, 1])).toEqual([0, 1, 2, 3, 4, 25])
  expect(counts([2, 1])).toEqual([0, 2, 4, 6, 8, 50])
  expect(counts([5, 2])).toEqual([0, 3, 5, 8, 10, 63]) // at 0, 0.4 and 0.8 of the first frame, at 1.2 and 1.6 of it
})

test('a setting takes what lies in its range, a missing one only what leaves the model as it is', () => {
  const graded = { settings: { strength: { ...number, kind: 'number' as const } } }
  const plain = contractOf('heirloom-small', false)!
  const taken = (of: Pick<ModelContract, 'settings'>): boolean[] =>
    [0, 0.5, 1, 1.5].map((value) => takesSetting(of, 'strength', value))
  expect(taken(graded)).toEqual([true, true, true, false])
  expect(taken(plain)).toEqual([true, false, true, false])
  expect(taken({ settings: {} })).toEqual([false, false, true, false])
  expect(takesSetting({ settings: {} }, 'detail', 0.1)).toBe(false)
  expect(takesSetting({ settings: {} }, 'seed', 77)).toBe(true)
  expect(takesSetting(plain, 'seed', 0.5)).toBe(false)
  expect([isGraded(graded), isGraded(plain), isGraded({ settings: {} })]).toEqual([true, false, false])
})
