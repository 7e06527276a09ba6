// Which frames of a source were filmed, and when: its stored frames without those that only show another once more, at the even times of the film
// that their cadence gives away. Pure; what repeats is told by Timing.
import type { Frame } from '../document/project.js'
import { frameCount, ticksOf } from '../media/frameTable.js'
import { numbersOf } from '../media/runs.js'
import type { FrameTable } from '../media/source.js'
import { type CadenceSection, type Timing, filmOf } from '../media/timing.js'

/** A frame that was filmed: the one of the source that shows it, and its time in ticks of the frame table, not always whole. */
export interface FilmFrame {
  frame: Frame
  at: number
}

/** A source as it is read. `Timing` counts frames as they are stored; where fields are taken apart each of them gives two. */
export interface Reading {
  table: FrameTable
  timing: Timing
  /** Which field of a stored frame is read first; undefined: frames stay whole. */
  fields: 'top' | 'bottom' | undefined
}

/** Frames that reading gives for a stored one. */
export const perStored = ({ fields }: Pick<Reading, 'fields'>): number => (fields ? 2 : 1)

/** A frame of film by its place among stored frames: `frame` of the reading shows it; `place` is where it belongs, evenly. */
interface Placed {
  frame: Frame
  place: number
}

function wholeFrames({ from, to }: CadenceSection, per: number): Placed[] {
  return Array.from({ length: (to - from) * per }, (_, i) => ({
    ...{ frame: from * per + i, place: from + i / per },
  }))
}

/** `unique` of `of`: the nth stored frame of a turn shows the film's frame floor((n + 1) * unique / of) - 1, as `stepsOf` has it. */
function repeatedFrames(section: CadenceSection, per: number, unique: number, of: number): Placed[] {
  const { from, to, phase } = section
  const shownAt = (n: number): number => Math.floor(((n + 1) * unique) / of) - 1
  return Array.from({ length: to - from }, (_, i) => i).flatMap((i): Placed[] => {
    const [film, before] = [shownAt(phase + i), shownAt(phase + i - 1)]
    if (film === before) return []
    return [{ frame: (from + i) * per, place: from - phase + ((film + 1) * of) / unique - 1 }]
  })
}

/** A frame of film in a section of pulldown: the fields that show it, counted from the section's beginning, and where it belongs. */
interface FilmInFields {
  own: number[]
  place: number
}

function filmsIn({ from, to, phase }: CadenceSection, fields: readonly number[]): FilmInFields[] {
  const turn = filmOf(fields)
  const perTurn = (turn.at(-1) ?? 0) + 1 // frames of film
  const films = new Map<number, number[]>()
  for (let i = 0; i < 2 * (to - from); i++) {
    const field = 2 * phase + i
    const film = Math.floor(field / turn.length) * perTurn + (turn[field % turn.length] ?? 0)
    films.set(film, [...(films.get(film) ?? []), i])
  }
  const half = turn.length / perTurn / 2 // stored frames for each of film
  return [...films].map(([film, own]) => ({ own, place: from - phase + film * half }))
}

/** The stored frame of a section both of whose fields are of one frame of film; undefined: there is none. */
function wholeIn({ own }: FilmInFields): number | undefined {
  const field = own.find((i) => i % 2 === 0 && own.includes(i + 1))
  return field === undefined ? undefined : field / 2
}

/**
 * Of frames that stay whole those that hold one frame of film in both fields: what lies in the fields of two frames only cannot be shown. Taken
 * apart, every frame of film has two fields or more; of three the middle one, which has its own kind on both sides.
 */
function pulldownFrames(
  section: CadenceSection,
  films: FilmInFields[],
  isSwapped: boolean,
  per: number,
): Placed[] {
  const { from } = section
  return films.flatMap((film): Placed[] => {
    const { own, place } = film
    const whole = wholeIn(film)
    if (per === 1) return whole === undefined ? [] : [{ frame: from + whole, place }]
    const field = own[own.length > 2 ? 1 : 0] ?? 0
    return [{ frame: 2 * from + (isSwapped ? field ^ 1 : field), place }]
  })
}

function placedIn(section: CadenceSection, fields: Reading['fields']): Placed[] {
  const { cadence } = section
  const per = perStored({ fields })
  if (cadence.kind === 'whole') return wholeFrames(section, per)
  if (cadence.kind === 'repeats') return repeatedFrames(section, per, cadence.unique, cadence.of)
  const isSwapped = fields !== undefined && fields !== cadence.first
  const frames = pulldownFrames(section, filmsIn(section, cadence.fields), isSwapped, per)
  return frames.toSorted((a, b) => a.frame - b.frame)
}

/** Ticks at a place between stored frames. */
function ticksAt(table: FrameTable, place: number): number {
  const frame = Math.max(0, Math.floor(place))
  const [from, to] = [ticksOf(table, frame), ticksOf(table, frame + 1)]
  return from + Math.max(0, place - frame) * (to - from)
}

/** First frames of shots, in the reading's count. */
export const shotStarts = (reading: Pick<Reading, 'timing' | 'fields'>): Set<Frame> =>
  new Set(reading.timing.cuts.map((frame) => frame * perStored(reading)))

/** In rising order of frame and of time; the first frame of the source and of every shot are always among them, at their own times. */
export function filmFrames(reading: Reading): FilmFrame[] {
  const { table, timing, fields } = reading
  const per = perStored(reading)
  const again = new Set(numbersOf(timing.repeated))
  const shots = shotStarts(reading)
  const placed = timing.sections
    .flatMap((section) => placedIn(section, fields))
    .filter(({ frame }) => frame > 0 && !shots.has(frame) && !again.has(Math.floor(frame / per)))
  const starts = [0, ...shots].map((frame): Placed => ({ frame, place: frame / per }))
  const found: FilmFrame[] = []
  for (const { frame, place } of [...placed, ...starts].toSorted((a, b) => a.frame - b.frame)) {
    const last = found.at(-1)
    if (frame >= frameCount(table) || frame === last?.frame) continue
    const even = shots.has(frame) ? ticksOf(table, frame) : ticksAt(table, place * per)
    // Where one cadence follows another its even times may come too early: there the frame's own is taken.
    found.push({ frame, at: !last || even > last.at ? even : Math.max(ticksOf(table, frame), last.at + 1) })
  }
  return found
}

/** How many frames of film in [from, to) lie in the fields of two stored frames only: where frames stay whole, nothing shows them. */
export function filmedInFields({ timing, fields }: Reading, from: Frame, to: Frame): number {
  if (fields) return 0
  const inFields = timing.sections.flatMap((section) => {
    const { cadence } = section
    if (cadence.kind !== 'pulldown') return []
    const split = filmsIn(section, cadence.fields).filter(
      (film) => film.own.length > 1 && wholeIn(film) === undefined,
    )
    return split.map(({ own }) => section.from + Math.floor((own[0] ?? 0) / 2))
  })
  return inFields.filter((frame) => frame >= from && frame < to).length
}
