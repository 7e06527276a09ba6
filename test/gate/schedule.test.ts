// The order of stages: what may run beside what, and what is left out after a failure.
import { expect, test } from 'vitest'
import { schedule, withTheirNeeds } from '../../electron/start/schedule.mjs'

interface Planned {
  name: string
  needs?: string[]
  lanes?: number
  fails?: true
}

/** Runs stages that take one turn each; the answer is what began and what ended, in order. */
async function runs(planned: Planned[], lanes?: number) {
  const order: string[] = []
  const stages = planned.map(({ fails, ...stage }) => ({
    ...stage,
    run: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return { isGood: !fails }
    },
  }))
  const results = await schedule(stages, {
    ...(lanes === undefined ? {} : { lanes }),
    onStart: (stage) => order.push(`+${stage.name}`),
    onEnd: (stage) => order.push(`-${stage.name}`),
  })
  return { order: order.join(' '), results }
}

test('what nothing keeps waiting begins at once, and the rest when what it needs is done', async () => {
  const { order } = await runs([{ name: 'a' }, { name: 'c', needs: ['a', 'b'] }, { name: 'b' }])
  expect(order).toBe('+a +b -a -b +c -c')
})

test('no more run at a time than there are lanes, and a wide one is not overtaken', async () => {
  const { order } = await runs([{ name: 'a' }, { name: 'wide', lanes: 2 }, { name: 'b' }], 2)
  expect(order).toBe('+a -a +wide -wide +b -b')
})

test('a stage that is wider than the machine runs alone', async () => {
  const { order } = await runs([{ name: 'wide', lanes: 8 }, { name: 'a' }], 2)
  expect(order).toBe('+wide -wide +a -a')
})

test('after a failure everything that rests on it is left out, and nothing else', async () => {
  const { order, results } = await runs([
    { name: 'build', fails: true },
    { name: 'test', needs: ['build'] },
    { name: 'report', needs: ['test'] },
    { name: 'other' },
  ])
  expect(order).toBe('+build +other -build -other')
  expect([...results.keys()]).toEqual(['build', 'other'])
})

test('a need that is not asked for counts as met; stages that need each other are an error', async () => {
  expect((await runs([{ name: 'test', needs: ['build'] }])).order).toBe('+test -test')
  const circle = [
    { name: 'a', needs: ['b'] },
    { name: 'b', needs: ['a'] },
  ]
  await expect(runs(circle)).rejects.toThrow('these stages wait for each other: a, b')
})

test('what is asked for comes with all that it needs, in order, and with nothing else', () => {
  const needs = {
    packages: [],
    modules: [],
    library: ['packages'],
    addon: ['library', 'modules'],
    bundles: ['modules'],
  }
  expect(withTheirNeeds(['addon'], needs)).toEqual(['packages', 'modules', 'library', 'addon'])
  expect(withTheirNeeds(['bundles', 'lint'], needs)).toEqual(['modules', 'bundles'])
})
