// A Host in a folder of its own with films in it, and the few steps that most tests of the app begin with.
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Host, type HostOptions, createHost } from '../../electron/app/host/host.js'
import type { ExportRequest } from '../../electron/shared/contract/render.js'
import { type JobState, isEnded } from '../../electron/shared/contract/job.js'
import { type CutList, type EnhanceSettings, defaultEnhance } from '../../electron/shared/document/project.js'
import type { Source } from '../../electron/shared/media/source.js'

/** Pictures pass through: for tests of everything but the model. */
export const untouched: EnhanceSettings = { ...defaultEnhance, isEnabled: false }

export async function hostIn(at: string, over: Partial<HostOptions> = {}): Promise<Host> {
  const host = await createHost({
    kind: 'cli',
    dataFolder: join(at, 'data'),
    cacheFolder: join(at, 'cache'),
    grants: { files: [], folders: [at] },
    ...over,
  })
  afterAll(() => host.close())
  return host
}

export const projectOf = (
  source: Source,
  frames: number,
  range: { from: number; to: number } = { from: 0, to: frames },
  enhance: EnhanceSettings = untouched,
): CutList => ({
  sources: [{ id: source.id, path: source.path, name: source.name, frames }],
  clips: [{ id: 'c', sourceId: source.id, name: source.name, ...range, enhance }],
})

export const outputAt = (
  path: string,
  over: Partial<ExportRequest['output']> = {},
): ExportRequest['output'] => ({
  ...{ path, container: 'mp4', codec: 'h264', quality: 'small', hasAudio: true, mayOverwrite: false },
  ...over,
})

/** Resolves with the job's last state; `onJob` sees every one. */
export function ended(
  host: Host,
  id: string,
  onJob: (job: JobState) => void = () => undefined,
): Promise<JobState> {
  return new Promise((resolve, reject) => {
    const hear = (job: JobState): void => {
      if (job.id !== id) return
      onJob(job)
      if (!isEnded(job)) return
      leave()
      resolve(job)
    }
    const leave = host.on((event) => event.type === 'job' && hear(event.job))
    host.api.jobs
      .list()
      .then((jobs) => jobs.filter((job) => job.id === id && isEnded(job)).forEach(hear), reject)
  })
}
