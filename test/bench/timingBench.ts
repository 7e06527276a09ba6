// What `timing` tells of films whose truth is known, counted: fields shown again, the cadence with its phase, torn frames and cuts. Bundled and called by
// timing.mjs; prints nothing, gives numbers.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, createHost } from '../../electron/app/host/host.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { numbersOf } from '../../electron/shared/media/runs.js'
import { type Cadence, type Timing, stepsOf } from '../../electron/shared/media/timing.js'
import {
  type Clip,
  type Coding,
  type Made,
  type Pictures,
  codingOf,
  edited,
  inCadence,
  pictures,
  stalling,
  tearing,
  write,
} from './timingFilms.js'

/** By these clips the thresholds were chosen ... */
const chosenBy = [
  ...['test/truth/ducks-1024x576-50p.mp4', 'test/truth/flower-640x480-29.97p.mp4'],
  ...['test/real/digicam-mjpeg-640x480-pcm-road.avi', 'test/real/gopro-480p-path.mp4'],
  ...['bee-flower-a', 'london-street-a', 'cups-hands-a', 'dough-hands-a'],
  ...['table-tennis-a', 'snowboard-a', 'cyclist-coast-dusk-a', 'basketball-gym-a'],
  ...['bedroom-children-a', 'letter-blocks-hands-a', 'park-trees-a', 'dog-run-a'],
  ...['dog-football-lawn-a', 'woman-talking-portrait-a', 'motorway-cars-a', 'pouring-coffee-a'],
  ...['robot-arm-factory-a', 'skate-bowl-a', 'papillon-legs-a', 'hide-and-seek-wood-a'],
]
/** ... and these, of other shots, were left for measuring. */
const heldOut = [
  ...['football-juggle-a', 'highway-dash', 'laptop-table-a', 'man-headphones-portrait'],
  ...['man-striped-indoor', 'thumbs-up-portrait-light', 'dog-skateboard-a', 'hummingbird-a'],
  ...['magician-hat-a', 'paris-quay-360-a', 'shuttle-orbit-a', 'snow-trees-portrait-a'],
]
export const sets = { chosen: chosenBy, held: heldOut }

/** Frames of a film; of the clip as many go in as fill them. */
const length = 110

const mandelbrot = 'mandelbrot=size=320x240:rate=25:start_scale=0.5:end_scale=0.05:end_pts=160'
const sample = join(import.meta.dirname, '..', '..', 'resources', 'sample', 'flower-vhs.mp4')
/** What there is without footage. */
const ownClips: readonly Clip[] = [
  { name: 'mandelbrot', input: ['-f', 'lavfi', '-i', mandelbrot] },
  { name: 'the sample', input: ['-i', sample] },
]

/** The clips of a set under a folder of footage; without one, or where none of them is there, a pattern and the sample. */
export function clipsIn(footage: string | undefined, names: readonly string[]): Clip[] {
  const packs = ['train/pack-1/video', 'train/pack-4/video']
  const found = names.flatMap((name) => {
    const inside = name.includes('/') ? [name] : packs.map((pack) => `${pack}/${name}.mp4`)
    const path = inside.map((one) => join(footage ?? '', one)).find((one) => existsSync(one))
    return path && footage ? [{ name, input: ['-noautorotate', '-i', path] }] : []
  })
  return found.length > 0 ? found : [...ownClips]
}

interface Kind {
  name: string
  rate: string
  make: (of: Pictures, seed: number, others: readonly Pictures[]) => Made
  cadence?: Cadence
}

const inTurn = (rate: string, name: string, cadence: Cadence): Kind => ({
  ...{ name, rate, cadence },
  make: (of, seed) => inCadence(of, cadence, phaseOf(cadence, seed), length),
})
const phaseOf = (cadence: Cadence, seed: number): number => (7 * seed) % stepsOf(cadence).length
const repeats = (stored: string, film: string, unique: number, of: number): Kind =>
  inTurn(stored, `${film} as ${stored}`, { kind: 'repeats', unique, of })
const ntsc = '30000/1001'
const pulldown = (fields: number[], first: 'top' | 'bottom'): Kind =>
  inTurn(ntsc, `pulldown ${fields.join(':')}, ${first} first`, { kind: 'pulldown', fields, first })

/** Of a film of 30 one frame in so many is left out. */
const leavingOut = (stored: string, kept: number): Kind => ({
  ...{ name: `30 stored as ${stored}`, rate: stored, cadence: { kind: 'whole' } },
  make: (of) => {
    const frames = of.frames.filter((_, n) => n % (kept + 1) !== kept)
    return inCadence({ ...of, frames }, { kind: 'whole' }, 0, length)
  },
})

const kinds: readonly Kind[] = [
  inTurn('25', 'as filmed', { kind: 'whole' }),
  ...[repeats('25', '12.5', 1, 2), repeats('25', '16', 16, 25), repeats('25', '18', 18, 25)],
  ...[repeats('25', '16⅔', 2, 3), repeats('25', '20', 4, 5)],
  ...[repeats('30', '12', 2, 5), repeats('30', '15', 1, 2), repeats('30', '16', 8, 15)],
  ...[repeats('30', '18', 3, 5), repeats('30', '24', 4, 5)],
  ...[pulldown([2, 3], 'top'), pulldown([2, 3], 'bottom'), pulldown([2, 3, 3, 2], 'top')],
  { name: 'frames held now and then', rate: '25', make: stalling },
  { name: 'torn now and then', rate: '25', make: tearing },
  { name: 'cuts', rate: '25', make: (of, seed, others) => edited([of, ...others], length, seed) },
  ...[repeats('25', '8⅓', 1, 3), repeats('25', '10', 2, 5), repeats('30', '10', 1, 3)],
  ...[leavingOut('24', 4), leavingOut('25', 5)],
]
/** So many apart are the films of a clip and of the next one in their ways of coding: each kind meets all of them. */
const codingsApart = 17

/** Of what was looked for: found rightly, found falsely, missed. */
export interface Count {
  hits: number
  false: number
  missed: number
}

const counted = (found: ReadonlySet<number>, truth: ReadonlySet<number>): Count => ({
  hits: [...found].filter((one) => truth.has(one)).length,
  false: [...found].filter((one) => !truth.has(one)).length,
  missed: [...truth].filter((one) => !found.has(one)).length,
})

/** Fields that are told to show what those before showed, as numbers: two for every frame. */
function fieldsAgain({ sections, repeated }: Timing): Set<number> {
  const fields = new Set(numbersOf(repeated).flatMap((frame) => [2 * frame, 2 * frame + 1]))
  for (const { from, to, cadence, phase } of sections) {
    const steps = stepsOf(cadence)
    for (let frame = Math.max(1, from); frame < to; frame++) {
      const step = steps[(phase + frame - from) % steps.length]
      if (step?.top === false) fields.add(2 * frame)
      if (step?.bottom === false) fields.add(2 * frame + 1)
    }
  }
  return fields
}

export interface Row {
  clip: string
  kind: string
  coding: string
  fields: Count
  torn: Count
  cuts: Count
  /** The cadence as it was made, at its phase, from the first frame to the last; absent: made without one. */
  isRight?: boolean
  told: string
}

const told = ({ sections }: Timing): string =>
  sections.map(({ from, to, cadence }) => `${from}-${to} ${JSON.stringify(cadence)}`).join(', ')

function compared(made: Made, timing: Timing, cadence: Cadence | undefined, phase: number) {
  const truth = new Set(
    made.truth.again.flatMap(({ top, bottom }, frame) => [
      ...(top ? [2 * frame] : []),
      ...(bottom ? [2 * frame + 1] : []),
    ]),
  )
  const [section, ...others] = timing.sections
  const isRight =
    others.length === 0 &&
    JSON.stringify(section?.cadence) === JSON.stringify(cadence) &&
    section?.phase === phase
  return {
    fields: counted(fieldsAgain(timing), truth),
    torn: counted(new Set(timing.torn), new Set(made.truth.torn)),
    cuts: counted(new Set(timing.cuts), new Set(made.truth.cuts)),
    ...(cadence ? { isRight } : {}),
  }
}

async function timingOf(host: Host, path: string): Promise<Timing> {
  const { id } = await host.api.sources.open(path)
  const read = await host.api.sources.readFields(id, 'progressive')
  return host.api.sources.timing(read.id)
}

/** Every kind of film of every clip, each in another coding and with other noise; `wanted`: part of a kind's name. */
export async function timingTable(
  clips: readonly Clip[],
  onRow: (row: Row) => void,
  wanted = '',
): Promise<Row[]> {
  const at = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  const folders = { dataFolder: join(at, 'data'), cacheFolder: join(at, 'cache') }
  const host = await createHost({ kind: 'cli', ...folders, grants: { files: [], folders: [at] } })
  const { ffmpeg } = await findTools()
  const rows: Row[] = []
  const one = async (clip: Clip, kind: Kind, made: Made, seed: number, coding: Coding): Promise<Row> => {
    const path = join(at, `${rows.length}.mkv`)
    write(ffmpeg, path, made, kind.rate, coding)
    const timing = await timingOf(host, path)
    rmSync(path)
    const phase = kind.cadence ? phaseOf(kind.cadence, seed) : 0
    return {
      ...{ clip: clip.name, kind: kind.name, coding: `${coding.name}, noise ${coding.noise}` },
      ...compared(made, timing, kind.cadence, phase),
      told: told(timing),
    }
  }
  try {
    for (const [n, clip] of clips.entries()) {
      const of = pictures(ffmpeg, clip, length)
      for (const [k, kind] of kinds.entries()) {
        const seed = n * codingsApart + k
        if (!kind.name.includes(wanted)) continue
        const others = kind.name === 'cuts' ? othersLike(ffmpeg, of, clips, n) : []
        const row = await one(clip, kind, kind.make(of, seed, others), seed, codingOf(seed))
        rows.push(row)
        onRow(row)
      }
    }
  } finally {
    await host.close()
    rmSync(at, { recursive: true, force: true })
  }
  return rows
}

/** The next clips, others than number `n`, brought to its size. */
function othersLike(ffmpeg: string, of: Pictures, clips: readonly Clip[], n: number): Pictures[] {
  const next = new Set([1, 2, 3].flatMap((by) => clips[(n + by) % clips.length] ?? []))
  const others = [...next].filter((clip) => clip !== clips[n])
  return others.map((clip) => pictures(ffmpeg, clip, length, { as: of }))
}
