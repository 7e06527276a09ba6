// The log: bounded, whole up to the last line, without a person's names where it is passed on; a host writes into it what it did and what failed.
import { mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../../electron/app/access/resources.js'
import { blanked } from '../../../electron/app/log/blank.js'
import { type Entry, textOf } from '../../../electron/app/log/entry.js'
import { createLog, logFolder } from '../../../electron/app/log/log.js'
import { logCrash } from '../../../electron/app/log/watch.js'
import { visible } from '../../../electron/shared/words/visible.js'
import { folder } from '../folder.js'
import { hostIn } from '../hosting.js'

const facts = (entries: Entry[]): unknown[] => entries.map((entry) => entry.facts['n'])

test('old lines go, in whole files; what is kept stays in order and within its bound', async () => {
  const at = join(folder(), 'log')
  const limits = { fileBytes: 1000, files: 3 }
  const log = createLog(at, limits)
  for (let n = 0; n < 100; n++) log.write('failed', { n, words: 'x'.repeat(50) })
  const kept = facts(await log.read()) as number[]
  expect(kept.length).toBeGreaterThan(10)
  expect(kept).toEqual(kept.map((_, index) => 100 - kept.length + index))
  expect(readdirSync(at).sort()).toEqual(['heirloom.1.log', 'heirloom.2.log', 'heirloom.log'])
  for (const name of readdirSync(at)) expect(statSync(join(at, name)).size).toBeLessThanOrEqual(1000)
  const [one, other] = [createLog(at, limits), createLog(at, limits)] // two programs
  one.write('end', { n: 'one' })
  other.write('end', { n: 'other' })
  expect(facts(await log.read()).slice(-2)).toEqual(['one', 'other'])
})

test('a line that a full disk cut off is left out, the next one is whole', async () => {
  const log = createLog(folder())
  log.write('failed', { n: 1 })
  log.write('failed', { n: 2 })
  truncateSync(log.path, statSync(log.path).size - 5)
  log.write('failed', { n: 3 })
  expect(facts(await log.read())).toEqual([1, 3])
})

test('long texts keep their end, a log that cannot be written stops nothing', async () => {
  const at = folder()
  const log = createLog(join(at, 'log'))
  log.write('failed', { n: `begin${'x'.repeat(10_000)}end` })
  expect(facts(await log.read())[0]).toMatch(/^…x{3997}end$/)
  writeFileSync(join(at, 'file'), '')
  const nowhere = createLog(join(at, 'file'))
  nowhere.write('failed', { n: 1 })
  expect(await nowhere.read()).toEqual([])
})

const entry = (facts: Entry['facts']): Entry => ({ at: '2026-01-01', pid: 1, what: 'failed', facts })
const person = { home: '/home/hanako', name: 'hanako' }

test.each<[string, Entry['facts'], string[]]>([
  ['a path', { path: '/films/Summer: at the lake 1994.avi' }, ['Summer', 'lake', 'films']],
  [
    'a sentence about a file that is named elsewhere',
    {
      message: 'Could not read "Summer at the lake.avi".',
      sentence: { key: 'doRead', values: { name: 'Summer at the lake.avi' } },
    },
    ['Summer', 'lake'],
  ],
  [
    "a tool's words",
    { detail: { args: ['-i', '/films/Our dog.mp4'], stderr: ['/films/Our dog.mp4: Input/output error'] } },
    ['dog', 'films'],
  ],
  [
    'a path within words',
    { message: 'No such file: /media/Tapes of Jiro/a.avi' },
    ['Jiro', 'Tapes', 'a.avi'],
  ],
  ['a path of Windows', { message: 'No such file "C:\\Users\\Hanako\\Our dog.mp4"' }, ['dog', 'Hanako']],
  ['the person', { message: 'hanako may not write in /home/hanako' }, ['hanako']],
  ['what a film says of itself', { stderr: '    title           : Our dog' }, ['dog']],
])('blanked: %s', (_, facts, own) => {
  const text = textOf(blanked([entry(facts)], person))
  for (const word of own) expect(text).not.toContain(word)
  expect(text).toMatch(/\[name 1\]|\[person\]|\[metadata\]/)
})

const odd = [
  'Feier\u001b[31mAnna.mp4',
  'mit\ttab Erna.mp4',
  'Tante\u2028Frieda.mp4',
  'Oma\nGertrud Alt.mp4',
  'der "Klaus".mp4',
]

test.each(odd)('blanked: the name %j, in whatever form it is told', (name) => {
  const told = {
    path: `/films/${name}`,
    message: `"${visible(name)}" is not a video`,
    stderr: `file:/films/${name.replace('\u001b', '?')}: Invalid data`.split('\n'),
    detail: { values: JSON.stringify({ name }) },
  }
  const text = textOf(blanked([entry(told)], person))
  for (const own of ['Feier', 'Anna', 'Erna', 'Tante', 'Frieda', 'Gertrud', 'Klaus', 'films'])
    expect(text).not.toContain(own)
  expect(text).toMatch(/message: "\[name \d\]\.mp4" is not a video/)
})

test('nothing in the text of a log moves the cursor of who reads it', () => {
  const text = textOf([entry({ path: odd[0], trace: 'a\nb\u001b[2J' })])
  expect(text).toContain('Feier\\x1b[31mAnna')
  expect(text).toMatch(/\n {4}b\\x1b\[2J$/)
})

test('of several hosts of one process one listens for its crash', async () => {
  const before = process.listenerCount('uncaughtExceptionMonitor')
  const logs = Array.from({ length: 12 }, () => createLog(folder()))
  const ends = logs.map(logCrash)
  expect(process.listenerCount('uncaughtExceptionMonitor')).toBe(before + 1)
  ends[0]?.()
  process.listeners('uncaughtExceptionMonitor').at(-1)?.(new Error('the end'), 'uncaughtException')
  const told = await Promise.all(logs.map(async (log) => (await log.read()).map(({ what }) => what)))
  expect(told).toEqual([[], ...Array.from({ length: 11 }, () => ['crashed'])])
  for (const end of ends) end()
  expect(process.listenerCount('uncaughtExceptionMonitor')).toBe(before)
})

test('blanked, a story can still be followed: the same name is the same blank; endings, reasons and code stay', () => {
  const text = textOf(
    blanked(
      [
        entry({ path: '/films/a dog.mp4', message: '"a dog.mp4" and "a cat.mp4"' }),
        entry({ name: 'a cat.mp4', message: 'Input/output error at 25/1 in "a dog.mp4"' }),
        entry({
          trace: `Error: it\n    at fn (file://${root}/out/cli/index.js:10:5)\n    at node:internal/x:1:2`,
        }),
      ],
      person,
    ),
  )
  const [, first] = /"(\[name \d+\])\.mp4" and/.exec(text) ?? []
  expect(text).toContain(`Input/output error at 25/1 in "${first}.mp4"`)
  expect(text).toContain('<heirloom>/out/cli/index.js:10:5')
  expect(text).toContain('node:internal/x:1:2')
})

test('a host logs its start, what it finds, what fails with where it failed, and its end', async () => {
  const at = folder()
  mkdirSync(join(at, 'films'))
  writeFileSync(join(at, 'films', 'letter to grandma.txt'), 'Dear grandma')
  const host = await hostIn(at)
  await host.api.app.info()
  await expect(host.api.sources.open(join(at, 'films', 'letter to grandma.txt'))).rejects.toThrow()
  const { path, text, blanked: copy } = await host.api.app.log()
  expect(path).toBe(join(logFolder(join(at, 'data')), 'heirloom.log'))
  expect(text).toMatch(/Heirloom starts\n {2}version: \d/)
  expect(text).toMatch(/what is here[^]*ffmpeg/)
  expect(text).toMatch(
    /where: sources\.open\n {2}code: not-a-video[^]*letter to grandma\.txt[^]*trace:[^]* at /,
  )
  expect(copy).not.toContain('grandma')
  expect(copy).toMatch(/\[name \d+\]\.txt/)
  await expect(host.api.app.revealLog()).rejects.toMatchObject({ code: 'not-allowed' })
  await host.close()
  const seen = (await createLog(logFolder(join(at, 'data'))).read()).map(({ what }) => what)
  expect(seen).toEqual(['start', 'found', 'failed', 'failed', 'end'])
})
