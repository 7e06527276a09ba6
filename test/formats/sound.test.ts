// Sound that cannot be copied as it is: known before the work, then cut to the sample, or left out and said.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { boxes } from '../../electron/ffmpeg/boxes.js'
import { makeProxy } from '../../electron/ffmpeg/proxy.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { inEnglish } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import { tool } from '../engine/bundle.js'
import {
  type Beep,
  beeping,
  beeps,
  copiesFlac,
  exported,
  facts,
  make,
  numbered,
  openHost,
  pictures,
  soundSeconds,
} from './kit.js'

const at = folder()
const sounds = (path: string): string[] =>
  facts(path).streams.flatMap(({ codec_type, codec_name }) =>
    codec_type === 'audio' ? [codec_name ?? ''] : [],
  )

/** So many beeps, at whole seconds from the first picture, of 0.2 s, within 10 ms. */
function inStep(path: string, count: number): void {
  const found: readonly Beep[] = beeps(path)
  const first = pictures(path)[0]?.at ?? NaN // Matroska moves sound and picture alike
  expect(found.map(({ from }) => Math.round(1000 * from))).toHaveLength(count)
  found.forEach(({ from, to }, i) => {
    expect(Math.abs(from - (first + i))).toBeLessThan(0.01)
    expect(Math.abs(to - from - 0.2)).toBeLessThan(0.01)
  })
}

test('every codec goes into every container, in step: copied where the container takes it, else encoded and said', async () => {
  const host = await openHost(at)
  const films: [name: string, codec: string[], picture: string[]][] = [
    ['flac.mkv', ['-c:a', 'flac'], ['-c:v', 'ffv1', '-level', '3']],
    ['pcm24.mov', ['-c:a', 'pcm_s24le'], ['-c:v', 'mjpeg']],
    ['vorbis.webm', ['-ac', '2', '-c:a', 'libvorbis'], ['-c:v', 'libvpx']],
    ['opus.mkv', ['-c:a', 'libopus'], ['-c:v', 'libx264']],
    ['mp2.mpg', ['-c:a', 'mp2'], ['-c:v', 'mpeg2video']],
    ['ac3.avi', ['-c:a', 'ac3'], ['-c:v', 'mpeg4']],
  ]
  for (const [name, sound, picture] of films) {
    const film = make(at, ...numbered(3), ...beeping(3), ...picture, ...sound, name)
    for (const ending of ['mp4', 'mov', 'mkv'] as const) {
      const { job, path, before } = await exported(host, at, film, { ending })
      expect([name, ending, job.state]).toEqual([name, ending, 'done'])
      expect(sounds(path)).toHaveLength(1)
      inStep(path, 3)
      const isLossless = /flac|pcm/.test(name)
      const isSaid = before.some((note) => note.includes('becomes AAC'))
      const becomesAac = isLossless && ending === 'mp4' && !(name.startsWith('flac') && copiesFlac(at))
      expect([name, ending, isSaid]).toEqual([name, ending, becomesAac])
      if (isLossless && !becomesAac) expect(sounds(path)[0]).toMatch(/flac|alac|pcm/)
    }
  }
})

/** The box with its content changed: `change` gets [type, content] and gives the new content, or undefined to take it out. */
function rebuilt(data: Buffer, change: (type: string, inner: Buffer) => Buffer | undefined): Buffer {
  return Buffer.concat(
    boxes(data).map(({ type, start, end }) => {
      const inner = change(type, data.subarray(start, end))
      if (!inner) return Buffer.alloc(0)
      const head = Buffer.alloc(8)
      head.writeUInt32BE(inner.length + 8)
      head.write(type, 4, 'latin1')
      return Buffer.concat([head, inner])
    }),
  )
}

const words = (...numbers: number[]): Buffer => {
  const data = Buffer.alloc(4 * numbers.length)
  numbers.forEach((n, i) => data.writeInt32BE(n, 4 * i))
  return data
}

/** An MP4 (index at its end) whose edit lists keep [seconds, from] of every track. */
function edited(from: string, to: string, edits: readonly [seconds: number, from: number][]): string {
  const scale = 1000 // of the movie: what ffmpeg writes
  const total = edits.reduce((sum, [seconds]) => sum + seconds, 0) * scale
  const put = (data: Buffer, value: number, place: number): Buffer => {
    const copy = Buffer.from(data)
    copy.writeUInt32BE(value, place)
    return copy
  }
  const track = (trak: Buffer): Buffer => {
    const mdia = boxes(trak).find(({ type }) => type === 'mdia')
    const mdhd = boxes(trak, mdia?.start, mdia?.end).find(({ type }) => type === 'mdhd')
    const mediaScale = trak.readUInt32BE((mdhd?.start ?? 0) + 12)
    const edts = boxes(trak).find(({ type }) => type === 'edts')
    const old = boxes(trak, edts?.start, edts?.end)[0]
    const begin = edts && old ? trak.readInt32BE(old.start + 12) : 0 // what the codec needs to begin
    const list = edits.flatMap(([seconds, start]) => [seconds * scale, start * mediaScale + begin, 0x10000])
    const elst = Buffer.concat([
      ...[words(24 + 4 * list.length, 0), words(16 + 4 * list.length, 0)],
      ...[words(0, edits.length), words(...list)],
    ])
    elst.write('edts', 4, 'latin1')
    elst.write('elst', 12, 'latin1')
    return Buffer.concat([
      elst,
      rebuilt(trak, (type, inner) =>
        type === 'edts' ? undefined : type === 'tkhd' ? put(inner, total, 20) : inner,
      ),
    ])
  }
  const whole = rebuilt(readFileSync(from), (type, inner) =>
    type !== 'moov'
      ? inner
      : rebuilt(inner, (kind, content) =>
          kind === 'trak' ? track(content) : kind === 'mvhd' ? put(content, total, 16) : content,
        ),
  )
  writeFileSync(to, whole)
  return to
}

test.each([
  ['AAC in MP4', 'pieces.mp4', ['-c:v', 'libx264', '-g', '25', '-bf', '0', '-c:a', 'aac']],
  ['PCM in MOV', 'pieces.mov', ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le']],
])('what an edit list leaves out stays out, and what it keeps is in step: %s', async (_, name, codecs) => {
  const host = await openHost(at)
  const whole = make(at, ...numbered(12), ...beeping(12), ...codecs, `whole-${name}`)
  const film = edited(
    whole,
    join(at, name),
    [0, 1, 2, 3, 4].map((i) => [1, 2 * i]),
  )
  for (const ending of ['mp4', 'mkv'] as const) {
    const { job, path } = await exported(host, at, film, { ending })
    expect(job.state).toBe('done')
    inStep(path, 5)
    expect(soundSeconds(path)).toBeCloseTo(5, 1)
  }
  // What is drawn and what a player without edit lists is given is cut as exactly.
  const source = await host.api.sources.open(film)
  const table = await host.api.sources.frameTable(source.id)
  const { peaks } = await host.api.sources.waveform(source.id)
  const loud = peaks.flatMap((peak, i) => (peak > 0.1 ? [i / 100] : []))
  expect(loud).toHaveLength(5 * 20)
  expect(loud.filter((_, i) => i % 20 === 0)).toEqual([0, 1, 2, 3, 4])
  const proxy = join(at, `proxy-${name}.mp4`)
  await makeProxy(await findTools(), source, table, proxy)
  inStep(proxy, 5)
  expect(await host.api.sources.playable(source.id, false)).toMatchObject({ kind: 'pending' })
})

test('sound around the picture is left out, in step, and said with its seconds', async () => {
  const host = await openHost(at)
  const around = (name: string, ...codecs: string[]): string =>
    make(at, ...['-itsoffset', '2'], ...numbered(3), ...beeping(8), '-map', '0', '-map', '1', ...codecs, name)
  for (const film of [
    around('around.mkv', '-c:v', 'libx264', '-bf', '0', '-c:a', 'aac'),
    around('around.mov', '-vsync', '0', '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'),
    around('around.ts', '-c:v', 'mpeg2video', '-bf', '0', '-c:a', 'mp2'),
  ]) {
    const { job, path, before, after, source } = await exported(host, at, film)
    expect(job.state).toBe('done')
    expect(source.durationSeconds).toBeCloseTo(3, 1)
    inStep(path, 3)
    for (const notes of [before, after]) {
      expect(notes.filter((note) => /2(\.0\d)? s of sound before/.test(note))).toHaveLength(1)
      expect(notes.filter((note) => /3(\.0\d)? s of sound after/.test(note))).toHaveLength(1)
    }
  }
})

test('which track is the one to play stays known, and what the others are for', async () => {
  const host = await openHost(at)
  const two = (name: string, ...codecs: string[]): string =>
    make(
      at,
      ...[...numbered(2), ...beeping(2, 500), ...beeping(2, 1000), '-map', '0', '-map', '1', '-map', '2'],
      ...['-disposition:a:0', 'comment', '-disposition:a:1', 'default', '-metadata:s:a:1', 'language=jpn'],
      ...['-metadata:s:a:0', 'title=Comments', '-metadata:s:a:1', 'title=Film', ...codecs, name],
    )
  for (const film of [
    two('roles.mkv', '-c:v', 'libx264', '-c:a', 'aac'),
    two('roles.mp4', '-c:v', 'mpeg4', '-c:a', 'ac3'),
  ])
    for (const ending of ['mp4', 'mkv', 'mov'] as const) {
      const { path, after } = await exported(host, at, film, { ending })
      const tracks = facts(path).streams.filter(({ codec_type }) => codec_type === 'audio')
      expect(tracks.map(({ disposition }) => disposition['default'])).toEqual([0, 1])
      expect(tracks[0]?.disposition['comment']).toBe(1)
      expect((await host.api.sources.open(path)).audio).toMatchObject([
        { title: 'Comments', roles: ['comment'] },
        { title: 'Film', roles: ['default'] },
      ])
      expect(after.join('\n')).not.toMatch(/Lost|Not as/)
      expect(tracks[1]?.tags?.['language']).toBe('jpn')
    }
})

test('every role of a track, its title and the chapters beside it come out of MP4 and MOV again', async () => {
  const host = await openHost(at)
  const chapters = ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=One\n'
  writeFileSync(join(at, 'one.txt'), chapters)
  const marked = ['dub', 'original', 'hearing_impaired', 'visual_impaired', 'comment+dub']
  const film = make(
    at,
    ...[...numbered(1), ...beeping(1), '-i', 'one.txt', '-map', '0'],
    ...marked.flatMap((roles, i) => [
      ...['-map', '1', `-disposition:a:${i}`, roles, `-metadata:s:a:${i}`, `title=${i}: Großmutter 夏`],
    ]),
    ...['-map_chapters', '2', '-metadata', 'title=Sea', '-c:v', 'libx264', '-c:a', 'aac', 'marked.mkv'],
  )
  for (const ending of ['mp4', 'mov'] as const) {
    const { path, source, after } = await exported(host, at, film, { ending })
    const { audio, chapters, tags } = await host.api.sources.open(path)
    expect(audio.map(({ title }) => title)).toEqual(marked.map((_, i) => `${i}: Großmutter 夏`))
    // The first is played first where none is marked so.
    const plain = audio.map(({ roles }, i) => (i === 0 ? roles.filter((role) => role !== 'default') : roles))
    expect(plain).toEqual(source.audio.map(({ roles }) => roles))
    expect([chapters.map(({ title }) => title), tags['title']]).toEqual([['One'], 'Sea'])
    expect([pictures(path).length, beeps(path, 'a:4').length]).toEqual([25, 1])
    expect(after.join('\n')).not.toMatch(/Lost|Not as/)
  }
})

test('sound of few samples, whose first packet is long: in step in every container, and nothing is said of it', async () => {
  const host = await openHost(at)
  for (const [name, ...codecs] of [
    ['phone.3gp', '-c:v', 'mpeg4', '-c:a', 'aac', '-ar', '8000'],
    ['phone.mkv', '-c:v', 'libx264', '-c:a', 'aac', '-ar', '8000'],
  ] as const) {
    const film = make(at, ...numbered(3), ...beeping(3), ...codecs, name)
    for (const ending of ['mkv', 'mp4'] as const) {
      const { path, before, after } = await exported(host, at, film, { ending })
      inStep(path, 3)
      expect([...before, ...after].join('\n')).not.toMatch(/Lost|Not as|of sound before/)
    }
  }
}, 60_000)

/** Packets of the first sound track: where they lie in the file. */
const packetsIn = (path: string): { at: number; bytes: number }[] =>
  tool('ffprobe', [
    ...['-v', 'error', '-select_streams', 'a:0', '-show_entries', 'packet=pos,size', '-of', 'csv=p=0', path],
  ])
    .split('\n')
    .flatMap((line) => {
      const [bytes, at] = line.split(',').map(Number)
      return bytes && at ? [{ at, bytes }] : []
    })

test.each([
  ['mp4', ['-c:a', 'aac']],
  ['mkv', ['-c:a', 'ac3']],
])(
  'sound in %s that would be copied and cannot be read everywhere: silence there, and it is said',
  async (ending, coding) => {
    const host = await openHost(at)
    const tone = ['-f', 'lavfi', '-i', 'sine=f=1000:r=48000:d=4', '-map', '0:v', '-map', '1:a']
    const film = make(at, ...numbered(4), ...tone, '-c:v', 'libx264', ...coding, `hurt.${ending}`)
    const data = readFileSync(film)
    for (const { at: from, bytes } of packetsIn(film).slice(-90, -70)) data.fill(0, from + 2, from + bytes)
    writeFileSync(film, data)
    const { job, path } = await exported(host, at, film, { ending: ending as 'mp4' | 'mkv' })
    expect(job.state).toBe('done')
    expect(soundSeconds(path)).toBeCloseTo(4, 1)
    expect(beeps(path)).toHaveLength(2) // before the place, and behind it
    const words = job.notes.map(inEnglish).filter((note) => note.includes('cannot be read at'))
    expect(words).toHaveLength(1)
    expect(words[0]).toMatch(/Sound track 1 of "hurt.m.." is damaged/)
  },
  60_000,
)

test('sound that goes over from two channels to six stays in step, and that is said', async () => {
  const host = await openHost(at)
  const six = 'pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0'
  const coding = ['-c:v', 'mpeg2video', '-c:a', 'ac3', '-f', 'mpegts']
  make(at, ...numbered(3), ...beeping(3), ...coding, '-ac', '2', '-t', '3', 'two.ts')
  make(
    at,
    ...numbered(3),
    ...beeping(3),
    ...coding,
    '-af',
    six,
    '-output_ts_offset',
    '3',
    '-t',
    '3',
    'six.ts',
  )
  const film = join(at, 'both.ts')
  writeFileSync(film, Buffer.concat([readFileSync(join(at, 'two.ts')), readFileSync(join(at, 'six.ts'))]))
  const { job, path } = await exported(host, at, film, { range: [0, 125] })
  expect(job.state).toBe('done')
  expect(soundSeconds(path)).toBeCloseTo(5, 1)
  const found = beeps(path)
  expect(found).toHaveLength(5)
  found.forEach(({ from }, i) => expect(Math.abs(from - i)).toBeLessThan(0.05)) // the second recording begins with a packet of its own
  expect(job.notes.map(inEnglish).some((note) => note.includes('changes its form on the way'))).toBe(true)
}, 60_000)
