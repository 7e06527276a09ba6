// What other editors are given of a film: every cut comes back to its frame, names survive, and what is lost is told.
import { describe, expect, test } from 'vitest'
import { csv } from '../../../electron/shared/interchange/csv.js'
import { edl, reelsOf } from '../../../electron/shared/interchange/edl.js'
import { fcpxml } from '../../../electron/shared/interchange/fcpxml.js'
import { cutFilmOf } from '../../../electron/shared/interchange/film.js'
import { cutFormatOf } from '../../../electron/shared/interchange/formats.js'
import { fileUrl } from '../../../electron/shared/interchange/names.js'
import { notesOfCuts } from '../../../electron/shared/interchange/notes.js'
import { otio } from '../../../electron/shared/interchange/otio.js'
import { framesOfTimecode, timecode } from '../../../electron/shared/interchange/times.js'
import type { Rational } from '../../../electron/shared/media/rational.js'
import { inEnglish } from '../../../electron/shared/words/sentences.js'
import { random } from '../random.js'
import { source, table } from '../sources.js'
import { type Part, documentOf, filmOf, found } from './film.js'

const audio = [{ index: 1, codec: 'aac', channels: 2, sampleRate: 48_000, roles: [] }]

/** A file of a rate whose time base holds its frames, or has milliseconds only. */
function file(id: string, rate: Rational, { den = rate.num, frames = 5000, others = [] as string[] } = {}) {
  const exact = den === rate.num
  const ticks = exact
    ? rate.den
    : Array.from(
        { length: frames },
        (_, n) =>
          Math.round(((n + 1) * rate.den * den) / rate.num) - Math.round((n * rate.den * den) / rate.num),
      )
  const timeBase = { num: 1, den }
  return found({ ...source(id, { frameRate: rate, timeBase }), others, audio }, table(frames, ticks, den))
}

const rates: Record<string, Rational> = {
  ...{ pal: { num: 25, den: 1 }, ntsc: { num: 30_000, den: 1001 }, film: { num: 24_000, den: 1001 } },
}
const pal = file('pal', { num: 25, den: 1 })
const uneven = found(
  source('uneven', {
    isVariable: true,
    frameRate: { num: 29_830, den: 1000 },
    timeBase: { num: 1, den: 90_000 },
  }),
  table(2000, [3000, 3003, 2997, 3600, 2400, 3017], 90_000),
)

interface OtioTime {
  value: number
  rate: number
}
interface OtioClip {
  OTIO_SCHEMA: string
  name: string
  source_range: { start_time: OtioTime; duration: OtioTime }
  media_reference: { target_url: string; available_range: { start_time: OtioTime; duration: OtioTime } }
  effects: { time_scalar: number }[]
}
const otioTracks = (text: string): { kind: string; children: OtioClip[] }[] =>
  (JSON.parse(text) as { tracks: { children: { kind: string; children: OtioClip[] }[] } }).tracks.children

/** Parts at random, of several files. */
function partsOf(files: readonly Part['of'][], seed: number): Part[] {
  const chance = random(seed)
  return Array.from({ length: 40 }, () => {
    const from = chance.whole(0, 1500)
    return { of: chance.pick(files), from, to: from + chance.whole(1, 400) }
  })
}

describe.each(Object.entries(rates))('cuts of a file at %s', (_, rate) => {
  for (const den of [rate.num, 1000])
    test(`come back to the same frames, times kept in 1/${den} s`, () => {
      const one = file('one', rate, { den })
      const parts = partsOf([one], 7)
      const film = filmOf(parts)
      expect(film.rate).toEqual(rate)
      expect(film.cuts.map(({ from, to }) => [from, to])).toEqual(parts.map(({ from, to }) => [from, to]))
      let at = 0
      for (const cut of film.cuts) {
        expect([cut.at, cut.end]).toEqual([at, at + cut.to - cut.from])
        at = cut.end
      }
      const [video] = otioTracks(otio(film))
      expect(
        video?.children.map(({ source_range: { start_time, duration } }) => [
          start_time.value,
          duration.value,
        ]),
      ).toEqual(parts.map(({ from, to }) => [from, to - from]))
      const perSecond = Math.round(rate.num / rate.den)
      const events = [...edl(film).matchAll(/^\d{3}  \S+ +AA\/V +C +(\S+) (\S+) (\S+) (\S+)\r$/gm)]
      const read = events.map((event) =>
        event.slice(1, 5).map((code) => framesOfTimecode(code, perSecond)!.frames),
      )
      expect(read.map(([from, to]) => [from, to])).toEqual(parts.map(({ from, to }) => [from, to]))
      const seconds = (value: string): number => {
        const [num = 0, d = 1] = value.replace('s', '').split('/').map(Number)
        return num / d
      }
      const clips = [
        ...fcpxml(film).matchAll(/<asset-clip .* offset="(.*?)" .* start="(.*?)" duration="(.*?)"/g),
      ]
      const frames = (value: string): number => Math.round((seconds(value) * rate.num * 1e6) / rate.den) / 1e6
      expect(clips.map(([, , from = '', length = '']) => [frames(from), frames(length)])).toEqual(
        parts.map(({ from, to }) => [from, to - from]),
      )
      expect(notesOfCuts('fcpxml', film, documentOf(parts))).toEqual([])
    })
})

test('a file with an uneven rate is cut in its own ticks, and told where whole frames are wanted', () => {
  const parts = partsOf([uneven], 3)
  const film = filmOf(parts)
  expect(film.rate).toEqual(rates.ntsc)
  const [video] = otioTracks(otio(film))
  const { frames } = uneven.table
  expect(frames.length).toBeGreaterThan(0)
  film.cuts.forEach((cut, i) => {
    expect(cut.frames).toEqual({ from: parts[i]!.from, to: parts[i]!.to })
    const { start_time, duration } = video!.children[i]!.source_range
    expect(start_time.rate).toBe(90_000)
    expect([start_time.value, start_time.value + duration.value]).toEqual([cut.from, cut.to])
  })
  const said = notesOfCuts('edl', film, documentOf(parts)).map(inEnglish)
  expect(said[0]).toMatch(/^40 cuts lie between two frames of 29.97 frames per second/)
  expect(notesOfCuts('otio', film, documentOf(parts))).toEqual([])
})

test('files of other rates keep theirs where a format can say it, and drift nowhere', () => {
  const files = [pal, file('ntsc', rates.ntsc!), uneven]
  const parts = [{ of: pal, from: 0, to: 10 }, ...partsOf(files, 11)]
  const film = filmOf(parts)
  expect(film.rate).toEqual(rates.pal)
  const ticks = documentOf(parts).sequences[0]!.tracks[0]!.items
  film.cuts.forEach((cut, i) => expect(Math.abs(cut.at - (ticks[i]!.at * 25) / 705_600_000)).toBeLessThan(1))
})

test('interlaced pictures are counted whole, unless a cut goes between their fields', () => {
  const tape = found(
    source('tape', { fieldOrder: 'tff', frameRate: { num: 25, den: 1 }, timeBase: { num: 1, den: 50 } }),
    table(401, 1, 50),
  )
  const [whole] = filmOf([{ of: tape, from: 20, to: 401 }]).cuts
  expect([whole?.from, whole?.to, whole?.file.clock.num]).toEqual([10, 201, 25])
  const [half] = filmOf([{ of: tape, from: 21, to: 40 }]).cuts
  expect([half?.from, half?.to, half?.file.clock.num]).toEqual([21, 40, 50])
})

test('the timecode of a file is where its frames begin', () => {
  const camera = file('camera', rates.ntsc!, { others: ['timecode 01:00:00;00'] })
  const film = filmOf([{ of: camera, from: 30, to: 60 }])
  expect(edl(film)).toContain('FCM: DROP FRAME')
  expect(edl(film)).toContain('01:00:01;00 01:00:02;00 01:00:00;00 01:00:01;00')
  expect(otioTracks(otio(film))[0]?.children[0]?.media_reference.available_range.start_time.value).toBe(
    107_892,
  )
  const nonDrop = file('other', rates.ntsc!, { others: ['timecode 00:00:10:00'] })
  expect(edl(filmOf([{ of: nonDrop, from: 0, to: 30 }]))).toContain('FCM: NON-DROP FRAME')
})

test('a speed and a gap are where they were', () => {
  const parts: Part[] = [
    { of: pal, from: 0, to: 50, change: { speed: { num: 1, den: 2 } } },
    { of: pal, from: 100, to: 125, gap: 705_600_000 },
    { of: pal, from: 200, to: 300, change: { speed: { num: 4, den: 1 } } },
  ]
  const film = filmOf(parts)
  expect(film.cuts.map(({ at, end }) => [at, end])).toEqual([
    [0, 100],
    [125, 150],
    [150, 175],
  ])
  const [video] = otioTracks(otio(film))
  expect(video?.children.map(({ OTIO_SCHEMA }) => OTIO_SCHEMA)).toEqual([
    'Clip.1',
    'Gap.1',
    'Clip.1',
    'Clip.1',
  ])
  expect(video?.children[0]?.effects[0]?.time_scalar).toBe(0.5)
  expect(video?.children[0]?.source_range.duration.value).toBe(100)
  expect(edl(film)).toContain('M2   PAL            012.5                00:00:00:00')
  expect(edl(film)).toContain('00:00:08:00 00:00:12:00 01:00:06:00 01:00:07:00')
  const xml = fcpxml(film)
  expect(xml).toContain('<gap name="Gap" offset="4s" start="0s" duration="1s"/>')
  expect(xml).toContain('<timept time="400s" value="200s" interp="linear"/>')
  expect(csv(film)).toContain(',00:00:00.000,00:00:02.000,0,100,00:00:00.000,00:00:04.000,0.5\r\n')
})

const odd = 'Tom & "Jerry" <3 \u{1f408}\n祖母の誕生日\u0007\ud800'

test('odd names survive in each format', () => {
  const tape = found({ ...source('odd'), path: `/films/${odd}.mp4`, name: `${odd}.mp4` }, table(100))
  const film = filmOf([{ of: tape, from: 1, to: 2, name: odd }], odd)
  const [clip] = otioTracks(otio(film))[0]!.children
  expect(clip?.name).toBe(odd)
  expect(decodeURIComponent(clip!.media_reference.target_url)).toContain('祖母の誕生日')
  const xml = fcpxml(film)
  expect(xml).toContain('name="Tom &amp; &quot;Jerry&quot; &lt;3 \u{1f408}&#10;祖母の誕生日\ufffd"')
  expect(xml).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  expect(edl(film)).toContain('* FROM CLIP NAME: Tom & "Jerry" <3 \u{1f408} 祖母の誕生日 \ufffd\r\n')
  expect(csv(film)).toContain('"Tom & ""Jerry"" <3 \u{1f408}\n祖母の誕生日')
})

test('a table runs no formula', () => {
  const text = csv(
    filmOf(['=1+1', '+1', '-1', '@SUM(A1)', ' =2'].map((name) => ({ of: pal, from: 0, to: 1, name }))),
  )
  expect(text.startsWith('\ufeffNumber,Name,')).toBe(true)
  expect(
    text
      .split('\r\n')
      .slice(1, 6)
      .map((line) => line.split(',')[1]),
  ).toEqual([...["'=1+1", "'+1", "'-1", "'@SUM(A1)", "' =2"]])
})

test('reels are eight letters, each another', () => {
  const names = ['holiday at the lake 1.mov', 'holiday at the lake 2.mov', '祖母.mp4', '誕生日.mp4', 'bl.mp4']
  const files = names.map((name, i) => found({ ...source(`s${i}`), path: `C:\\films\\${name}` }, table(10)))
  const film = filmOf(files.map((of) => ({ of, from: 0, to: 5 })))
  expect([...reelsOf(film).values()]).toEqual(['HOLIDAYA', 'HOLIDAY2', 'REEL', 'REEL2', 'BL2'])
})

test('more cuts than an EDL has numbers for are told', () => {
  const parts = Array.from({ length: 1001 }, (_, i) => ({ of: pal, from: i, to: i + 1 }))
  const said = notesOfCuts('edl', filmOf(parts), documentOf(parts)).map(({ key }) => key)
  expect(said).toEqual(['cutsEdlRate', 'cutsEdlMany'])
})

test('what other editors do not get of a clip is told', () => {
  const parts: Part[] = [
    { of: pal, from: 0, to: 9, change: { fit: 'fill', recipe: 'one' } },
    { of: pal, from: 20, to: 29 },
  ]
  const settings = { scale: 2, look: 'natural', seed: 0 } as const
  const document = {
    ...documentOf(parts),
    recipes: [{ id: 'one', device: 'auto', steps: [{ model: 'heirloom-s', isOn: true, settings }] }],
  }
  const film = cutFilmOf(document, new Map(), 'x')
  expect(film.rate).toEqual(rates.pal)
  expect(notesOfCuts('otio', film, document).map(({ key }) => key)).toEqual([
    'cutsGuessed',
    'cutsLooks',
    'cutsFit',
  ])
})

test('timecode counts there and back, with dropped numbers too', () => {
  expect(timecode(1800, 30, true)).toBe('00:01:00;02')
  expect(timecode(17_982, 30, true)).toBe('00:10:00;00')
  for (const [perSecond, isDrop] of [
    [30, true],
    [60, true],
    [24, false],
    [25, false],
  ] as const)
    for (let frame = 0; frame < 200_000; frame += 37)
      expect(framesOfTimecode(timecode(frame, perSecond, isDrop), perSecond)).toEqual({
        frames: frame,
        isDrop,
      })
})

test('paths of every system are file URLs', () => {
  expect(fileUrl('/films/a b#1?.mp4')).toBe('file:///films/a%20b%231%3F.mp4')
  expect(fileUrl('C:\\Users\\あ\\x.mp4')).toBe('file:///C:/Users/%E3%81%82/x.mp4')
  expect(fileUrl('\\\\nas\\films\\x.mp4')).toBe('file://nas/films/x.mp4')
})

test('a format is known by the ending of a name', () => {
  expect(['a.OTIO', 'b.edl', 'c.fcpxml', 'd.csv', 'e.xml', 'edl'].map(cutFormatOf)).toEqual([
    ...['otio', 'edl', 'fcpxml', 'csv', undefined, undefined],
  ])
})
