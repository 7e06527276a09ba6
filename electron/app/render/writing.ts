// Jobs that leave a file behind: one name, one job, and nothing is written anywhere that was not allowed.
import { basename, dirname, join, resolve } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import type { JobId } from '../../shared/contract/job.js'
import { type Grants, realPath } from '../access/grants.js'
import { isIn } from '../access/outputs.js'
import type { JobFacts, Jobs } from '../jobs/jobs.js'
import type { JobSpec } from '../jobs/spec.js'

export interface WritingParts {
  jobs: Jobs
  grants: Grants
  /** Finished exports: may be revealed and opened. */
  outputs: Grants
}

/** The second of two jobs would find the name taken when its work is done. */
function checkFree(jobs: Jobs, real: string): void {
  if (isIn(jobs.writing(), real)) throw failing('output-exists', 'outputInWork', { name: basename(real) })
}

/** Queued; what it writes may be shown and opened once it is there. */
export async function addWriting<Request extends { output: { path: string } }>(
  { jobs, grants, outputs }: WritingParts,
  request: Request,
  prepare: (request: Request) => Promise<JobFacts>,
  specOf: (request: Request) => JobSpec,
): Promise<JobId> {
  const writes = await realPath(await grants.check(request.output.path))
  checkFree(jobs, writes) // before any work
  // Without links from here on: whoever puts one into the way later changes nothing (see ffmpeg/folder.ts). A link under the
  // very name is replaced, not followed.
  const folder = await realPath(dirname(resolve(request.output.path)))
  const path = join(folder, basename(request.output.path))
  await grants.check(path)
  const real = { ...request, output: { ...request.output, path } }
  const facts = await prepare(real)
  checkFree(jobs, writes) // and here, where nobody can come between
  const id = jobs.add(specOf(real), { ...facts, writes })
  void jobs.ended(id).then(async ({ outputPath }) => {
    if (outputPath !== undefined) await outputs.addFile(outputPath)
  })
  return id
}
