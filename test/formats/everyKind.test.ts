// Every kind of film that this folder knows, exported: the report leaves nothing out and says nothing that ffprobe would not.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OutputSpec } from '../../electron/shared/contract/output.js'
import type { ReportRow } from '../../electron/shared/contract/report.js'
import { inEnglish, wordsIn } from '../../electron/shared/words/sentences.js'
import { folder } from '../app/folder.js'
import { beeping, copiesFlac, exported, facts, make, numbered, openHost, pictures } from './kit.js'
import { turn } from './turn.js'

const at = folder()
const joined = (name: string, ...parts: string[]): string => {
  writeFileSync(join(at, name), Buffer.concat(parts.map((part) => readFileSync(part))))
  return join(at, name)
}
const h264 = ['-c:v', 'libx264', '-g', '12']
const two = (...more: string[]): string[] => [...numbered(2), ...beeping(2), ...more]
const text = (name: string, words: string): string => {
  writeFileSync(join(at, name), words)
  return name
}
const chaptered = [';FFMETADATA1', '[CHAPTER]', 'TIMEBASE=1/1', 'START=0', 'END=1', 'title=One', '']

interface Kind {
  film: () => string
  ending: OutputSpec['container']
  /** What is not the same, and the reasons that are given; everything else is. */
  differences: Record<string, string[]>
}

const recoded = 'coded anew, because it cannot be copied as it is'
const cannot = 'such tracks cannot be carried over yet'
const chosen = { 'coding of the picture': ['as chosen'] }
const firstRecoded = { 'sound track 1': [recoded] }

const kinds: Record<string, Kind> = {
  chapters: {
    film: () => {
      const words = [
        '-i',
        text('c.txt', chaptered.join('\n')),
        '-map',
        '0',
        '-map',
        '1',
        '-map_chapters',
        '2',
      ]
      return make(at, ...two(...words, ...h264, '-c:a', 'aac', 'chapters.mp4'))
    },
    ...{ ending: 'mkv', differences: {} },
  },
  'FLAC to MP4': {
    film: () => make(at, ...two('-c:v', 'ffv1', '-c:a', 'flac', 'flac.mkv')),
    ...{ ending: 'mp4', differences: { ...chosen, ...(copiesFlac(at) ? {} : firstRecoded) } },
  },
  'joined recordings': {
    film: () =>
      joined(
        'joined.ts',
        make(at, ...two(...h264, '-bf', '2', '-c:a', 'ac3', '1.ts')),
        make(at, ...numbered(1), ...beeping(1), ...h264, '-bf', '2', '-c:a', 'ac3', '2.ts'),
      ),
    ending: 'mov',
    differences: {
      ...{ length: ['its clock was put right'], 'length of sound track 1': ['its clock was put right'] },
      ...firstRecoded,
    },
  },
  'sound that begins late': {
    film: () => {
      const late = ['-itsoffset', '4', ...beeping(1), '-map', '0', '-map', '1']
      return make(at, ...numbered(5), ...late, '-c:v', 'mpeg2video', '-c:a', 'ac3', 'late.ts')
    },
    ending: 'mkv',
    differences: {
      ...{ ...chosen, ...firstRecoded },
      'length of sound track 1': ['silence stands where the original has no sound'],
    },
  },
  'words of a phone': {
    film: () => {
      const key = 'com.apple.quicktime.'
      const words = [`${key}location.ISO6709=+35.6586+139.7454/`, `${key}make=Apple`, `${key}model=iPhone 13`]
      const moment = [`${key}creationdate=2023-07-01T08:15:00+0900`, 'creation_time=2023-06-30T23:15:00Z']
      const said = [...words, ...moment].flatMap((word) => ['-metadata', word])
      const keys = ['-movflags', 'use_metadata_tags', ...said]
      return make(at, ...two(...h264, '-c:a', 'aac', ...keys, 'phone.mov'))
    },
    ...{ ending: 'mkv', differences: {} },
  },
  'last picture shown long': {
    film: () => {
      const short = make(
        at,
        ...numbered(1, 30),
        ...beeping(3),
        ...h264,
        '-bf',
        '0',
        '-c:a',
        'aac',
        'last-0.mp4',
      )
      const long = "setts=pts=PTS:dts=DTS:duration='if(eq(N,29),512*60,512)'"
      return make(at, '-i', short, '-map', '0', '-c', 'copy', '-bsf:v', long, 'last.mp4')
    },
    ...{ ending: 'mov', differences: {} },
  },
  'repeated times': {
    film: () => {
      const even = make(at, ...two('-c:v', 'mpeg4', '-g', '10', '-c:a', 'pcm_s16le', 'even.mkv'))
      const times = 'if(eq(mod(N,10),9),PTS-40,PTS)'
      return make(at, '-i', even, '-c', 'copy', '-bsf:v', `setts=pts='${times}':dts='${times}'`, 'twice.mkv')
    },
    ending: 'mp4',
    differences: { ...chosen, ...firstRecoded },
  },
  'begins without a key picture': {
    film: () => {
      const group = ['-c:v', 'libx264', '-g', '75', '-keyint_min', '75', '-sc_threshold', '0']
      const whole = readFileSync(make(at, ...numbered(5), ...beeping(5), ...group, '-c:a', 'aac', 'all.ts'))
      const packets = Math.floor(whole.length / 188)
      const tail = whole.subarray(188 * Math.floor(packets * 0.2))
      writeFileSync(join(at, 'begins.ts'), Buffer.concat([whole.subarray(0, 188 * 3), tail]))
      return join(at, 'begins.ts')
    },
    ending: 'mp4',
    differences: {
      length: ['its first frames cannot be shown'],
      frames: ['its first frames cannot be shown'],
      'length of sound track 1': ['only sound beside the picture is kept'],
    },
  },
  'cover, subtitles and a font': {
    film: () => {
      make(at, '-f', 'lavfi', '-i', 'color=red:s=600x900', '-frames:v', '1', 'cover.jpg')
      const extras = ['-i', text('s.srt', '1\n00:00:00,000 --> 00:00:01,000\nHi\n'), '-i', 'cover.jpg']
      const maps = ['0', '1', '2', '3'].flatMap((input) => ['-map', input])
      const font = ['-attach', text('a.txt', 'words'), '-metadata:s:t', 'mimetype=text/plain']
      const codecs = ['-c:v:0', 'libx264', '-c:v:1', 'copy', '-c:a', 'aac', '-c:s', 'srt']
      return make(at, ...two(...extras, ...maps, ...codecs, ...font, 'extras.mkv'))
    },
    ending: 'mp4',
    differences: { 'other track': [cannot] },
  },
  'fields by the container': {
    film: () => {
      const woven = 'testsrc2=s=96x64:r=50:d=2,format=yuv422p,tinterlace=mode=interleave_top,setfield=tff'
      return make(at, '-f', 'lavfi', '-i', woven, '-c:v', 'huffyuv', '-field_order', 'tt', 'huff.mkv')
    },
    ending: 'mov',
    differences: {
      ...{ 'kind of frames': ['each field has become a frame'], ...chosen },
      'depth and detail of colour': ['as the chosen coding stores it'],
    },
  },
  'a track without sound, and one of an unknown kind': {
    film: () => {
      const tracks = ['0', '1', '1'].flatMap((input) => ['-map', input])
      const known = make(at, ...two(...tracks, ...h264, '-c:a:0', 'aac', '-c:a:1', 'alac', 'known.mov'))
      writeFileSync(join(at, 'apac.mov'), readFileSync(known, 'latin1').replaceAll('alac', 'apac'), 'latin1')
      return join(at, 'apac.mov')
    },
    ...{ ending: 'mp4', differences: { 'sound track 2': [] } },
  },
  'tracks with roles': {
    film: () => {
      const tracks = ['0', '1', '1'].flatMap((input) => ['-map', input])
      const marks = ['-disposition:a:0', 'comment', '-disposition:a:1', 'default']
      const titles = ['-metadata:s:a:0', 'title=Comments', '-metadata:s:a:1', 'language=jpn']
      return make(at, ...two(...tracks, ...marks, ...titles, ...h264, '-c:a', 'aac', 'roles.mkv'))
    },
    ...{ ending: 'mov', differences: {} },
  },
  'sound around the picture': {
    film: () => {
      const late = ['-itsoffset', '1', ...numbered(2), ...beeping(5), '-map', '0', '-map', '1', '-bf', '0']
      return make(at, ...late, ...h264, '-c:a', 'aac', 'around.mkv')
    },
    ...{
      ending: 'mp4',
      differences: { 'length of sound track 1': ['only sound beside the picture is kept'] },
    },
  },
  'another shape on the way': {
    film: () => {
      const shaped = (aspect: string, from: string, name: string): string => {
        const coded = ['-aspect', aspect, '-c:v', 'mpeg2video', '-g', '12', '-bf', '0']
        return make(at, ...numbered(2, 25, '352x288'), ...coded, '-output_ts_offset', from, name)
      }
      return joined('shapes.ts', shaped('4:3', '0', 'h1.ts'), shaped('16:9', '2', 'h2.ts'))
    },
    ending: 'mkv',
    differences: {
      ...chosen,
      'size as shown': ['later shapes are fitted into the first'],
      'shape of pixels': ['every player shows square pixels alike'],
    },
  },
  'held upright, with a large word': {
    film: () => {
      const words = text('big.txt', `;FFMETADATA1\ntitle=Sea\ncomment=${'x'.repeat(200_000)}\n`)
      const flat = make(at, ...two('-i', words, '-map_metadata', '2', ...h264, '-c:a', 'aac', 'flat.mp4'))
      return turn(make(at, '-i', flat, '-c', 'copy', 'upright.mp4'), 90)
    },
    ending: 'mkv',
    differences: { 'turned for showing': ['the frames themselves were turned'] },
  },
}

/** Names that ffprobe gives to what the report calls by its usual name. */
const usual: Record<string, string> = {
  ...{ h264: 'H.264', aac: 'AAC', ac3: 'AC-3', flac: 'FLAC', mpeg4: 'MPEG-4', mpeg2video: 'MPEG-2' },
  ...{ ffv1: 'FFV1', pcm_s16le: 'PCM (s16le)' },
}

/** The rows by what they are about; several other tracks are one entry. */
const byWhat = (report: readonly ReportRow[]): Map<string, ReportRow> =>
  new Map(report.map((row) => [inEnglish(row.what), row]))

test.each(Object.entries(kinds))(
  '%s: every difference is named, and every fact is so',
  async (_, kind) => {
    const film = kind.film()
    const { job, path, after } = await exported(await openHost(at), at, film, { ending: kind.ending })
    expect(job.failure).toBeUndefined()
    const report = job.report ?? []
    // Versions of ffmpeg differ in whether a last picture lasts: less than one picture, and named, too.
    const isCounted = ({ why }: ReportRow): boolean => why.some(({ key }) => key === 'whyLastCounted')
    const different = report.filter((row) => row.state !== 'same' && !isCounted(row))
    const reasons = different.map(({ what, why }) => [inEnglish(what), why.map(inEnglish)] as const)
    expect(Object.fromEntries(reasons)).toEqual(kind.differences)
    expect(report.filter(({ state }) => state === 'lost')).toEqual([])
    expect(after.join('\n')).not.toMatch(/Lost|Not as/)

    const [before, made] = [facts(film), facts(path)]
    const rows = byWhat(report)
    const cell = (what: string, side: 'source' | 'output'): string =>
      wordsIn('en', rows.get(what)?.[side] ?? [])
    const of = ({ streams }: typeof made, type: string) =>
      streams.filter(({ codec_type }) => codec_type === type)
    // The picture.
    const [shown] = of(made, 'video')
    const seen = pictures(path)
    expect(cell('frames', 'output')).toBe(String(seen.length))
    expect(cell('size as shown', 'output')).toBe(`${shown?.width}×${shown?.height}`)
    for (const [side, file] of [
      ['source', before],
      ['output', made],
    ] as const) {
      const codec = of(file, 'video')[0]?.codec_name ?? ''
      expect(cell('coding of the picture', side)).toBe(usual[codec] ?? codec)
    }
    const step = ((seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0)) / Math.max(1, seen.length - 1)
    const length = (seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0)
    const told = parseFloat(cell('length', 'output'))
    if (!film.includes('last')) expect(Math.abs(told - length - step)).toBeLessThan(0.03)
    else expect(told).toBeGreaterThan(length + 1)
    // A row for every sound track that was, its codec, and where it is kept its length.
    const [sounds, kept] = [of(before, 'audio'), of(made, 'audio')]
    const soundRows = sounds.map((__, i) => rows.get(`sound track ${i + 1}`))
    expect(soundRows.filter((row) => row && row.output.length > 0)).toHaveLength(kept.length)
    sounds.forEach(({ codec_name = '', tags }, i) => {
      if (codec_name !== 'none')
        expect(cell(`sound track ${i + 1}`, 'source')).toContain(usual[codec_name] ?? codec_name)
      if (tags?.['title']) expect(cell(`sound track ${i + 1}`, 'output')).toContain(tags['title'])
      if (soundRows[i]?.output.length)
        expect(cell(`length of sound track ${i + 1}`, 'output')).toMatch(/^\d+\.\d s/)
    })
    // A row for everything else that was.
    expect(rows.has('chapters')).toBe(before.chapters.length > 0)
    const others =
      before.streams.length - sounds.length - 1 - (before.chapters.length > 0 && film.endsWith('mp4') ? 1 : 0)
    expect(report.filter(({ what }) => what.key === 'reportTrack')).toHaveLength(others)
    if (before.format.tags?.['title'])
      expect(cell('title', 'output')).toBe(made.format.tags?.['title'] ?? made.format.tags?.['TITLE'])
  },
  120_000,
)
