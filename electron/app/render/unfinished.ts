// Exports that a window asked for and that are not done: their jobs stay in the cache until they are done or a person cancels them, so that a
// later start can say how far each came, and go on. Those that live, here or elsewhere, are nobody's to tell of.
import { basename } from 'node:path'
import type { ExportRequest, UnfinishedExport } from '../../shared/contract/render.js'
import { failing } from '../../shared/contract/errors.js'
import type { JobRecords, LeftJob } from '../jobs/records.js'
import type { JobSpec } from '../jobs/spec.js'
import type { SegmentStore } from './segments.js'

export interface UnfinishedExports {
  list(): Promise<UnfinishedExport[]>
  /** Fails with `not-found` when it has been forgotten, or is under way again. */
  find(id: string): Promise<ExportRequest>
  /** Earlier tries at the same film are this one from now on. */
  replace(request: ExportRequest, needs: readonly string[]): Promise<void>
  /** It is not told of any more, and what was finished of it is removed. */
  forget(id: string): Promise<void>
}

const requestOf = ({ kind, request }: JobSpec): ExportRequest | undefined =>
  kind === 'export' ? request : undefined

/** The files that unfinished exports are made of. */
export const sourcesOfUnfinished = (records: Pick<JobRecords, 'offered'>): Set<string> =>
  new Set(records.offered().flatMap((spec) => requestOf(spec)?.project.sources.map(({ path }) => path) ?? []))

interface Left extends LeftJob {
  request: ExportRequest
}

export function createUnfinished(records: JobRecords, store: SegmentStore): UnfinishedExports {
  async function left(): Promise<Left[]> {
    return (await records.left()).flatMap((job) => {
      const request = requestOf(job.spec)
      return request ? [{ ...job, request }] : []
    })
  }

  async function framesDone({ needs, frames, isCurrent }: LeftJob): Promise<number> {
    if (!isCurrent) return 0
    const finished = await store.segments.finished(needs)
    const sum = [...finished.values()].reduce((count, one) => count + one.frames, 0)
    return Math.min(sum, frames)
  }

  const find = async (id: string): Promise<Left> => {
    const found = (await left()).find((one) => one.id === id)
    if (!found) throw failing('not-found', 'unfinishedGone')
    return found
  }

  return {
    async list() {
      const jobs = await left()
      return Promise.all(
        jobs.map(async (job) => {
          const { path } = job.request.output
          const done = await framesDone(job)
          return { id: job.id, name: basename(path), path, framesDone: done, framesTotal: job.frames }
        }),
      )
    },
    find: async (id) => (await find(id)).request,
    async replace(request, needs) {
      const keys = JSON.stringify([...needs].sort())
      for (const other of await left())
        if (other.request.output.path === request.output.path || JSON.stringify(other.needs.sort()) === keys)
          await records.remove(other.id)
    },
    async forget(id) {
      const { needs } = await find(id)
      await records.remove(id)
      await store.remove(needs)
    },
  }
}
