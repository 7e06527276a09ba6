// Times of stages from run to run, and the children that stages run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { child } from '../../electron/start/child.mjs'
import { inSeconds, readTimes, writeTimes } from './times.mjs'

const folder = mkdtempSync(join(tmpdir(), 'heirloom-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a run of one part leaves the times of the others as they were', () => {
  const file = join(folder, 'artifacts', 'stages.json')
  expect(readTimes(file)).toEqual({})
  writeTimes(file, { lint: 40, unit: 31 })
  writeTimes(file, { unit: 29.5 })
  expect(readTimes(file)).toEqual({ lint: 40, unit: 29.5 })
})

test('a damaged file of times is no reason to fail, and nothing but numbers is taken from one', () => {
  const file = join(folder, 'damaged.json')
  writeFileSync(file, '{ "lint": 4')
  expect(readTimes(file)).toEqual({})
  writeFileSync(file, '{ "lint": "4", "unit": 2 }')
  expect(readTimes(file)).toEqual({ unit: 2 })
})

test('a time is told beside the one before, where there was one', () => {
  expect(inSeconds(9.4)).toBe('9 s')
  expect(inSeconds(9.4, 12.6)).toBe('9 s, before 13 s')
})

const node = (script: string, options: Parameters<typeof child>[2] = {}) =>
  child(process.execPath, ['-e', script], options)

test('what a child writes goes to its log, and its last lines are there when it fails', async () => {
  const log = join(folder, 'child.log')
  const done = await node('console.log("one"); console.error("two"); process.exitCode = 3', { log })
  expect(done.isGood).toBe(false)
  expect(done.tail.split('\n').sort()).toEqual(['one', 'two'])
  expect(readFileSync(log, 'utf8').trim().split('\n').sort()).toEqual(['one', 'two'])
  expect((await node('', { log })).isGood).toBe(true)
})

test('lines of progress are heard and not kept; a program that is not there says so', async () => {
  const heard: string[] = []
  const onLine = (line: string) => {
    heard.push(line)
    return line.startsWith('[')
  }
  const done = await node('console.log("[1/2]"); console.log("text")', { onLine })
  expect(heard).toEqual(['[1/2]', 'text'])
  expect(done).toEqual({ isGood: true, tail: 'text' })
  const missing = await child(join(folder, 'nothing'), [], {})
  expect(missing.isGood).toBe(false)
  expect(missing.tail).toContain('ENOENT')
})
