import { expect, test } from 'vitest'
import { Looks, numbersOf, recipeWords } from '../../../electron/shared/document/looks.js'
import { makePlan } from '../../../electron/shared/planning/plan.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import { recipeOf } from '../../../electron/shared/document/recipeKey.js'
import { contract } from '../contracts.js'
import { source, table } from '../sources.js'

const looks: Looks = {
  gentle: { strength: 0.3, detail: 0.5 },
  natural: { strength: 0.6, detail: 0.25 },
  strong: { strength: 1, detail: 0 },
}

test('a look has the numbers of the model, a strength of its own goes before them, no looks mean all there is', () => {
  expect(numbersOf({ look: 'gentle' }, looks)).toEqual({ strength: 0.3, detail: 0.5 })
  expect(numbersOf({ look: 'gentle', strength: 0 }, looks)).toEqual({ strength: 0, detail: 0.5 })
  expect(numbersOf({ look: 'gentle' }, undefined)).toEqual({ strength: 1, detail: 0 })
})

test('numbers of looks outside 0 to 1 are not taken', () => {
  expect(Looks.safeParse(looks).success).toBe(true)
  for (const strength of [-0.1, 1.1, NaN])
    expect(Looks.safeParse({ ...looks, natural: { strength, detail: 0 } }).success).toBe(false)
  expect(Looks.safeParse({ natural: looks.natural }).success).toBe(false)
})

test('the note names what decides the picture, and detail only where there is any', () => {
  const recipe = { model: 'm', scale: 2, seed: 7, strength: 0.6 }
  expect(recipeWords({ ...recipe, detail: 0.25 })).toBe('model m, x2, strength 0.6, detail 0.25, seed 7')
  expect(recipeWords({ ...recipe, detail: 0 })).toBe('model m, x2, strength 0.6, seed 7')
})

test("a plan's segments have the numbers of their clip's look, of its own model", () => {
  const clip = (model: string, from: number) => ({
    ...{ id: model, sourceId: source().id, name: 'c', from, to: from + 10 },
    enhance: { ...defaultEnhance, model },
  })
  const sources = [{ source: source(), table: table(100) }]
  const { segments } = makePlan([clip('a', 0), clip('b', 20)], sources, {
    a: { contract: contract(), looks },
    b: { contract: contract() },
  })
  expect(segments.map(({ enhance }) => [enhance.strength, enhance.detail])).toEqual([
    [0.6, 0.25],
    [1, 0],
  ])
})

test('previews are told apart by look and by strength', () => {
  const changes = [{}, { look: 'gentle' as const }, { strength: 1 }, { look: 'gentle' as const, strength: 1 }]
  const models = [{ id: defaultEnhance.model, hash: 'abc', looks }]
  const keys = changes.map((change) => recipeOf({ ...defaultEnhance, ...change }, models))
  expect(new Set(keys).size).toBe(4)
  expect(recipeOf(defaultEnhance, [])).toBeUndefined()
})
