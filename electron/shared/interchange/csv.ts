// A table of the cuts (.csv) for spreadsheets and for people. It begins with a mark by which Excel knows the letters of all languages.
import type { Rational } from '../media/rational.js'
import { type Cut, type CutFilm } from './film.js'
import { wellFormed } from './names.js'
import { secondsOf } from './times.js'

const header = [
  ...['Number', 'Name', 'File', 'Source in (frame)', 'Source out (frame)', 'Source in', 'Source out'],
  ...['Film in (frame)', 'Film out (frame)', 'Film in', 'Film out', 'Speed'],
]

const padded = (n: bigint, digits: number): string => String(n).padStart(digits, '0')

/** `00:01:07.480` */
export function clockTime(units: number, rate: Rational): string {
  const { num, den } = secondsOf(units, rate)
  const ms = (2000n * num + den) / (2n * den)
  const [hours, minutes] = [ms / 3_600_000n, (ms / 60_000n) % 60n]
  return `${padded(hours, 2)}:${padded(minutes, 2)}:${padded((ms / 1000n) % 60n, 2)}.${padded(ms % 1000n, 3)}`
}

/** A spreadsheet takes what begins like this for a formula and would run it. */
const isFormula = /^\s*[=+\-@]|^[\t\r]/

/** Quoted where it must be (RFC 4180). */
function cell(value: string): string {
  const safe = isFormula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const row = (cut: Cut, number: number, { rate }: CutFilm): string[] => [
  ...[String(number), cut.name, cut.file.path, String(cut.frames.from), String(cut.frames.to)],
  ...[clockTime(cut.from, cut.file.clock), clockTime(cut.to, cut.file.clock)],
  ...[String(cut.at), String(cut.end), clockTime(cut.at, rate), clockTime(cut.end, rate)],
  cut.speed ? String(Number((cut.speed.num / cut.speed.den).toFixed(6))) : '1',
]

/** Outs are the first frame that is not shown any more. */
export function csv(film: CutFilm): string {
  const rows = [header, ...film.cuts.map((cut, i) => row(cut, i + 1, film))]
  return `\ufeff${rows.map((cells) => `${cells.map((one) => cell(wellFormed(one))).join(',')}\r\n`).join('')}`
}
