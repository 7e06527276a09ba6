// Sources that do not give all they hold: what is missing is counted and told, what may come back is tried again, and nothing false is kept.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Host } from '../../../electron/app/host/host.js'
import { tool } from '../../engine/bundle.js'
import { ended, untouched } from '../hosting.js'
import { inEnglish } from '../../../electron/shared/words/sentences.js'
import { beeps, beeping, exported, make, numberOf, numbered, openHost, pictures } from '../../formats/kit.js'
import { folder } from '../folder.js'

const at = folder()
let host: Host

/** An ffmpeg that reads a spoilt copy instead of the film, so many times, when it decodes: a drive that drops out, without one. */
const wrapper = join(at, 'ffmpeg')
const counter = join(at, 'times')
/** While it is there the decoder says that its disk gave an error. */
const grumbling = join(at, 'grumbling')
/** Holds the name of a film that goes away for two seconds when a film is joined. */
const leaving = join(at, 'leaving')
/** Holds the name of a film that goes away while its pictures are listed: its reader sees an end there. */
const vanishing = join(at, 'vanishing')
/** Holds the name of a film that is short while the next film is joined, and is as it was before the joining ends. */
const shrinking = join(at, 'shrinking')
/** Holds the name of a film of which the disk gives only a half while the next film is joined; with `lasting`, whenever one is. */
const failing = join(at, 'failing')
const lasting = join(at, 'lasting')
function spoil(film: string, copy: string, times: number): void {
  writeFileSync(counter, String(times))
  const ffmpeg = tool('sh', ['-c', 'command -v ffmpeg']).trim()
  const script = [
    '#!/bin/bash',
    `case "$*" in *"nut pipe:1"*) [ -e '${grumbling}' ] && echo 'a.mp4: Input/output error' >&2;; esac`,
    `n=$(cat '${counter}')`,
    `case "$*" in *"nut pipe:1"*) if [ $n -gt 0 ]; then echo $((n-1)) > '${counter}'; exec ${ffmpeg} "\${@/file:${film.replaceAll('/', '\\/')}/file:${copy}}"; fi;; esac`,
    `case "$*" in *.part-*) if [ -e '${leaving}' ]; then film=$(cat '${leaving}'); rm '${leaving}'; mv "$film" "$film.away"; (sleep 2; mv "$film.away" "$film") </dev/null >/dev/null 2>&1 & fi;; esac`,
    `case "$*" in *.part-*) if [ -e '${shrinking}' ]; then film=$(cat '${shrinking}'); rm '${shrinking}'; cp -p "$film" "$film.whole"; truncate -s $(($(stat -c %s "$film")/2)) "$film"; ${ffmpeg} "$@"; rc=$?; cat "$film.whole" > "$film"; touch -r "$film.whole" "$film"; exit $rc; fi;; esac`,
    `case "$*" in *.part-*) if [ -e '${failing}' ]; then film=$(cat '${failing}'); [ -e '${lasting}' ] || rm '${failing}'; head -c $(($(stat -c %s "$film")/2)) "$film" > "$film.half"; echo "$film: Input/output error" >&2; exec ${ffmpeg} "\${@/file:$film/file:$film.half}"; fi;; esac`,
    `exec ${ffmpeg} "$@"`,
  ]
  writeFileSync(wrapper, script.join('\n'), { mode: 0o755 })
  process.env['FFMPEG_BIN'] = wrapper
}

beforeAll(async () => {
  spoil('/nowhere', '/nowhere', 0)
  const ffprobe = tool('sh', ['-c', 'command -v ffprobe']).trim()
  const lines = [
    '#!/bin/bash',
    `if [ -e '${vanishing}' ]; then film=$(cat '${vanishing}'); rm '${vanishing}'; ${ffprobe} "$@" | head -c 1000; rm "$film"; exit 0; fi`,
    `exec ${ffprobe} "$@"`,
  ]
  const probing = join(at, 'ffprobe')
  writeFileSync(probing, lines.join('\n'), { mode: 0o755 })
  process.env['FFPROBE_BIN'] = probing
  host = await openHost(at)
  for (const [name, more] of films) halfOf(make(at, ...numbered(2), ...more, name))
})

const films: [name: string, more: string[]][] = [
  ['stick.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-movflags', '+faststart']],
  ['stick.mkv', ['-c:v', 'mpeg4', '-g', '10', '-q:v', '3']],
  ['stick.avi', ['-c:v', 'mjpeg', '-q:v', '3']],
]

/** The first half of the file's bytes; an MP4's list of contents lies at its beginning. */
function halfOf(film: string): string {
  const copy = film.replace('stick', 'half')
  const bytes = readFileSync(film)
  writeFileSync(copy, bytes.subarray(0, bytes.length >> 1))
  return copy
}

const numbers = (path: string): number[] => pictures(path).map(({ luma }) => numberOf(luma))

test.each(films)('%s drops out once and comes back: the film is whole and nothing is said', async (name) => {
  const film = join(at, name)
  spoil(film, film.replace('stick', 'half'), 1)
  const { job, path, after } = await exported(host, at, film)
  expect(job.failure).toBeUndefined()
  expect(readFileSync(counter, 'utf8').trim()).toBe('0')
  expect(after.filter((note) => /repeat|damaged/.test(note))).toEqual([])
  expect(numbers(path)).toEqual(Array.from({ length: 50 }, (_, i) => i % 32))
})

test.each(films.slice(0, 2))(
  '%s stays away: the export fails with a sentence, and no part of it is kept',
  async (name) => {
    const film = join(at, name)
    spoil(film, film.replace('stick', 'half'), 99)
    writeFileSync(grumbling, '')
    const folder = join(at, 'cache', 'segments')
    const kept = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])
    const before = kept() // of the films that became whole
    const { job } = await exported(host, at, film, { over: { quality: 'good' } })
    rmSync(grumbling)
    expect(job.state).toBe('failed')
    expect(job.failure?.sentence?.key).toBe('sourceReadError')
    expect(kept()).toEqual(before)
  },
)

test('an AVI that stays short ends without a word from ffmpeg: its repeats are told', async () => {
  const film = join(at, 'stick.avi')
  spoil(film, join(at, 'half.avi'), 99)
  const { path, after } = await exported(host, at, film, { over: { quality: 'good' } })
  const shown = numbers(path)
  const repeats = shown.filter((number, i) => i > 0 && number === shown[i - 1]).length
  expect(repeats).toBeGreaterThan(10)
  expect(after.join(' ')).toContain(`${repeats} frames of "stick.avi" between 0:`)
})

/** Overwrites some packets in the middle with noise that no decoder takes. */
function rotten(film: string, packets: [from: number, to: number]): string {
  const listing = tool('ffprobe', ['-v', 'error', '-show_entries', 'packet=pos,size', '-of', 'csv=p=0', film])
  const places = listing.split('\n').flatMap((line) => {
    const [size, pos] = line.split(',').map(Number)
    return size !== undefined && pos !== undefined && pos > 0 ? [{ size, pos }] : []
  })
  const bytes = readFileSync(film)
  const own = film.endsWith('mkv') ? 12 : 0 // Matroska's own words stay: they lie among the packets
  for (const { pos, size } of places.slice(...packets)) bytes.fill(0xff, pos + own, pos + size)
  const copy = film.replace('stick', 'rotten')
  writeFileSync(copy, bytes)
  return copy
}

test.each(films.slice(0, 2))('%s with rotten bytes: repeats are told with their place', async (name) => {
  spoil('/nowhere', '/nowhere', 0)
  const film = rotten(join(at, name), [22, 30])
  const { job, path, after } = await exported(host, at, film)
  expect(job.failure).toBeUndefined()
  const shown = numbers(path)
  expect(shown).toHaveLength(50)
  const repeats = shown.filter((number, i) => i > 0 && number === shown[i - 1]).length
  expect(repeats).toBeGreaterThan(0)
  expect(after.join(' ')).toMatch(new RegExp(`${repeats} frames of .* between 0:00\\.[89] and 0:01\\.\\d`))
})

async function photoOf(
  film: string,
  frame: number,
): Promise<{ luma: number; notes: string[]; key?: string }> {
  const source = await host.api.sources.open(film)
  const output = { path: join(at, `${frame}.png`), format: 'png' as const, mayOverwrite: true }
  const request = { sourceId: source.id, frame, way: 'frame' as const, enhance: untouched, output }
  const job = await ended(host, await host.api.render.photo(request))
  const luma = job.failure ? NaN : (pictures(output.path)[0]?.luma ?? NaN)
  return { luma, notes: job.notes.map(inEnglish), key: job.failure?.sentence?.key }
}

test('a photo of a moment that cannot be read says that it shows the one before; beside it all is well', async () => {
  spoil('/nowhere', '/nowhere', 0)
  const film = rotten(join(at, 'stick.mkv'), [22, 27])
  const gap = await photoOf(film, 24)
  expect(gap.notes.join(' ')).toMatch(/One frame of "rotten.mkv" at 0:00.9 could not be read/)
  expect((await photoOf(film, 40)).notes).toEqual([])
})

test('a photo of a drive that drops out is taken again; where it stays away, that is the failure', async () => {
  const film = join(at, 'stick.mp4')
  spoil(film, join(at, 'half.mp4'), 1)
  const { luma, notes } = await photoOf(film, 45)
  expect([numberOf(luma), notes]).toEqual([45 % 32, []])
  spoil(film, join(at, 'half.mp4'), 99)
  expect((await photoOf(film, 46)).key).toBe('sourceReadError')
})

test('an error of the disk that cost no picture is not called damage of the film', async () => {
  spoil('/nowhere', '/nowhere', 0)
  writeFileSync(grumbling, '')
  const { job, path, after } = await exported(host, at, join(at, 'stick.avi'), { over: { quality: 'best' } })
  rmSync(grumbling)
  expect(job.failure).toBeUndefined()
  expect(after.filter((note) => /damage|repeat/.test(note))).toEqual([])
  expect(numbers(path)).toEqual(Array.from({ length: 50 }, (_, i) => i % 32))
})

test('a drive that drops out while the film is joined is waited for', async () => {
  spoil('/nowhere', '/nowhere', 0)
  const film = make(
    at,
    ...numbered(1),
    ...beeping(1),
    '-c:v',
    'mpeg4',
    '-q:v',
    '3',
    '-c:a',
    'aac',
    'away.mp4',
  )
  writeFileSync(leaving, film)
  const { job, path, after } = await exported(host, at, film)
  expect(job.failure).toBeUndefined()
  expect(existsSync(leaving)).toBe(false)
  expect(after).toEqual([])
  expect(numbers(path)).toEqual(Array.from({ length: 25 }, (_, i) => i))
  expect(beeps(path)).toHaveLength(1)
})

test('a film that goes away while its pictures are listed has no short list of them: it is called gone', async () => {
  const film = make(at, ...numbered(2), '-c:v', 'mpeg4', 'vanishing.avi')
  const source = await host.api.sources.open(film)
  writeFileSync(vanishing, film)
  await expect(host.api.sources.frameTable(source.id)).rejects.toMatchObject({
    sentence: { key: 'videoMoved' },
  })
})

const sounding: [name: string, made: string[], range: [number, number] | undefined][] = [
  [
    'copied.mp4',
    ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-movflags', '+faststart'],
    undefined,
  ],
  ['encoded.avi', ['-c:v', 'mjpeg', '-q:v', '3', '-c:a', 'pcm_s16le'], undefined],
  ['cut.mkv', ['-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'aac'], [5, 75]],
]

test.each(
  sounding.flatMap(([name, made, range]) =>
    [shrinking, failing].map(
      (way) => [name, way === shrinking ? 'short' : 'unreadable', made, range, way] as const,
    ),
  ),
)('%s that is %s for a moment while its sound is read has all of it in the film', async (...given) => {
  const [name, , made, range, way] = given
  spoil('/nowhere', '/nowhere', 0)
  const film = make(at, ...numbered(3), ...beeping(3), ...made, name)
  writeFileSync(way, film)
  const { job, path, after } = await exported(host, at, film, { range })
  expect(job.failure).toBeUndefined()
  expect(existsSync(way)).toBe(false)
  expect(after.filter((note) => /Not as in/.test(note))).toEqual([])
  const begins = beeps(path).map(({ from }) => from + (range ? 0.2 : 0))
  expect(begins).toHaveLength(3)
  expect(begins[2]).toBeCloseTo(2, 1)
})

test.each(sounding.slice(0, 2))(
  '%s whose disk stays unreadable is no film that falls silent',
  async (...given) => {
    const [name, made, range] = given
    spoil('/nowhere', '/nowhere', 0)
    const film = make(at, ...numbered(3), ...beeping(3), ...made, `lasting-${name}`)
    writeFileSync(failing, film)
    writeFileSync(lasting, '')
    const { job, path } = await exported(host, at, film, { range })
    rmSync(failing)
    rmSync(lasting)
    expect(job.failure?.sentence?.key).toBe('sourceUnsteady')
    expect(existsSync(path)).toBe(false)
  },
)
