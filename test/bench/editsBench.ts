// How long an edit of a large document takes: 250 clips of 43.2 s, each linked with its sound on a track of its own; alone, and as a command
// in the window's store, which keeps the history and makes the cut list that is shown. Bundled and called by edits.mjs; prints nothing.
import { Project, emptyProject } from '../../electron/shared/document/document.js'
import { Edit } from '../../electron/shared/document/edits/change.js'
import { lift, rippleDelete } from '../../electron/shared/document/edits/lift.js'
import { unlink } from '../../electron/shared/document/edits/link.js'
import { correctFacts } from '../../electron/shared/document/edits/media.js'
import { move, reorder } from '../../electron/shared/document/edits/move.js'
import { insert, overwrite } from '../../electron/shared/document/edits/place.js'
import { setRecipe } from '../../electron/shared/document/edits/recipe.js'
import { slip } from '../../electron/shared/document/edits/slip.js'
import { split } from '../../electron/shared/document/edits/split.js'
import { roll, trimInPlace, trimRipple } from '../../electron/shared/document/edits/trim.js'
import { parseDocument } from '../../electron/shared/document/formats/read.js'
import { Item } from '../../electron/shared/document/sequence.js'
import { ticksPerSecond } from '../../electron/shared/document/time.js'
import { replaceProject, run, undo, useProject } from '../../renderer/stores/project.js'
import { random } from '../shared/random.js'

const second = ticksPerSecond
const clips = 250
const clipTicks = (3 * 3600 * second) / clips

const item = (n: number, track: 'v' | 's'): Item => ({
  ...{ id: `${track}${n}`, at: n * clipTicks, duration: clipTicks, fit: 'fit', link: `l${n}` },
  of: { kind: 'media', media: `m${n % 20}`, from: 5 * second, isHeard: track === 's' },
})
const items = (track: 'v' | 's'): Item[] => Array.from({ length: clips }, (_, n) => item(n, track))

const film: Project = {
  ...emptyProject,
  media: Array.from({ length: 20 }, (_, n) => ({
    ...{ id: `m${n}`, name: `${n}.mp4`, locations: { absolute: `/films/${n}.mp4` }, interpretation: {} },
    facts: { duration: 600 * second, frames: 15_000 },
  })),
  sequences: emptyProject.sequences.map((sequence) => ({
    ...sequence,
    tracks: [
      { id: 'v', kind: 'video', items: items('v') },
      { id: 's', kind: 'audio', items: items('s') },
    ],
  })),
}

const recipe = (seed: number) => ({ steps: [{ model: 'm', isOn: true, settings: { seed } }], device: 'auto' })
const single = (n: number): Item => ({ ...item(n, 'v'), id: 'new', link: undefined })

const kinds: Record<string, (n: number) => Edit> = {
  insert: (n) => insert([{ track: 'v', item: single(n) }], 'x'),
  overwrite: (n) => overwrite([{ track: 'v', item: single(n) }], 'x'),
  lift: (n) => lift(`v${n}`),
  'ripple delete': (n) => rippleDelete(`v${n}`),
  'trim with ripple': (n) => trimRipple({ id: `v${n}`, edge: 'start', by: second }),
  'trim in place': (n) => trimInPlace({ id: `v${n}`, edge: 'end', by: -second }),
  roll: (n) => roll(`v${n}`, second),
  slip: (n) => slip(`v${n}`, second),
  split: (n) => split(`v${n}`, n * clipTicks + second, 'x'),
  move: (n) => move(`v${n}`, { at: ((n * 7) % clips) * clipTicks + second }, 'x'),
  reorder: (n) => reorder(`v${n}`, (n * 7 + 1) % clips, 'x'),
  unlink: (n) => unlink(`v${n}`),
  'set recipe': (n) => setRecipe([`v${n}`], recipe(n)),
  'length of a media': (n) => correctFacts(`m${n % 20}`, { duration: 30 * second, frames: 750 }),
}

export interface EditTime {
  name: string
  medianMs: number
  p95Ms: number
  mostMs: number
}

const times = 400

function timesOf(name: string, work: (n: number) => unknown, restore = (): unknown => undefined): EditTime {
  const r = random(1)
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const n = r.whole(1, clips - 2)
    const start = performance.now()
    const after = work(n)
    taken.push(performance.now() - start)
    if (after === film) throw new Error(`${name} ${n} changed nothing`)
    restore()
  }
  taken.sort((a, b) => a - b)
  const at = (part: number): number => taken[Math.floor(part * (times - 1))] ?? 0
  return { name, medianMs: at(0.5), p95Ms: at(0.95), mostMs: at(1) }
}

/** As a person's edit is: it leaves a step to undo, and the cut list is made anew. */
function runInStore(apply: Edit): Project {
  run({ label: 'moveClip', apply })
  return useProject.getState().document
}

export function edits(): EditTime[] {
  const text = JSON.stringify(film)
  replaceProject(film)
  return [
    ...Object.entries(kinds).map(([name, make]) => timesOf(name, (n) => make(n)(film))),
    ...Object.entries(kinds).map(([name, make]) =>
      timesOf(`${name}, in the store`, (n) => runInStore(make(n)), undo),
    ),
    timesOf('(reading the file)', () => parseDocument(text)),
  ]
}
