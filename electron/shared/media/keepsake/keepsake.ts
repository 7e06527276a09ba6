// A Keepsake box by its meaning: what is written, and what was found of it in a file.
import { z } from 'zod'
import { type ReadBox, writeBox } from './container.js'
import { KeepsakeInfo, readInfo, writeInfo } from './info.js'
import { type QuantiserRun, readQuantiser, writeQuantiser } from './quantiser.js'
import { Scene, readScenes, writeScenes } from './scenes.js'
import type { Damage, Section } from './sections.js'

export interface Keepsake {
  info: KeepsakeInfo
  scenes: Scene[]
  quantiser: QuantiserRun[]
}

/** Names of sections. */
const types = { info: 'info', scenes: 'scen', quantiser: 'qntz' } as const

export const writeKeepsake = ({ info, scenes, quantiser }: Keepsake): Uint8Array =>
  writeBox([
    { type: types.info, data: writeInfo(info) },
    { type: types.scenes, data: writeScenes(scenes) },
    { type: types.quantiser, data: writeQuantiser(quantiser) },
  ])

/** Bytes [from, to) of the file. */
const Place = z.object({ from: z.number(), to: z.number() })

/** What is wrong, and where: the box around all, its head, one of its sections, or the film itself. */
export const KeepsakeDamage = Place.extend({
  place: z.string(),
  /** `cutOff`: the file ends before it does. `nonsense`: its bytes are as they were written, and say nothing that fits. */
  what: z.enum(['changed', 'cutOff', 'nonsense', 'missing']),
})
export type KeepsakeDamage = z.infer<typeof KeepsakeDamage>

export const Version = z.object({ major: z.number(), minor: z.number() })

/** `media`: whether the film beside the box is the one it was written for; by its length only where it was not read. */
export const FoundKeepsake = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  Place.extend({ state: z.literal('newer'), version: Version }),
  Place.extend({
    state: z.literal('there'),
    version: Version.optional(),
    media: z.enum(['same', 'sameLength', 'other', 'unknown']),
    /** Undefined where its section is damaged. */
    info: KeepsakeInfo.optional(),
    scenes: z.array(Scene).optional(),
    quantiser: z.object({ least: z.number(), mean: z.number(), most: z.number() }).optional(),
    /** Sections that this version does not know. */
    unread: z.array(z.string()),
    damages: z.array(KeepsakeDamage),
  }),
])
export type FoundKeepsake = z.infer<typeof FoundKeepsake>

function summaryOf(runs: readonly QuantiserRun[]): { least: number; mean: number; most: number } {
  let [least, most, sum, count] = [1, 0, 0, 0]
  for (const { frames, value } of runs) {
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value * frames
    count += frames
  }
  return { least, mean: sum / count, most }
}

/** What a section must say and does not. */
export const wordless = (place: string, what: 'nonsense' | 'missing', bytes: number): KeepsakeDamage => ({
  ...{ place, what, from: 0, to: bytes },
})

interface Told {
  info?: KeepsakeInfo
  scenes?: Scene[]
  quantiser?: QuantiserRun[]
  damages: KeepsakeDamage[]
}

/** Sections by their meaning. `isDamaged`: known to be there and unreadable, so that it is not missing too. */
function meaningOf(sections: readonly Section[], isDamaged: (type: string) => boolean, bytes: number): Told {
  const damages: KeepsakeDamage[] = []
  function read<T>(type: string, parse: (data: Uint8Array) => T | undefined): T | undefined {
    const found = sections.find((section) => section.type === type)
    const value = found && parse(found.data)
    if (value === undefined && !isDamaged(type))
      damages.push(wordless(type, found ? 'nonsense' : 'missing', bytes))
    return value
  }
  const info = read(types.info, readInfo)
  if (!info) return { damages }
  const { frames } = info.base
  const scenes = read(types.scenes, (data) => readScenes(data, frames))
  const quantiser = read(types.quantiser, (data) => readQuantiser(data, frames))
  return { info, damages, ...(scenes ? { scenes } : {}), ...(quantiser ? { quantiser } : {}) }
}

/** All of a box that can be used; undefined where something of it is damaged, newer or meaningless. */
export function keepsakeOf(read: ReadBox): Keepsake | undefined {
  if (read.state !== 'read' || read.damages.length > 0) return undefined
  const { info, scenes, quantiser } = meaningOf(read.sections, () => false, 0)
  return info && scenes && quantiser ? { info, scenes, quantiser } : undefined
}

/** Of what begins at byte `at` of its file. */
export const hurtOf = ({ damages }: { damages: Damage[] }, at = 0): KeepsakeDamage[] =>
  damages.map(({ place, from, to, isCutOff }) => ({
    ...{ place, from: at + from, to: at + to, what: isCutOff ? 'cutOff' : 'changed' },
  }))

/** `at`: where the box begins in its file; `there`: how many bytes are from there on. `media` is told by whoever sees the film. */
export function foundOf(read: ReadBox, at: number, there: number): Exclude<FoundKeepsake, { state: 'none' }> {
  const bytes = read.state === 'read' ? Math.min(read.bytes, there) : there
  const place = { from: at, to: at + bytes }
  if (read.state === 'newer') return { state: 'newer', version: read.version, ...place }
  const hurt = hurtOf(read, at)
  const common = { state: 'there', media: 'unknown', ...place } as const
  if (read.state === 'damaged') return { ...common, unread: [], damages: hurt }
  const { sections, version } = read
  const isDamaged = (type: string): boolean => read.damages.some((damage) => damage.place === type)
  const told = meaningOf(sections, isDamaged, bytes)
  const known: readonly string[] = Object.values(types)
  return {
    ...{ ...common, version, info: told.info, scenes: told.scenes },
    quantiser: told.quantiser && summaryOf(told.quantiser),
    unread: sections.map(({ type }) => type).filter((type) => !known.includes(type)),
    damages: [...hurt, ...told.damages.map((each) => ({ ...each, ...place }))],
  }
}
