// The first command on a machine that lacks things: one sentence, no stack trace, nothing half done.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const start = join(import.meta.dirname, '..', '..', 'electron', 'start', 'index.mjs')
const empty = mkdtempSync(join(tmpdir(), 'heirloom-path-'))
afterAll(() => rmSync(empty, { recursive: true }))

test('without the packages and without apt-get, start says in one sentence what to install', () => {
  const env = { ...process.env, PATH: empty, FFMPEG_BIN: '' }
  const done = spawnSync(process.execPath, [start, '--help'], { env, encoding: 'utf8' })
  expect(done.status).toBe(1)
  expect(done.stderr.trim().split('\n')).toHaveLength(1)
  expect(done.stderr).toMatch(/sudo apt-get install .*ffmpeg.*cmake/)
})
