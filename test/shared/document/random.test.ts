// Edits by random sequences from migrated files: the document is whole after each, nothing that was is changed, and undoing
// and redoing all of them gives the same documents.
import { expect, test } from 'vitest'
import { Project } from '../../../electron/shared/document/document.js'
import { Edit } from '../../../electron/shared/document/edits/change.js'
import { lift, rippleDelete } from '../../../electron/shared/document/edits/lift.js'
import { detachSound, link, unlink } from '../../../electron/shared/document/edits/link.js'
import {
  addMedia,
  correctFacts,
  dropUnusedMedia,
  reinterpret,
  relink,
  settle,
} from '../../../electron/shared/document/edits/media.js'
import { move, reorder } from '../../../electron/shared/document/edits/move.js'
import { append, insert, overwrite } from '../../../electron/shared/document/edits/place.js'
import { setRecipe } from '../../../electron/shared/document/edits/recipe.js'
import { slip } from '../../../electron/shared/document/edits/slip.js'
import { split } from '../../../electron/shared/document/edits/split.js'
import { addTrack } from '../../../electron/shared/document/edits/tracks.js'
import { roll, trimInPlace, trimRipple } from '../../../electron/shared/document/edits/trim.js'
import { readDocument } from '../../../electron/shared/document/formats/read.js'
import { timesByRate } from '../../../electron/shared/document/frames.js'
import { problemsOf } from '../../../electron/shared/document/problems.js'
import { Item, durationOf } from '../../../electron/shared/document/sequence.js'
import { ticksPerSecond } from '../../../electron/shared/document/time.js'
import { Random, random } from '../random.js'
import { frozen, itemsOf, media } from './kit.js'
import { saved1, saved2 } from './saved.js'

const second = ticksPerSecond

function newItem(r: Random, project: Project, id: string): Item {
  const { id: of, facts } = r.pick(project.media)
  const from = r.whole(0, facts.duration - 1)
  const speed = r.pick([undefined, undefined, { num: 2, den: 1 }, { num: 3, den: 7 }])
  const room = Math.floor(((facts.duration - from) * (speed?.den ?? 1)) / (speed?.num ?? 1))
  const base = {
    id,
    at: r.whole(0, 60 * second),
    duration: Math.max(1, Math.min(room, r.whole(1, 9 * second))),
  }
  if (r.unit() < 0.2) return { ...base, of: { kind: 'title', text: id }, fit: 'centre' }
  return {
    ...base,
    of: { kind: 'media', media: of, from, isHeard: true },
    fit: 'fit',
    ...(speed ? { speed } : {}),
  }
}

type Make = (r: Random, project: Project, item: Item, newId: string) => Edit

const ofTracks: Make[] = [
  (r, p, _, n) => insert([{ track: r.pick(p.sequences[0]!.tracks).id, item: newItem(r, p, n) }], `${n}p`),
  (r, p, _, n) => overwrite([{ track: r.pick(p.sequences[0]!.tracks).id, item: newItem(r, p, n) }], `${n}p`),
  (r, p, _, n) => append([{ track: 'video-1', item: { ...newItem(r, p, n), at: 0 } }]),
  (r, p, item, n) => detachSound(item.id, r.pick(p.sequences[0]!.tracks).id, n),
  (_, p, __, n) =>
    p.sequences[0]!.tracks.length < 5 ? addTrack(n.endsWith('3') ? 'video' : 'audio', n) : (same) => same,
  (r, p, item, n) => link([item.id, r.pick(itemsOf(p)).id], n),
  (_, __, item) => unlink(item.id),
]
const by = (r: Random): number => r.whole(-3 * second, 3 * second)
const ofItems: Make[] = [
  (_, __, item) => lift(item.id),
  (_, __, item) => rippleDelete(item.id),
  (r, _, { id }) =>
    trimRipple({ id, edge: r.pick(['start', 'end'] as const), by: by(r), shortest: second / 25 }),
  (r, _, { id }) => trimInPlace({ id, edge: r.pick(['start', 'end'] as const), by: by(r) }),
  (r, _, { id }) => roll(id, by(r), second / 25),
  (r, _, { id }) => slip(id, by(r)),
  (r, _, { id, at, duration }, n) => split(id, at + r.whole(0, duration), n),
  (r, p, { id }, n) =>
    move(id, { at: r.whole(0, 90 * second), onTrack: r.pick(p.sequences[0]!.tracks).id }, n),
  (r, _, { id }, n) => reorder(id, r.whole(0, 20), n),
  (r, _, { id }) =>
    setRecipe(
      [id],
      r.pick([
        undefined,
        { steps: [{ model: 'm', isOn: true, settings: { seed: r.whole(0, 9) } }], device: 'auto' },
      ]),
    ),
]
const ofMedia: Make[] = [
  (r) => addMedia(media(`m${r.whole(0, 9)}`, r.whole(1, 30) * second)),
  () => dropUnusedMedia,
  (r, p) => correctFacts(r.pick(p.media).id, { duration: r.whole(5, 30) * second, frames: r.whole(50, 900) }),
  (r, p) => relink(r.pick(p.media).id, { locations: { absolute: `/${r.whole(0, 99)}.mp4` } }),
  (r, p) => {
    const { id, facts } = r.pick(p.media)
    const rate = r.pick([undefined, { num: 30_000, den: 1001 }, { num: 50, den: 1 }])
    const duration = r.whole(5, 30) * second
    return reinterpret(id, rate ? { frameRate: rate } : { fields: 'tff' }, { ...facts, duration })
  },
  (r, p) => settle(r.pick(p.media).id, timesByRate({ num: 30_000, den: 1001 }, r.whole(30, 900))),
]

/** Media are edited seldom, and a long film is shortened, so that it stays as long as a film that somebody cuts. */
function randomEdit(r: Random, project: Project, step: number): Edit {
  const items = itemsOf(project)
  const item = items.length > 0 ? r.pick(items) : undefined
  if (project.media.length === 0) return addMedia(media('m0', 20 * second))
  if (item && items.length > 25) return (items.length % 2 ? lift : rippleDelete)(item.id)
  const makes = !item
    ? ofTracks.slice(0, 3)
    : r.unit() < 0.03
      ? ofMedia
      : r.unit() < 0.35
        ? ofTracks
        : ofItems
  return r.pick(makes)(r, project, item ?? newItem(r, project, 'none'), `n${step}`)
}

function start(saved: unknown): Project {
  const found = readDocument(saved)
  if (found.state !== 'ok') throw new Error(JSON.stringify(found))
  return frozen(found.project)
}

test.each([
  ['a format-1 file', saved1, 1, 2500],
  ['a format-1 file', saved1, 2, 2500],
  ['a format-2 file', saved2, 3, 2500],
  ['a format-2 file', saved2, 2026, 2500],
])(
  '10,000 edits in four runs, from %s: whole after each; undo all and redo all give the same',
  (_, saved, seed, edits) => {
    const r = random(seed)
    const seen = new WeakSet<object>()
    const past = [start(saved)]
    const texts = [JSON.stringify(past[0])]
    for (let step = 0; step < edits; step++) {
      const before = past.at(-1)!
      const after = frozen(randomEdit(r, before, step)(before), seen)
      const problems = problemsOf(after)
      if (problems.length > 0) throw new Error(`step ${step}: ${JSON.stringify(problems)}`)
      if (after === before) continue
      const text = JSON.stringify(after)
      expect(text).not.toBe(texts.at(-1)) // what changes nothing is the same object
      past.push(after)
      texts.push(text)
    }
    expect(past.length).toBeGreaterThan(edits / 2)
    expect(durationOf(past.at(-1)!.sequences[0]!)).toBeGreaterThan(0)
    expect(() => Project.parse(past.at(-1))).not.toThrow()
    const future: Project[] = []
    while (past.length > 1) {
      future.push(past.pop()!)
      expect(JSON.stringify(past.at(-1))).toBe(texts[past.length - 1])
    }
    expect(past[0]).toEqual(start(saved))
    while (future.length > 0) past.push(future.pop()!)
    expect(JSON.stringify(past.at(-1))).toBe(texts.at(-1))
  },
)
