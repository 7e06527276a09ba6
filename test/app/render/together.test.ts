// Several processes on one store, and what a killed one leaves behind: every film is as if its process had been alone.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { bundle, cliEntry, tool } from '../../engine/bundle.js'
import { beeping, make, numberOf, numbered, pictures } from '../../formats/kit.js'
import { folder } from '../folder.js'

const at = folder()
const wrapper = join(at, 'ffmpeg')
const marker = join(at, 'marker')
const decodings = join(at, 'decodings')
const frames = 50

/**
 * An ffmpeg that decodes at the film's own speed and writes down that it does, so that processes meet in the middle of their work; with HANG set
 * it begins to write its file when its words match, says so, and hangs.
 */
beforeAll(async () => {
  await bundle()
  make(
    at,
    ...numbered(2),
    ...beeping(2),
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
    'tape.mp4',
  )
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  const script = [
    '#!/bin/bash',
    'case "$*" in *"nut pipe:1"*) echo $$ >> "$DECODINGS"; slow=-re;; esac',
    'last="${@: -1}"; last="${last#file:}"',
    'if [ -n "$HANG" ] && [[ "$*" == $HANG ]]; then',
    '  [[ "$last" == pipe:* ]] || echo half > "$last"',
    '  echo $$ > "$MARKER"; exec sleep 60',
    'fi',
    `exec ${ffmpeg} $slow "$@"`,
  ]
  writeFileSync(wrapper, script.join('\n'), { mode: 0o755 })
})

const living: ChildProcess[] = []
afterEach(() => {
  for (const { pid } of living.splice(0))
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // it has ended
    }
})

/** The number in the marker; 0 until it is there and written. */
const markedPid = (): number => (existsSync(marker) ? Number(readFileSync(marker, 'utf8')) : 0)

/** Number 0 would be our own group: the tests, and what runs them. */
function killHard(pid: number | undefined): void {
  if (!pid) throw new Error('there is no such process')
  process.kill(pid, 'SIGKILL')
}

interface Ended {
  code: number | null
  text: string
}

function heirloom(
  store: string,
  words: string[],
  hang?: string,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [cliEntry, ...words], {
    cwd: at,
    detached: true, // leads a group of its own, like a command on a terminal
    env: {
      ...process.env,
      ...{ HEIRLOOM_DATA: join(at, store, 'data'), HEIRLOOM_CACHE: join(at, store, 'cache') },
      ...{ FFMPEG_BIN: wrapper, FFPROBE_BIN: tool('sh', ['-c', 'command -v ffprobe']).trim() },
      ...{ DECODINGS: decodings, MARKER: marker, ...(hang === undefined ? {} : { HANG: hang }) },
    },
  })
  living.push(child)
  let text = ''
  for (const out of [child.stdout, child.stderr])
    out.setEncoding('utf8').on('data', (more: string) => (text += more))
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, text }))) }
}

const untouched = ['--scale', '1', '--strength', '0']
const enhance = (store: string, output: string, hang?: string): ReturnType<typeof heirloom> =>
  heirloom(store, ['enhance', 'tape.mp4', ...untouched, '-o', output], hang)

const digest = (name: string): string =>
  createHash('sha256')
    .update(tool('ffmpeg', ['-v', 'error', '-i', join(at, name), '-map', '0', '-f', 'framemd5', '-']))
    .digest('hex')

/** What lies in the store besides finished segments and the frame table. */
const leftIn = (store: string): string[] =>
  ['segments', 'running', 'writing'].flatMap((room) =>
    (existsSync(join(at, store, 'cache', room)) ? readdirSync(join(at, store, 'cache', room)) : []).filter(
      (name) => !/^[0-9a-f]{40}\.(mov|json)$/.test(name),
    ),
  )
const decoded = (): number =>
  existsSync(decodings) ? readFileSync(decodings, 'utf8').trim().split('\n').length : 0

let alone = ''
beforeAll(async () => {
  expect(await enhance('alone', 'alone.mp4').ended).toMatchObject({ code: 0 })
  expect(pictures(join(at, 'alone.mp4')).map(({ luma }) => numberOf(luma))).toEqual(
    Array.from({ length: frames }, (_, i) => i % 32),
  )
  alone = digest('alone.mp4')
})

test('two processes make the same film at once: both as if alone, its pictures made once, nothing left', async () => {
  rmSync(decodings, { force: true })
  const both = await Promise.all(['a.mp4', 'b.mp4'].map((name) => enhance('shared', name).ended))
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(['a.mp4', 'b.mp4'].map(digest)).toEqual([alone, alone])
  expect(decoded()).toBe(1)
  expect(leftIn('shared')).toEqual([])
})

test('two processes write the same name at once: neither film is lost, and the one of the other name says so', async () => {
  mkdirSync(join(at, 'same'))
  const both = await Promise.all([0, 1].map(() => enhance('shared', 'same/film.mp4').ended))
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(readdirSync(join(at, 'same')).sort()).toEqual(['film (2).mp4', 'film.mp4'])
  expect(['same/film.mp4', 'same/film (2).mp4'].map(digest)).toEqual([alone, alone])
  expect(both.filter(({ text }) => text.includes('film (2).mp4'))).toHaveLength(1)
  expect(leftIn('shared')).toEqual([])
})

async function killedWhile(
  run: ReturnType<typeof heirloom>,
  before: () => void = () => undefined,
): Promise<void> {
  let isOver = false
  void run.ended.then(() => (isOver = true))
  while (markedPid() === 0 && !isOver) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(isOver).toBe(false)
  before()
  killHard(-(run.child.pid ?? 0))
  killHard(markedPid()) // tools lead groups of their own
  await run.ended
  rmSync(marker)
}

test('killed while the film is joined: the next one takes its pictures, is the same film, and clears up', async () => {
  mkdirSync(join(at, 'killed'))
  const names = (): string[] => readdirSync(join(at, 'killed'))
  await killedWhile(enhance('resumed', 'killed/film.mp4', '*/film.part-*'))
  expect(names()).toEqual([expect.stringMatching(/^film\.part-/)])
  rmSync(decodings, { force: true })
  expect(await enhance('resumed', 'killed/film.mp4').ended).toMatchObject({ code: 0 })
  expect(decoded()).toBe(0)
  expect(names()).toEqual(['film.mp4'])
  expect(digest('killed/film.mp4')).toBe(alone)
  expect(leftIn('resumed')).toEqual([])
})

test('killed while a segment is made: no half of it is taken for whole, and nothing stays', async () => {
  await killedWhile(enhance('halved', 'halved.mp4', '*.partial.mov'))
  expect(leftIn('halved').filter((name) => name.includes('.partial'))).toHaveLength(1)
  expect(await enhance('halved', 'halved.mp4').ended).toMatchObject({ code: 0 })
  expect(digest('halved.mp4')).toBe(alone)
  expect(leftIn('halved')).toEqual([])
})

test('killed while a photo is written: what lies beside its name goes with the next work', async () => {
  mkdirSync(join(at, 'shots'))
  const photo = (hang?: string): ReturnType<typeof heirloom> =>
    heirloom('photos', ['photo', 'tape.mp4', '--at', '1', ...untouched, '-o', 'shots/a.png'], hang)
  const run = photo('*png*image2pipe*')
  // The file itself is written in a moment: too short to be hit.
  const part = join(at, 'shots', `a.part-${run.child.pid}-0a1b2c.png`)
  await killedWhile(run, () => writeFileSync(part, 'half'))
  expect(await photo().ended).toMatchObject({ code: 0 })
  expect(readdirSync(join(at, 'shots'))).toEqual(['a.png'])
  expect(leftIn('photos')).toEqual([])
})
