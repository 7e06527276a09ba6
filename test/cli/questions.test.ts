// How often a plain export asks ffmpeg and ffprobe something: every question starts a process, and a short film is made of little else.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { beforeAll, expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import { bundle, cliEntry, film, tool } from '../engine/bundle.js'

const at = folder()
const log = join(at, 'asked.txt')

/** The real tool, which writes down what it was asked. */
function listening(name: 'ffmpeg' | 'ffprobe'): string {
  const real = tool('sh', ['-c', `command -v ${name}`]).trim()
  const path = join(at, name)
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> '${log}'\nexec '${real}' "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

function asked(words: string): string[] {
  rmSync(log, { force: true })
  const env = {
    ...process.env,
    ...{ FFMPEG_BIN: join(at, 'ffmpeg'), FFPROBE_BIN: join(at, 'ffprobe') },
    ...{ HEIRLOOM_DATA: join(at, 'data'), HEIRLOOM_CACHE: join(at, 'cache') },
  }
  const done = spawnSync(process.execPath, [cliEntry, ...words.split(' ')], { cwd: at, env })
  expect(done.status, done.stderr.toString()).toBe(0)
  return readFileSync(log, 'utf8').trim().split('\n')
}

beforeAll(async () => {
  await bundle()
  listening('ffmpeg')
  listening('ffprobe')
  film(join(at, 'tape.mp4'), { frames: 60 })
  film(join(at, 'tape.mkv'), { frames: 60 })
})

test('no question is asked twice in an export: what the tools are, what the film begins with, where its sound is', () => {
  const all = asked('enhance tape.mp4 --scale 1 --strength 0 -o out.mp4')
  const count = (...parts: string[]): number =>
    all.filter((line) => parts.every((part) => line.includes(part))).length
  expect(count('-encoders')).toBe(1)
  expect(count('-version')).toBe(1) // of ffprobe; ffmpeg says it with its answer
  expect(count('-filters')).toBe(0)
  expect(count('%+#32', 'tape.mp4')).toBe(1)
  expect(count('%+5')).toBe(0) // an MP4 counts its packets itself
  expect(all.length).toBeLessThanOrEqual(15)
})

test('a Matroska film, which does not count its packets, is asked two questions more', () => {
  const all = asked('enhance tape.mkv --scale 1 --strength 0 -o out.mkv')
  expect(all.filter((line) => line.includes('-show_streams')).length).toBe(2) // of the film, and of what became of it
  expect(all.length).toBeLessThanOrEqual(17)
}, 60_000)
