// Set where a clip starts or ends, in frames of its source; kept inside it and at least one frame long. What follows closes up.
import { Project } from '../../electron/shared/document/document.js'
import { locate } from '../../electron/shared/document/edits/change.js'
import { trimRipple } from '../../electron/shared/document/edits/trim.js'
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import { Item, mediaEnd } from '../../electron/shared/document/sequence.js'
import { Time } from '../../electron/shared/document/time.js'
import { Command } from './command.js'
import { ShownClip, lasting, shownClip } from './shown.js'

export interface TrimRange {
  from?: Frame
  to?: Frame
}

/** Of a new start alone an end that would lie before it is pushed along; else the end holds. */
function rangeOf({ from, to, times }: ShownClip, range: TrimRange): { from: Frame; to: Frame } {
  const limit = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
  if (range.from !== undefined && range.to === undefined) {
    const first = limit(range.from, 0, times.count - 1)
    return { from: first, to: Math.max(to, first + 1) }
  }
  const end = limit(range.to ?? to, 1, times.count)
  return { from: limit(range.from ?? from, 0, end - 1), to: end }
}

function trimmed(document: Project, shown: ShownClip, range: TrimRange): Project {
  const { from, to } = rangeOf(shown, range)
  const { id } = shown.item
  const { timeOf } = shown.times
  // By how much of the sequence: at another speed that is worked out of the whole length, so that nothing adds up over many trims.
  const longer = (document: Project, length: (item: Item) => Time): number => {
    const item = locate(document, id)?.item
    return item ? lasting(item, length(item)) - item.duration : 0
  }
  const start = (before: Project): Project => {
    const by = -longer(before, (item) => (mediaEnd(item) ?? 0) - timeOf(from))
    return from === shown.from ? before : trimRipple({ id, edge: 'start', by })(before)
  }
  const end = (before: Project): Project => {
    const by = longer(before, ({ of }) => timeOf(to) - (of.kind === 'media' ? of.from : 0))
    return to === shown.to ? before : trimRipple({ id, edge: 'end', by })(before)
  }
  // The edge that moves away from the other goes first: a clip is never empty in between.
  return from < shown.to ? end(start(document)) : start(end(document))
}

export const trimClip = (id: ClipId, range: TrimRange): Command => ({
  label: 'trimClip',
  apply: (document, known) => {
    const shown = shownClip(document, id, known)
    return shown ? trimmed(document, shown, range) : document
  },
})
