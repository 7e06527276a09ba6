// CMX 3600 edit decision list (.edl): text of the days of tape, which almost every editor reads. All its times are timecode at the film's rate.
import { type Cut, type CutFile, type CutFilm, dropsNumbers, filesOf } from './film.js'
import { fileName, oneLine } from './names.js'
import { converted, nominal, timecode } from './times.js'

/** What the format has numbers for. */
export const mostEvents = 999

const longestReel = 8

/** Eight letters of the file's name, of those that every editor takes; a number where two would be alike or none are left. */
export function reelsOf(film: CutFilm): Map<CutFile, string> {
  const taken = new Set(['AX', 'BL', 'BLACK'])
  const reels = new Map<CutFile, string>()
  for (const file of filesOf(film)) {
    const stem = fileName(file.path)
      .replace(/\.[^.]*$/, '')
      .normalize('NFKD')
      .toUpperCase()
    const letters = stem.replace(/[^A-Z0-9]/g, '') || 'REEL'
    let reel = letters.slice(0, longestReel)
    for (let n = 2; taken.has(reel); n++) reel = `${letters.slice(0, longestReel - String(n).length)}${n}`
    taken.add(reel)
    reels.set(file, reel)
  }
  return reels
}

/** The film begins at one hour, as tapes do. */
const filmStart = 3600

interface Placed {
  from: number
  to: number
  isExact: boolean
}

/** Where a cut lies in its file, in frames of the film from midnight on; as long as in the film, times its speed. */
export function placed({ file, from, at, end, speed }: Cut, { rate }: CutFilm): Placed {
  const found = converted(file.start + from, file.clock, rate)
  const length = speed ? Math.max(1, Math.round(((end - at) * speed.num) / speed.den)) : end - at
  return { from: found.units, to: found.units + length, isExact: found.isExact }
}

/** Cuts that the film's frames cannot say exactly. */
export const roundedIn = (film: CutFilm): number =>
  film.cuts.filter((cut) => cut.isRounded || !placed(cut, film).isExact).length

function event(cut: Cut, number: number, film: CutFilm, reel: string): string[] {
  const perSecond = nominal(film.rate)
  const isDrop = dropsNumbers(film)
  const code = (frame: number): string => timecode(frame, perSecond, isDrop)
  const { from, to } = placed(cut, film)
  const start = converted(filmStart, { num: 1, den: 1 }, { num: perSecond, den: 1 }).units
  // One hour of timecode: with dropped numbers it has fewer frames.
  const begin = isDrop ? start - (perSecond / 15) * 54 : start
  const times = [from, to, begin + cut.at, begin + cut.end].map(code).join(' ')
  const channels = (cut.hasSound ? 'AA/V' : 'V').padEnd(5)
  const speed = cut.speed ? (cut.speed.num / cut.speed.den) * perSecond : undefined
  return [
    `${String(number).padStart(3, '0')}  ${reel.padEnd(longestReel)} ${channels} C        ${times}`,
    ...(speed === undefined
      ? []
      : [
          `M2   ${reel.padEnd(longestReel)}       ${speed.toFixed(1).padStart(5, '0')}                ${code(from)}`,
        ]),
    `* FROM CLIP NAME: ${oneLine(cut.name)}`,
    `* SOURCE FILE: ${oneLine(cut.file.path)}`,
  ]
}

export function edl(film: CutFilm): string {
  const reels = reelsOf(film)
  const lines = [
    `TITLE: ${oneLine(film.name) || 'Film'}`,
    `FCM: ${dropsNumbers(film) ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
    '',
    ...film.cuts.flatMap((cut, i) => event(cut, i + 1, film, reels.get(cut.file) ?? 'AX')),
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}
