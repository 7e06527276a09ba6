// Final Cut Pro XML 1.10 (.fcpxml): times are fractions of a second, so cuts are exact; the film's own times are whole frames of it, as the format
// asks for.
import type { Rational } from '../media/rational.js'
import { type Cut, type CutFile, type CutFilm, dropsNumbers, filesOf } from './film.js'
import { fileUrl, wellFormed } from './names.js'
import { isSameRate, secondsOf } from './times.js'

const marks: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' },
  ...{ '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' },
}

/** For an attribute in double quotes, without what XML cannot hold at all. */
const escaped = (text: string): string =>
  wellFormed(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '')
    .replace(/[&<>"'\n\r\t]/g, (mark) => marks[mark] ?? '')

const element = (name: string, values: Record<string, string | number | undefined>): string =>
  [
    name,
    ...Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}="${escaped(String(value))}"`],
    ),
  ].join(' ')

/** `1001/30000s` */
function time(units: number, rate: Rational): string {
  const { num, den } = secondsOf(units, rate)
  return den === 1n ? `${num}s` : `${num}/${den}s`
}

interface Format {
  id: string
  rate: Rational
  size: CutFilm['size']
}

const isSameSize = (a: CutFilm['size'], b: CutFilm['size']): boolean =>
  a?.width === b?.width && a?.height === b?.height

/** The film's own format is the first. */
function formatsOf(film: CutFilm): Format[] {
  const formats: Format[] = [{ id: 'r1', rate: film.rate, size: film.size }]
  for (const { rate, size } of filesOf(film))
    if (!formats.some((one) => isSameRate(one.rate, rate) && isSameSize(one.size, size)))
      formats.push({ id: `r${formats.length + 1}`, rate, size })
  return formats
}

function asset(file: CutFile, id: string, formats: readonly Format[]): string[] {
  const format = formats.find(({ rate, size }) => isSameRate(rate, file.rate) && isSameSize(size, file.size))
  const { sound } = file
  const about = {
    ...{ id, name: file.name, start: time(file.start, file.clock), duration: time(file.length, file.clock) },
    ...{ hasVideo: 1, format: format?.id, videoSources: 1 },
    ...(sound
      ? { hasAudio: 1, audioSources: 1, audioChannels: sound.channels, audioRate: sound.sampleRate }
      : {}),
  }
  const place = element('media-rep', { kind: 'original-media', src: fileUrl(file.path) })
  return [`    <${element('asset', about)}>`, `      <${place}/>`, '    </asset>']
}

const played = ({ num, den }: Rational, speed: Rational): Rational => ({
  ...{ num: num * speed.num, den: den * speed.den },
})

/** The whole file at the cut's speed: the clip is a part of that. */
function timeMap({ file, speed }: Cut): string[] {
  if (!speed) return []
  const points = [
    { time: time(0, file.clock), value: time(file.start, file.clock) },
    {
      ...{ time: time(file.length, played(file.clock, speed)) },
      ...{ value: time(file.start + file.length, file.clock) },
    },
  ]
  return [
    '              <timeMap>',
    ...points.map((point) => `                <${element('timept', { ...point, interp: 'linear' })}/>`),
    '              </timeMap>',
  ]
}

function clip(cut: Cut, ref: string, { rate }: CutFilm): string[] {
  const { file, speed, from, at, end } = cut
  const about = {
    ...{ ref, offset: time(at, rate), name: cut.name },
    start: speed ? time(from, played(file.clock, speed)) : time(file.start + from, file.clock),
    duration: time(end - at, rate),
    ...(file.sound && !cut.hasSound ? { srcEnable: 'video' } : {}),
  }
  const inside = timeMap(cut)
  const opened = `            <${element('asset-clip', about)}`
  return inside.length === 0 ? [`${opened}/>`] : [`${opened}>`, ...inside, '            </asset-clip>']
}

function spine(film: CutFilm, ids: ReadonlyMap<CutFile, string>): string[] {
  let last = 0
  return film.cuts.flatMap((cut) => {
    const [offset, duration] = [time(last, film.rate), time(cut.at - last, film.rate)]
    const gap = { name: 'Gap', offset, start: '0s', duration }
    const before = cut.at > last ? [`            <${element('gap', gap)}/>`] : []
    last = cut.end
    return [...before, ...clip(cut, ids.get(cut.file) ?? '', film)]
  })
}

export function fcpxml(film: CutFilm): string {
  const formats = formatsOf(film)
  const files = filesOf(film)
  const ids = new Map(files.map((file, i) => [file, `r${formats.length + 1 + i}`]))
  const whole = {
    ...{ format: 'r1', duration: time(film.cuts.at(-1)?.end ?? 0, film.rate), tcStart: '0s' },
    tcFormat: dropsNumbers(film) ? 'DF' : 'NDF',
  }
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE fcpxml>',
    '<fcpxml version="1.10">',
    '  <resources>',
    ...formats.map(
      ({ id, rate, size }) =>
        `    <${element('format', { id, frameDuration: time(1, rate), width: size?.width, height: size?.height })}/>`,
    ),
    ...files.flatMap((file) => asset(file, ids.get(file) ?? '', formats)),
    '  </resources>',
    '  <library>',
    `    <${element('event', { name: film.name })}>`,
    `      <${element('project', { name: film.name })}>`,
    `        <${element('sequence', whole)}>`,
    '          <spine>',
    ...spine(film, ids),
    '          </spine>',
    '        </sequence>',
    '      </project>',
    '    </event>',
    '  </library>',
    '</fcpxml>',
  ]
  return lines.map((line) => `${line}\n`).join('')
}
