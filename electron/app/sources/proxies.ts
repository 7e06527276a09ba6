// Copies of films that any browser plays, made where it cannot play the film itself.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Playable } from '../../shared/contract/sources.js'
import { toPath } from '../../shared/contract/routes.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { toNumber } from '../../shared/media/rational.js'
import { type Source, type SourceId, isStill, outputRate } from '../../shared/media/source.js'
import { isInPieces } from '../../ffmpeg/editList.js'
import { isFile } from '../../ffmpeg/openFile.js'
import { isBrowserPlayable, makeProxy } from '../../ffmpeg/proxy.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { twice } from '../../ffmpeg/run.js'
import { inOwn, touch } from '../access/keeping.js'
import type { JobContext, JobResult, Jobs } from '../jobs/jobs.js'
import type { OpenSources } from './opened.js'
import type { Tables } from './tables.js'

export interface Proxies {
  playable: (id: SourceId, hasFailed: boolean) => Promise<Playable>
  proxyPath: (id: SourceId) => string
}

export function createProxies(
  cacheFolder: string,
  jobs: Jobs,
  { source }: OpenSources,
  { table }: Tables,
): Proxies {
  const proxies = new Map<SourceId, Promise<string>>() // the job that makes it
  const proxyPath = (id: SourceId): string => join(cacheFolder, 'proxies', `${id}.mp4`)

  async function startProxy(found: Source): Promise<string> {
    const frames = await table(found.id)
    const facts = {
      name: found.name,
      framesTotal: frameCount(frames),
      filmRate: toNumber(outputRate(found.video)),
    }
    return jobs.add({ kind: 'proxy', request: { sourceId: found.id } }, facts)
  }

  async function runProxy(id: SourceId, { signal, progress }: JobContext): Promise<JobResult> {
    const found = await source(id)
    const frames = await table(id)
    const total = frameCount(frames)
    return inOwn('cache', cacheFolder, async () => {
      const onProgress = (done: number): void => progress({ framesDone: Math.round(done * total) })
      await mkdir(join(cacheFolder, 'proxies'), { recursive: true })
      const tools = await findTools()
      await twice(() => makeProxy(tools, found, frames, proxyPath(id), { signal, onProgress }))
      return {}
    })
  }
  jobs.register('proxy', ({ sourceId }, context) => runProxy(sourceId, context))

  /** The job that makes the proxy; another one when the last ended without. */
  async function proxyJob(found: Source): Promise<string> {
    const known = proxies.get(found.id)
    const state = known && jobs.find(await known.catch(() => ''))?.state
    if (state === 'waiting' || state === 'running') return (await known) ?? ''
    if (proxies.get(found.id) === known) proxies.set(found.id, startProxy(found)) // else another call was quicker
    return (await proxies.get(found.id)) ?? ''
  }

  async function playable(id: SourceId, hasFailed: boolean): Promise<Playable> {
    const found = await source(id)
    if (isStill(found)) return { kind: 'pending' } // there is nothing to play; its one picture is shown
    // A browser believes wrong times, and plays pieces of an edit list to whole packets.
    const isOdd = async (): Promise<boolean> =>
      (await table(id)).raw !== undefined || (await isInPieces(found.path, found.container))
    if (!hasFailed && isBrowserPlayable(found) && !(await isOdd()))
      return { kind: 'file', route: toPath({ kind: 'media', sourceId: id }) }
    if (await isFile(proxyPath(id))) {
      await touch(proxyPath(id))
      return { kind: 'proxy', route: toPath({ kind: 'proxy', sourceId: id }) }
    }
    return { kind: 'pending', jobId: await proxyJob(found) }
  }

  return { playable, proxyPath }
}
