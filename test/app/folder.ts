// A folder of the test's own, removed when the test file ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'heirloom-test-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return path
}
