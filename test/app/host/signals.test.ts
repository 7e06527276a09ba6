// ffmpeg killed or stopped by the system in the middle of a segment: the film is right all the same, or a sentence says what ended it.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import type { JobState } from '../../../electron/shared/contract/job.js'
import { defaultEnhance } from '../../../electron/shared/document/project.js'
import { tool } from '../../engine/bundle.js'
import { beeping, make, numberOf, numbered, openHost, pictures } from '../../formats/kit.js'
import { folder } from '../folder.js'
import { ended, hostIn, outputAt, projectOf } from '../hosting.js'

const at = folder()
const [wanted, hit] = [join(at, 'wanted'), join(at, 'hit')]
const before = { ...process.env }
let host: Host

/**
 * An ffmpeg to whose decoder or encoder a signal comes, so many times: "decoder KILL 1". The film is read at its own speed meanwhile, so that the
 * signal comes in the middle.
 */
function wrap(): void {
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  const script = [
    '#!/bin/bash',
    `read -r who signal times < '${wanted}' || exec ${ffmpeg} "$@"`,
    'case "$*" in *"nut pipe:1"*) role=decoder; slow=-re;; *"-i pipe:0"*) role=encoder; slow=;; *) role=; slow=;; esac',
    `if [ "$role" = "$who" ] && [ $times -gt 0 ]; then`,
    `  echo $who $signal $((times-1)) > '${wanted}'.new; mv '${wanted}'.new '${wanted}'`, // the decoder reads it at this moment
    `  (sleep 1; kill -$signal $$ && echo $role $signal >> '${hit}') </dev/null >/dev/null 2>&1 &`,
    'fi',
    `exec ${ffmpeg} $slow "$@"`,
  ]
  const wrapper = join(at, 'ffmpeg')
  writeFileSync(wrapper, script.join('\n'), { mode: 0o755 })
  process.env['FFPROBE_BIN'] = tool('sh', ['-c', 'command -v ffprobe']).trim()
  process.env['FFMPEG_BIN'] = wrapper
}

const films: Record<string, string> = {}
const frames = 75

beforeAll(async () => {
  films['mp4'] = make(at, ...numbered(3), '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', 'a.mp4')
  films['avi'] = make(at, ...numbered(3), '-c:v', 'mpeg4', '-q:v', '3', 'b.avi')
  writeFileSync(wanted, '')
  wrap()
  host = await openHost(at)
})
afterAll(() => void (process.env = before))

async function exportUnder(signal: string, film: string): Promise<{ job: JobState; path: string }> {
  const source = await host.api.sources.open(film)
  await host.api.sources.frameTable(source.id)
  const path = join(at, `${signal.replaceAll(' ', '-')}.mp4`)
  rmSync(hit, { force: true })
  writeFileSync(wanted, `${signal}\n`)
  try {
    const request = { project: projectOf(source, frames), output: outputAt(path, { quality: 'good' }) }
    return { job: await ended(host, await host.api.render.export(request)), path }
  } finally {
    writeFileSync(wanted, '')
  }
}

const hits = (): string[] => readFileSync(hit, 'utf8').trim().split('\n')

// Only Linux tells which process stands still.
const cases = [
  ['decoder KILL 1', 'mp4'],
  ['encoder KILL 1', 'avi'],
  ...(process.platform === 'linux' ? [['decoder STOP 1', 'avi']] : []),
] as [signal: string, film: string][]

test.skipIf(process.platform === 'win32').each(cases)(
  'after one "%s" in a segment of %s the film is right and nothing is said',
  async (signal, film) => {
    const { job, path } = await exportUnder(signal, films[film]!)
    expect(job.failure).toBeUndefined()
    expect(hits()).toHaveLength(1)
    expect(job.notes).toEqual([])
    expect(pictures(path).map(({ luma }) => numberOf(luma))).toEqual(
      Array.from({ length: frames }, (_, i) => i % 32),
    )
    rmSync(join(at, 'cache', 'segments'), { recursive: true }) // the next case makes them anew
  },
)

test.skipIf(process.platform === 'win32')(
  'an ffmpeg that is killed each time is a failure that says so; nothing lies under the name',
  async () => {
    const { job, path } = await exportUnder('decoder KILL 9', films['mp4']!)
    expect(job.failure).toMatchObject({ code: 'ffmpeg-failed', sentence: { key: 'toolKilled' } })
    expect(hits()).toHaveLength(2)
    expect(existsSync(path)).toBe(false)
  },
)

/** A tool that the system ends the first time that it is called with such words; names of files made on the way do not count. */
function endedFirst(name: 'ffmpeg' | 'ffprobe'): string {
  const real = tool('sh', ['-c', `command -v ${name}`]).trim()
  const script = [
    '#!/bin/bash',
    `key=$(echo "${name} $*" | sed -E 's/[0-9a-f]{6}|[0-9]+//g' | md5sum | cut -c1-32)`,
    `mkdir '${at}/ended'/$key 2>/dev/null && echo "${name} $*" >> '${at}/ended.txt' && kill -KILL $$`,
    `exec ${real} "$@"`,
  ]
  const path = join(at, `first-${name}`)
  writeFileSync(path, script.join('\n'), { mode: 0o755 })
  return path
}

test.skipIf(process.platform === 'win32')(
  'every tool that the system ends once, whatever it does, is called once more and nothing is said',
  async () => {
    mkdirSync(join(at, 'ended'))
    process.env['FFMPEG_BIN'] = endedFirst('ffmpeg')
    process.env['FFPROBE_BIN'] = endedFirst('ffprobe')
    const other = await hostIn(at, { cacheFolder: join(at, 'cache-ended') })
    const film = make(at, ...numbered(1), ...beeping(1), '-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'mp3', 'c.avi')
    const source = await other.api.sources.open(film)
    expect(frameCount(await other.api.sources.frameTable(source.id))).toBe(25)
    expect((await other.api.sources.waveform(source.id)).peaks.length).toBeGreaterThan(50)
    expect((await other.serve({ kind: 'frame', sourceId: source.id, frame: 3 }, {})).status).toBe(200)
    expect(await other.api.sources.damage(source.id)).toBeDefined()
    const proxy = await other.api.sources.playable(source.id, true)
    const enhance = { ...defaultEnhance, isEnabled: false }
    const output = { path: join(at, 'ended.png'), format: 'png' as const, mayOverwrite: false }
    const photo = { sourceId: source.id, frame: 3, way: 'moment' as const, enhance, output }
    const jobs = [
      proxy.kind === 'pending' ? (proxy.jobId ?? '') : '',
      await other.api.render.preview({ sourceId: source.id, from: 0, to: 3, enhance }),
      await other.api.render.photo(photo),
      await other.api.render.export({
        project: projectOf(source, 25),
        output: outputAt(join(at, 'ended.mp4')),
      }),
    ]
    for (const id of jobs) expect((await ended(other, id)).failure).toBeUndefined()
    const called = readFileSync(join(at, 'ended.txt'), 'utf8')
    for (const word of [
      'show_streams',
      'show_packets',
      'f32le',
      'image2pipe',
      'nut pipe:1',
      '.part-',
      '.partial',
    ])
      expect(called).toContain(word)
    expect(pictures(join(at, 'ended.mp4'))).toHaveLength(25)
  },
)
