// Ctrl-C as a terminal gives it: to the whole process group, at every stage of a command's work.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import { bundle, cliEntry, film, tool } from '../engine/bundle.js'

const at = folder()
const tools = join(at, 'tools')
const marker = join(at, 'marker')

/** A tool that writes down its process number and then hangs as soon as its arguments match; else it is the real one. */
function hanging(name: 'ffmpeg' | 'ffprobe'): string {
  const real = tool('sh', ['-c', `command -v ${name}`]).trim()
  const path = join(tools, name)
  writeFileSync(
    path,
    `#!/bin/sh\nif [ "$HANG_TOOL" = ${name} ]; then case "$*" in $HANG_AT) echo $$ > '${marker}.new'; mv '${marker}.new' '${marker}'; exec sleep 60;; esac; fi\nexec '${real}' "$@"\n`,
  )
  chmodSync(path, 0o755)
  return path
}

beforeAll(async () => {
  await bundle()
  mkdirSync(tools, { recursive: true })
  film(join(at, 'tape.mp4'), { frames: 60 })
})

/** One that has ended but that nobody has asked after yet (Z) is gone. */
const isAlive = (pid: number): boolean =>
  !/^(Z|$)/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim())

/** Runs a command until one of its tools hangs, then signals its whole group; how it ended. */
async function stopped(
  words: string,
  hang: { tool: string; at: string },
  signals: NodeJS.Signals[] = ['SIGINT'],
): Promise<{ code: number | null; err: string; toolPid: number }> {
  rmSync(marker, { force: true })
  const cache = join(at, `cache-${Math.random()}`)
  const child = spawn(process.execPath, [cliEntry, ...words.split(' ')], {
    cwd: at,
    detached: true, // leads a group of its own, like a command on a terminal
    env: {
      ...process.env,
      ...{ HEIRLOOM_DATA: join(at, 'data'), HEIRLOOM_CACHE: cache, HANG_TOOL: hang.tool, HANG_AT: hang.at },
      ...{ FFMPEG_BIN: hanging('ffmpeg'), FFPROBE_BIN: hanging('ffprobe') },
    },
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const timer = setInterval(() => {
    const { pid } = child // number 0 would be the group of the tests themselves
    if (!existsSync(marker) || readFileSync(marker, 'utf8').trim() === '' || pid === undefined) return
    clearInterval(timer)
    for (const signal of signals) process.kill(-pid, signal)
  }, 10)
  const code = await ended
  clearInterval(timer)
  return { code, err, toolPid: existsSync(marker) ? Number(readFileSync(marker, 'utf8')) : NaN }
}

const enhance = 'enhance tape.mp4 --scale 1 --strength 0 -o out.mp4'

test.each([
  ['the tools are looked at', enhance, { tool: 'ffmpeg', at: '*-encoders*' }],
  ['the file is asked what it is', enhance, { tool: 'ffprobe', at: '*-show_streams*' }],
  ['its pictures are counted', enhance, { tool: 'ffprobe', at: '*-show_packets*' }],
  [
    'its damage is looked at',
    'enhance tape.mp4 --scale 1 --strength auto -o out.mp4',
    { tool: 'ffmpeg', at: '*rawvideo*' },
  ],
  ['pictures are made', enhance, { tool: 'ffmpeg', at: '*libx264*' }],
  ['the film is joined', enhance, { tool: 'ffmpeg', at: '*out.part-*' }],
])('Ctrl-C while %s: cancelled, 130, nothing left', async (_, words, hang) => {
  const { code, err, toolPid } = await stopped(words, hang)
  expect([code, err]).toEqual([
    130,
    expect.stringMatching(/Cancelled\. Nothing was written under the output/),
  ])
  expect(err).not.toMatch(/install|heirloom:/)
  expect(isAlive(toolPid)).toBe(false)
  expect(readdirSync(at).filter((name) => name.startsWith('out'))).toEqual([])
})

test('Ctrl-C that npm passes on a second time is one Ctrl-C, and a terminal that is closed stops the work too', async () => {
  const join = { tool: 'ffmpeg', at: '*out.part-*' }
  for (const signals of [['SIGINT', 'SIGINT', 'SIGINT'], ['SIGHUP']] as NodeJS.Signals[][]) {
    const { code, err, toolPid } = await stopped(enhance, join, signals)
    expect([code, err]).toEqual([130, expect.stringMatching(/Cancelled/)])
    expect(isAlive(toolPid)).toBe(false)
    expect(readdirSync(at).filter((name) => name.startsWith('out'))).toEqual([])
  }
})

test('what only reads is stopped as well', async () => {
  const { code, err, toolPid } = await stopped('probe tape.mp4', { tool: 'ffprobe', at: '*-show_streams*' })
  expect([code, err.trim()]).toEqual([130, 'Cancelled.'])
  expect(isAlive(toolPid)).toBe(false)
})
