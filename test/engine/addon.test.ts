// What an error of the engine becomes: our code, and a sentence that every window says in its own language.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { fromNative, loadAddon } from '../../electron/engine/addon.js'
import { numerics } from '../../electron/engine/facts.js'
import { sayIn } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'

/** As the addon throws it (native/addon/arguments.cpp, make_error). */
const thrown = (code: string, text: string, key = '', values: Record<string, string> = {}): Error =>
  Object.assign(new Error(text), { code, key, values })

const text = 'There is no device "cuda:9" here. Use "cpu".'
const device = { device: 'cuda:9', names: '"cpu"' }

test('a message with a key is said in the language of the window', () => {
  const error = fromNative(thrown('bad-argument', text, 'engineNoDevice', device))
  expect(error).toMatchObject({
    code: 'bad-argument',
    message: text,
    sentence: { key: 'engineNoDevice', values: device },
  })
  expect(sayIn('ja', error.sentence!)).toContain('装置「cuda:9」はありません')
})

test('a message without a key, or an error that is not the engine’s, keeps its words', () => {
  const sentence = { key: 'engineSaid', values: { words: 'No frame is ready.' } }
  expect(fromNative(thrown('bad-argument', 'No frame is ready.'))).toMatchObject({ sentence })
  const strange = Object.assign(new Error('No frame is ready.'), { code: 'bad-argument', key: 7 })
  expect(fromNative(strange)).toMatchObject({ sentence })
})

test('what the engine did not expect becomes "the engine stopped", with the reason in the language of the window', () => {
  const size = { size: '640×480' }
  const error = fromNative(thrown('internal', 'The system refused memory…', 'engineMemoryFrames', size))
  expect(error).toMatchObject({ code: 'engine-failed', sentence: { key: 'engineStopped' } })
  expect(sayIn('ja', error.sentence!)).not.toMatch(/[a-z]{4}/)
  expect(sayIn('en', error.sentence!)).toContain('The system refused memory for 640×480 frames.')
  expect(fromNative(new Error('odd'))).toMatchObject({ sentence: { values: { reason: 'odd' } } })
})

test('an engine whose arithmetic is of another version is not used: its frames would be kept as this one’s', () => {
  const path = join(folder(), 'engine.cjs')
  vi.stubEnv('HEIRLOOM_ADDON', path)
  writeFileSync(path, `exports.numerics = ${numerics + 1}`)
  const refused = { code: 'engine-missing', sentence: { key: 'engineOther', values: {} } }
  expect(() => loadAddon()).toThrow(expect.objectContaining(refused) as Error)
  vi.unstubAllEnvs()
})

test('a stream that was cancelled says so as everything that is cancelled does', () => {
  expect(fromNative(thrown('cancelled', 'The stream was cancelled.'))).toMatchObject({
    sentence: { key: 'cancelled' },
  })
})
