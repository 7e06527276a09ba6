// References become files, here and nowhere else: a unit names its source, its weights and its results by hash, and the engine of this computer is
// told where they lie. Another machine would have another resolver, and the same units.
import { failing } from '../../shared/contract/errors.js'
import type { Source, SourceId } from '../../shared/media/source.js'
import type { Plan } from '../../shared/planning/plan.js'
import type { FoundModel, Models } from '../models/models.js'
import type { Media } from '../sources/media.js'
import type { SegmentStore } from './segments.js'

/** Frames of a unit without loss, or the segment that they were encoded as. */
export type ResultKind = 'frames' | 'segments'

export interface SourceFiles {
  /** As it was opened last, or at another of its places where it is still there. */
  source: Source
  /** Its frame table as a file. */
  tablePath: string
}

export interface Resolver {
  /** Fails with `source-vanished` where it is at none of its places, `not-found` where it was not opened here. */
  source: (id: SourceId) => Promise<SourceFiles>
  /** The folder of the model of this hash, whatever it is called. Fails with `weights-missing`, also where its files were changed. */
  weights: (hash: string) => Promise<string>
  /** Files of finished results, in the order of their keys. Fails with `not-found` where one is not there as it was written. */
  results: (kind: ResultKind, keys: readonly string[]) => Promise<string[]>
  /** Where a result is to be written. */
  placeFor: (kind: ResultKind, key: string) => string
}

/** Enough of a hash to find it in a log. */
const shown = (hash: string): string => hash.slice(0, 12)

export interface ResolverParts {
  media: Pick<Media, 'source' | 'tablePath'>
  models: Pick<Models, 'list' | 'interpolator'>
  store: Pick<SegmentStore, ResultKind>
}

export function createResolver({ media, models, store }: ResolverParts): Resolver {
  return {
    source: async (id) => ({ source: await media.source(id), tablePath: await media.tablePath(id) }),
    async weights(hash) {
      const isOf = ({ info }: FoundModel): boolean => info.hash === hash
      const enhancer = (await models.list()).find(isOf)
      const found = enhancer ?? [await models.interpolator()].find(isOf)
      if (!found) throw failing('weights-missing', 'weightsGone', { hash: shown(hash) })
      return found.folder
    },
    async results(kind, keys) {
      const finished = await store[kind].finished(keys)
      const missing = keys.find((key) => !finished.has(key))
      if (missing !== undefined) throw failing('not-found', 'resultGone', { key: shown(missing) })
      return keys.map((key) => store[kind].pathOf(key))
    },
    placeFor: (kind, key) => store[kind].pathOf(key),
  }
}

/** A plan whose sources lie where they are now: it may have been made long ago. */
export async function located(plan: Plan, { source }: Pick<Resolver, 'source'>): Promise<Plan> {
  const ids = new Set([...plan.segments, ...plan.audio].map((part) => part.source.id))
  const now = new Map<SourceId, Source>()
  for (const id of ids) now.set(id, (await source(id)).source)
  const there = <Part extends { source: Source }>(part: Part): Part => ({
    ...part,
    source: now.get(part.source.id) ?? part.source,
  })
  return { ...plan, segments: plan.segments.map(there), audio: plan.audio.map(there) }
}
