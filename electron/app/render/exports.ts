// Exports as windows ask for them: begun, gone on with after an interruption, forgotten.
import type { Api } from '../../shared/contract/api.js'
import { failing } from '../../shared/contract/errors.js'
import type { JobId } from '../../shared/contract/job.js'
import type { ExportRequest, UnfinishedExport } from '../../shared/contract/render.js'
import { type JobFacts, prepared } from '../jobs/jobs.js'
import { type CutList, isMeant, renamed } from '../../shared/document/project.js'
import { frameCount } from '../../shared/media/frameTable.js'
import type { Media } from '../sources/media.js'
import { type ExportParts, prepareExport } from './exporter.js'
import type { UnfinishedExports } from './unfinished.js'
import { type WritingParts, addWriting } from './writing.js'

export interface ExportsParts extends ExportParts, WritingParts {
  media: Media
  unfinished: UnfinishedExports
  /** As a window opens a source. */
  openSource: Api['sources']['open']
  /** Only what a window asked for is told by the next window. */
  isNoted: boolean
  tell: (exports: UnfinishedExport[]) => void
}

type Handlers = Pick<Api['render'], 'export' | 'unfinished' | 'resume' | 'forget'>

/** Opens the sources of an export of another time, as they were read then. Answers its project by today's ids. */
async function reopen({ media, openSource }: ExportsParts, { project }: ExportRequest): Promise<CutList> {
  let now = project
  for (const reference of project.sources) {
    const { path, name, track, fields } = reference
    const opened = await openSource(path)
    const chosen = track === undefined ? opened : await media.chooseFilm(opened.id, track)
    const { id } = fields ? await media.readFields(chosen.id, fields) : chosen
    if (!isMeant(reference, id, frameCount(await media.table(id))))
      throw failing('source-vanished', 'unfinishedOther', { name })
    now = renamed(now, reference.id, id)
  }
  return now
}

export function exportHandlers(parts: ExportsParts): Handlers {
  const { jobs, grants, unfinished, isNoted } = parts
  const runner = prepared((request: ExportRequest) => prepareExport(parts, request))
  jobs.register('export', runner.run)
  const tellUnfinished = async (): Promise<void> => parts.tell(await unfinished.list())

  /** Remembered until it is done or cancelled. */
  async function begin(request: ExportRequest): Promise<JobId> {
    const prepare = async (real: ExportRequest): Promise<JobFacts> => {
      const work = await runner.prepare(real)
      if (isNoted) await unfinished.replace(real, work.needs)
      return { ...work, isOffered: isNoted }
    }
    const id = await addWriting(parts, request, prepare, (real) => ({ kind: 'export', request: real }))
    void jobs.ended(id).then(() => parts.store.tidy(Infinity, Date.now()).catch(() => undefined)) // the next one tries again
    if (isNoted) void tellUnfinished()
    return id
  }

  return {
    export: begin,
    unfinished: () => unfinished.list(),
    resume: async (id) => {
      const request = await unfinished.find(id).catch((error: unknown) => {
        void tellUnfinished() // another window or program was quicker
        throw error
      })
      await grants.addFile(request.output.path) // chosen by a person when it began, and kept where only we write
      return begin({ ...request, project: await reopen(parts, request) })
    },
    forget: async (id) => {
      await unfinished.forget(id).finally(tellUnfinished)
      return null
    },
  }
}
