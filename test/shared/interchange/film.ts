// Films for the tests of what other editors are given.
import { settle } from '../../../electron/shared/document/edits/media.js'
import { timesByTable } from '../../../electron/shared/document/frames.js'
import type { Project } from '../../../electron/shared/document/document.js'
import type { Item } from '../../../electron/shared/document/sequence.js'
import { type CutFilm, type Found, cutFilmOf } from '../../../electron/shared/interchange/film.js'
import type { FrameTable, Source } from '../../../electron/shared/media/source.js'
import { project, track } from '../document/kit.js'

export interface Part {
  of: Found
  /** Frames [from, to). */
  from: number
  to: number
  name?: string
  /** Ticks of nothing before it. */
  gap?: number
  change?: Partial<Item>
}

export const found = (source: Source, table: FrameTable): Found => ({ source, table })

/** Cut at frames of the files, one part after the other. */
export function documentOf(parts: readonly Part[]): Project {
  const sources = [...new Set(parts.map(({ of }) => of))]
  let at = 0
  const items = parts.map(({ of: { source, table }, from, to, name, gap = 0, change }, i): Item => {
    const times = timesByTable(table)
    const { num, den } = change?.speed ?? { num: 1, den: 1 }
    const duration = Math.round(((times.timeOf(to) - times.timeOf(from)) * den) / num)
    const item: Item = {
      ...{ id: `item-${i}`, at: at + gap, duration, fit: 'fit', ...(name === undefined ? {} : { name }) },
      of: { kind: 'media', media: source.id, from: times.timeOf(from), isHeard: true },
      ...change,
    }
    at = item.at + item.duration
    return item
  })
  const media = sources.map(({ source, table }) => {
    const times = timesByTable(table)
    return {
      ...{ id: source.id, name: source.name, locations: { absolute: source.path }, interpretation: {} },
      facts: { duration: times.timeOf(times.count), frames: times.count },
    }
  })
  const made = project(media, track('video', items))
  return sources.reduce((all, { source, table }) => settle(source.id, timesByTable(table))(all), made)
}

export const filmOf = (parts: readonly Part[], name = 'Film'): CutFilm =>
  cutFilmOf(documentOf(parts), new Map(parts.map(({ of }) => [of.source.id, of])), name)
