// Child processes: they end when told to, also when they do not want to, and say why they failed.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTools, parseVersion } from '../../electron/ffmpeg/resolve.js'
import { run, runText } from '../../electron/ffmpeg/run.js'
import { Failure, sentenceOf, toFailure } from '../../electron/shared/contract/errors.js'
import { phrase } from '../../electron/shared/words/sentences.js'
import { workFolder } from './clips.js'

const folder = workFolder()

function script(name: string, body: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('arguments that the system does not take are a failure of the tool, of no disk', () => {
  expect(() => run('ffmpeg', ['x'.repeat(1 << 22)], { what: phrase('doPicture') })).toThrow(
    expect.objectContaining({ sentence: expect.objectContaining({ key: 'toolNotStarted' }) as unknown }),
  )
})

test('a child that ignores SIGTERM is killed at the deadline', async () => {
  const stubborn = script('stubborn', "trap '' TERM; echo $$; while :; do read -t 1 x < /dev/zero || :; done")
  const stop = new AbortController()
  const child = run(stubborn, [], { what: phrase('doPicture'), signal: stop.signal, deadlineMs: 200 })
  const pid = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
  )
  stop.abort()
  await expect(child.done).rejects.toMatchObject({ code: 'cancelled' })
  expect((await child.exit).signal).toBe('SIGKILL')
  expect(isAlive(pid)).toBe(false)
})

test('a signal that was given before the start starts nothing', () => {
  expect(() => run('/bin/true', [], { what: phrase('doPicture'), signal: AbortSignal.abort() })).toThrow(
    /Cancelled/,
  )
})

test('a full disk has its own code', async () => {
  const full = script('full', 'echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1')
  await expect(runText(full, [], { what: phrase('doWrite', { name: 'a.mp4' }) })).rejects.toMatchObject({
    code: 'disk-full',
  })
})

test('a failure says what was attempted in the language of the window', async () => {
  const lost = script('lost', 'echo "No such file or directory" >&2; exit 1')
  const error = await runText(lost, [], { what: phrase('doWrite', { name: 'a.mp4' }) }).catch(toFailure)
  const failure = Failure.parse(JSON.parse(JSON.stringify(error))) // as it crosses to a window
  expect(sentenceOf(failure, 'en')).toMatch(/^Could not write "a\.mp4": [^{}]+$/)
  expect(sentenceOf(failure, 'ja')).toMatch(/^処理できませんでした（「a\.mp4」の書き込み）：[^a-zA-Z{}]+$/)
})

test('only the last lines of stderr are kept', async () => {
  const chatty = script(
    'chatty',
    'i=0; while [ $i -lt 500 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 3',
  )
  const child = run(chatty, [], { what: phrase('doPicture') })
  await expect(child.done).rejects.toMatchObject({ code: 'ffmpeg-failed' })
  expect(child.stderr()).toHaveLength(40)
  expect(child.stderr().at(-1)).toBe('line 499')
})

describe('finding ffmpeg', () => {
  async function withEnvironment<T>(values: Record<string, string>, body: () => Promise<T>): Promise<T> {
    const before = { ...process.env }
    Object.assign(process.env, values)
    try {
      return await body()
    } finally {
      for (const name of Object.keys(values)) {
        if (before[name] === undefined) delete process.env[name]
        else process.env[name] = before[name]
      }
    }
  }

  test('versions are read from all kinds of builds', () => {
    expect(parseVersion('ffmpeg version 5.1.9-0+deb12u1 Copyright')).toMatchObject({ major: 5, minor: 1 })
    expect(parseVersion('ffmpeg version n7.0.2 Copyright')).toMatchObject({ major: 7, minor: 0 })
    expect(parseVersion('ffmpeg version N-117599-g1234 Copyright')?.major).toBe(Infinity)
    expect(parseVersion('bash: no')).toBeUndefined()
  })

  test('nothing anywhere is ffmpeg-missing and says what to install', () =>
    withEnvironment({ PATH: folder, FFMPEG_BIN: '', FFPROBE_BIN: '' }, () =>
      expect(findTools()).rejects.toMatchObject({
        code: 'ffmpeg-missing',
        message: expect.stringContaining('apt-get install ffmpeg') as string,
      }),
    ))

  test('a named file that is not there is ffmpeg-missing', () =>
    withEnvironment({ FFMPEG_BIN: join(folder, 'none') }, () =>
      expect(findTools()).rejects.toMatchObject({ code: 'ffmpeg-missing' }),
    ))

  test('version 4.3 is ffmpeg-too-old', () => {
    const old = script('old-ffmpeg', 'echo "ffmpeg version 4.3.1 Copyright"')
    return withEnvironment({ FFMPEG_BIN: old, FFPROBE_BIN: old }, () =>
      expect(findTools()).rejects.toMatchObject({ code: 'ffmpeg-too-old' }),
    )
  })
})
