import { expect, test } from 'vitest'
import { filesBelow } from './files.js'
import { longestFile, longestFunction, tooLong } from './length.js'

test('no function and no file of the product is too long to be read at once', () => {
  const files = ['electron', 'renderer'].flatMap((folder) => filesBelow(folder, /\.(tsx?|mjs)$/))
  expect(files.length).toBeGreaterThan(10)
  expect(tooLong(files)).toEqual([])
})

/** Of so many lines, the first and the last among them. */
const bodyOf = (lines: number): string => `{${'\n'.repeat(lines - 1)}}`

test.each([
  ['function f() BODY', 'f'],
  ['// why\nconst f = async () => BODY', 'f'],
  ['class C { f() BODY }', 'f'],
  ['export default { get f() BODY }', 'f'],
  ['queueMicrotask(function () BODY)', 'a function without a name'],
])('a planted function is caught a line above the bar, and not at it: %s', (text, name) => {
  const planted = (lines: number): string[] =>
    tooLong([{ path: 'electron/app/bad.ts', text: text.replace('BODY', bodyOf(lines)) }])
  expect(planted(longestFunction)).toEqual([])
  const [line] = planted(longestFunction + 1)
  expect(line).toMatch(/^electron\/app\/bad\.ts:[12] /)
  expect(line).toContain(` ${name}: ${longestFunction + 1} lines`)
})

test('a planted component is caught, and a function around a long one with it', () => {
  const inner = `const inner = () => (\n<p>${'\n'.repeat(longestFunction)}</p>\n)`
  const text = `export function Outer() {\n${inner}\nreturn inner\n}`
  expect(tooLong([{ path: 'renderer/features/bad.tsx', text }])).toHaveLength(2)
})

test('a planted file is caught a line above the bar, and not at it', () => {
  const planted = (lines: number): string[] =>
    tooLong([{ path: 'electron/start/bad.mjs', text: 'f()\n'.repeat(lines) }])
  expect(planted(longestFile)).toEqual([])
  expect(planted(longestFile + 1)).toEqual([`electron/start/bad.mjs: ${longestFile + 1} lines`])
})
