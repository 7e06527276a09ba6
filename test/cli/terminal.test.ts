// What a terminal gets of names that strangers gave.
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { describeModel, describeSource } from '../../electron/cli/describe.js'
import { createTerminal } from '../../electron/cli/terminal.js'
import type { ModelInfo } from '../../electron/shared/contract/models.js'
import { localeOf } from '../../electron/shared/words/lookup.js'
import { message } from '../../electron/shared/words/sentences.js'
import { source } from '../shared/sources.js'

const evil = 'x\u001b]0;owned\u0007\n\u202e\u009b2J\u2028'

/** A terminal, and what was written to it. */
function opened(isTTY: boolean) {
  const [out, err] = [new PassThrough(), new PassThrough()].map((stream) => Object.assign(stream, { isTTY }))
  const input = new PassThrough()
  const terminal = createTerminal('en', out as never, err as never, input as never)
  return { terminal, read: (): string => [out, err].map((stream) => String(stream?.read() ?? '')).join('') }
}

test.each([true, false])('names reach it as plain letters, one line each (terminal: %s)', (isTTY) => {
  const { terminal, read } = opened(isTTY)
  const warnings = [message('noteTracks', { name: evil, count: 2 })]
  const odd = { ...source(), path: `/${evil}`, others: [evil], container: evil, warnings }
  const model = { id: evil, graph: evil, version: evil, scales: [2], parameters: 1, bytes: 1, hash: evil }
  const lines = describeSource(odd, terminal)
  const placed = { ...model, origin: { kind: 'placed' } } as unknown as ModelInfo
  terminal.print(...lines, describeModel(placed, terminal))
  terminal.warn(evil)
  terminal.progress(evil)
  const text = read().replace('\r\u001b[K', '') // our own line of progress
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
  expect(text.trimEnd().split('\n')).toHaveLength(lines.length + 3)
  expect(text).toContain('x\\x1b]0;owned\\x07\\x0a\\u202e\\x9b2J\\u2028')
})

test('JSON stays JSON, with the same names', () => {
  const { terminal, read } = opened(true)
  terminal.json({ name: evil })
  const text = read()
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
  expect(JSON.parse(text)).toEqual({ name: evil })
})

test('what a file is stands in columns in either language', () => {
  const facts = { ...source(), others: ['subtitles'] }
  const [english, japanese] = [describeSource(facts, localeOf('en')), describeSource(facts, localeOf('ja'))]
  expect(english.find((line) => line.startsWith('picture'))).toMatch(
    /^picture {4}\S.*, 25 frames per second$/,
  )
  expect(japanese.find((line) => line.startsWith('映像'))).toMatch(/^映像 {7}\S.*、毎秒25フレーム$/)
  expect(japanese).toHaveLength(english.length)
})
