// Files that lead to other files: playlists, manifests, scripts, references. They are refused with a sentence under every ending, and nothing
// they name is opened. What they name here is a pipe: whoever opens it waits for ever, and the question would end by its limit.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { listKind } from '../../electron/ffmpeg/readable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { type Tools, findTools } from '../../electron/ffmpeg/resolve.js'
import { inputArguments, runText } from '../../electron/ffmpeg/run.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import { phrase } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import { beeping, make, numbered } from './kit.js'

const at = folder()
const pipe = join(at, 'outside', 'pipe.ts')
let tools: Tools
beforeAll(async () => {
  mkdirSync(join(at, 'outside'))
  execFileSync('mkfifo', [pipe])
  tools = await findTools()
})

const failureOf = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it was opened')),
    (error: unknown) => (error instanceof AppError ? error : Promise.reject(error as Error)),
  )

const xml = '<?xml version="1.0"?>\n'
const lists: [kind: string, ending: string, text: (path: string) => string][] = [
  ['M3U', 'm3u8', (path) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${path}\n#EXT-X-ENDLIST\n`],
  ['M3U', 'm3u', (path) => `\uFEFF#EXTM3U\n${path}\n`],
  [
    'MPEG-DASH',
    'mpd',
    (path) =>
      `${xml}<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet contentType="video"><Representation id="0" mimeType="video/mp4" bandwidth="1"><BaseURL>file:${path}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  ],
  ['FFmpeg concat', 'ffconcat', (path) => `ffconcat version 1.0\nfile '${path}'\n`],
  [
    'SDP',
    'sdp',
    (path) =>
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=${path}\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n`,
  ],
  [
    'IMF',
    'xml',
    (path) =>
      `${xml}<CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>${path}</Id></CompositionPlaylist>`,
  ],
  [
    'XSPF',
    'xspf',
    (path) =>
      `${xml}<playlist version="1"><trackList><track><location>file://${path}</location></track></trackList></playlist>`,
  ],
  ['PLS', 'pls', (path) => `[playlist]\nFile1=${path}\nNumberOfEntries=1\n`],
  ['ASX', 'asx', (path) => `<asx version="3.0"><entry><ref href="file:${path}"/></entry></asx>`],
  ['SMIL', 'smil', (path) => `<smil><body><video src="file:${path}"/></body></smil>`],
  ['Reference', 'asf', (path) => `[Reference]\r\nRef1=file:${path}\r\n`],
  ['CUE', 'cue', (path) => `REM GENRE Home\nFILE "${path}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n`],
  ['EDL', 'edl', (path) => `# mpv EDL v0\n${path},0,1\n`],
  [
    'MLT',
    'mlt',
    (path) => `${xml}<mlt><producer><property name="resource">${path}</property></producer></mlt>`,
  ],
  ['SVG', 'svg', (path) => `<svg xmlns="http://www.w3.org/2000/svg"><image href="file:${path}"/></svg>`],
  [
    'QuickTime link',
    'qtl',
    (path) => `<?quicktime type="application/x-quicktime-media-link"?><embed src="file:${path}"/>`,
  ],
  ['AviSynth', 'avs', (path) => `# tape\nAviSource("${path}")\n`],
  ['VapourSynth', 'vpy', (path) => `import vapoursynth as vs\nopen(r"${path}").read()\n`],
]

describe.each(lists)('%s as .%s', (kind, ending, text) => {
  test('is refused by what it holds, under its own ending and as a film', async () => {
    for (const name of [`list.${ending}`, `${ending} disguised.mp4`, `${ending} disguised.mkv`]) {
      const path = join(at, name)
      writeFileSync(path, text(pipe))
      const failure = await failureOf(probe(tools, path))
      expect([failure.code, failure.sentence?.key, failure.sentence?.values['kind']], name).toEqual([
        ...['not-a-video', 'sourceIsList', kind],
      ])
      expect(failure.message).toContain(name)
    }
  })

  test('is not followed by any tool either, were it not known by its first bytes', async () => {
    const path = join(at, `list.${ending}`)
    for (const tool of [
      [tools.ffprobe, '-v', 'error', ...inputArguments(path)],
      [tools.ffmpeg, '-v', 'error', '-nostdin', ...inputArguments(path), '-f', 'null', '-'],
    ] as const) {
      const [program, ...words] = tool
      const failure = await failureOf(runText(program, words, { what: phrase('doPicture'), limitMs: 20_000 }))
      expect(failure.code, failure.message).toBe('ffmpeg-failed') // by the limit it would be source-unreadable
    }
  })
})

test('a film is no list, whatever its tags say', async () => {
  for (const name of ['film.mp4', 'film.avi', 'film.ts']) {
    const path = make(at, ...numbered(1), '-metadata', 'title=#EXTM3U ffconcat version <MPD <svg', name)
    expect(await listKind(path), name).toBeUndefined()
    expect((await probe(tools, path)).video.width, name).toBe(96)
  }
})

test('a name with a pattern is one file and not a series', async () => {
  for (const name of ['picture%03d.jpg', 'picture%03d.png']) {
    const still = make(at, ...numbered(1), '-frames:v', '1', 'still' + name.slice(-4))
    writeFileSync(join(at, name.replace('%03d', '001')), 'the series')
    writeFileSync(join(at, name), readFileSync(still))
    expect((await probe(tools, join(at, name))).video.width, name).toBe(96)
  }
  writeFileSync(join(at, 'none%03d.bmp'), 'no picture')
  writeFileSync(join(at, 'none001.bmp'), 'the series')
  expect((await failureOf(probe(tools, join(at, 'none%03d.bmp')))).code).toBe('not-a-video')
})

test('a pipe is refused before it is opened', async () => {
  expect((await failureOf(probe(tools, pipe))).sentence?.key).toBe('sourceNotRegular')
})

test('a question that is not answered ends with a sentence', async () => {
  const words = ['-v', 'error', ...inputArguments(pipe)]
  const failure = await failureOf(
    runText(tools.ffprobe, words, { what: phrase('doRead', { name: 'pipe.ts' }), limitMs: 300 }),
  )
  expect([failure.code, failure.sentence?.key]).toEqual(['source-unreadable', 'toolLate'])
})

/** The boxes of an MP4 or MOV whose moov comes last, with every other kind of `dref` entry put in. */
function withAlias(data: Buffer, track: string, alias: Buffer): Buffer {
  const parents = ['moov', 'trak', 'mdia', 'minf', 'dinf']
  const parts: Buffer[] = []
  for (let pos = 0; pos + 8 <= data.length;) {
    const [size, type] = [data.readUInt32BE(pos), data.toString('latin1', pos + 4, pos + 8)]
    const body = data.subarray(pos + 8, pos + size)
    const isOther = type === 'mdia' && !body.includes(track)
    const made =
      type === 'dref'
        ? Buffer.concat([body.subarray(0, 8), alias])
        : parents.includes(type) && !isOther
          ? withAlias(body, track, alias)
          : body
    const head = Buffer.alloc(8)
    head.writeUInt32BE(made.length + 8)
    head.write(type, 4, 'latin1')
    parts.push(head, made)
    pos += size
  }
  return Buffer.concat(parts)
}

/** A Macintosh alias to this path, as QuickTime wrote them into reference films. */
function aliasTo(path: string): Buffer {
  const record = Buffer.alloc(150)
  record.writeUInt16BE(2, 6)
  const name = Buffer.from(path)
  const entry = Buffer.alloc(4)
  entry.writeUInt16BE(2)
  entry.writeUInt16BE(name.length + (name.length % 2), 2)
  const end = Buffer.from([0xff, 0xff, 0, 0])
  const body = Buffer.concat([Buffer.alloc(4), record, entry, name, Buffer.alloc(name.length % 2), end])
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write('alis', 4)
  return Buffer.concat([head, body])
}

test('a film whose pictures lie in another file says so; one whose sound does is opened without it and says so', async () => {
  for (const [name, codec] of [
    ['reference.mov', 'mjpeg'],
    ['reference.mp4', 'mpeg4'],
  ] as const) {
    const whole = readFileSync(
      make(at, ...numbered(1), ...beeping(1), '-c:v', codec, '-c:a', 'aac', '-shortest', `whole-${name}`),
    )
    const path = join(at, name)
    writeFileSync(path, withAlias(whole, 'vide', aliasTo(pipe)))
    expect((await failureOf(probe(tools, path))).sentence?.key, name).toBe('sourceElsewhere')
    writeFileSync(path, withAlias(whole, 'soun', aliasTo(pipe)))
    expect(
      (await probe(tools, path)).warnings.map(({ key }) => key),
      name,
    ).toContain('noteElsewhere')
    expect((await probe(tools, join(at, `whole-${name}`))).warnings, name).toEqual([])
  }
})

test('every road of a file into a tool goes through the list of readers', () => {
  const sources = join(import.meta.dirname, '..', '..', 'electron', 'ffmpeg')
  for (const name of readdirSync(sources)) {
    if (name === 'run.ts') continue
    const text = readFileSync(join(sources, name), 'utf8').replace(/\s+/g, ' ')
    for (const [, next = ''] of text.matchAll(/'-i',? (\S+)/g))
      expect(
        next.startsWith("'pipe:") || (name === 'sections.ts' && text.includes('readableFormats')),
        `${name}: ${next}`,
      ).toBe(true)
  }
})
