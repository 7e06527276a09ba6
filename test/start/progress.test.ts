// What a first start says while it gets ready.
import { expect, test } from 'vitest'
import { builtFraction, percent, progress } from '../../electron/start/progress.mjs'

const steps = [
  { name: 'modules', title: 'node modules', weight: 25 },
  { name: 'engine', title: 'the engine', weight: 75 },
]

test('percent weighs parts by their seconds, and is 100 only when all is done', () => {
  const parts = (modules: number, engine: number) => [
    { weight: 25, fraction: modules },
    { weight: 75, fraction: engine },
  ]
  expect(percent(parts(1, 0))).toBe(25)
  expect(percent(parts(0, 1 / 3))).toBe(25)
  expect(percent(parts(1, 0.999))).toBe(99)
  expect(percent(parts(1, 1))).toBe(100)
})

test('on a terminal it is one line in place, with what is being done', () => {
  let shown = ''
  const line = progress(steps, { write: (text) => (shown += text), isTerminal: true })
  line.begin('modules')
  line.begin('engine')
  line.end('modules', true)
  line.close()
  expect(shown.split('\r').at(-1)).toBe('\x1b[2Kheirloom: getting ready, 25 % (the engine)\n')
})

test('elsewhere it is a line every tenth, and it never goes back', () => {
  const lines: string[] = []
  const line = progress(steps, { write: (text) => void lines.push(text), isTerminal: false })
  line.begin('modules')
  line.begin('engine')
  for (const fraction of [0.1, 0.5, 0.2, 0.9]) line.update('engine', fraction)
  line.end('engine', false)
  line.end('modules', true)
  expect(lines.map((text) => /\d+/.exec(text)?.[0])).toEqual(['0', '37', '67', '92'])
})

test('lines of ninja and make are understood, and others are not progress', () => {
  expect(builtFraction('[12/48] Building CXX object heirloom.o')).toBe(0.25)
  expect(builtFraction('[ 25%] Building CXX object heirloom.o')).toBe(0.25)
  expect(builtFraction('cpu_ops.cpp:12: warning: [25%]')).toBeUndefined()
})
