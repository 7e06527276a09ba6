// The sources that are open: by identity, with their frame tables, pictures, sound curves and proxies. Reads only.
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Playable, Waveform } from '../../shared/contract/sources.js'
import { type AppError, failing } from '../../shared/contract/errors.js'
import {
  isStill,
  type ChosenFields,
  type FieldCounts,
  type Fingerprint,
  FrameTable,
  type Interpretation,
  Source,
  SourceId,
  distilled,
  outputRate,
  readOtherwise,
} from '../../shared/media/source.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { toPath } from '../../shared/contract/routes.js'
import { toNumber } from '../../shared/media/rational.js'
import { isInPieces } from '../../ffmpeg/editList.js'
import { fieldCounts } from '../../ffmpeg/fields.js'
import { isSameFile, sourceIdOf } from '../../ffmpeg/fingerprint.js'
import { isFile } from '../../ffmpeg/openFile.js'
import { framePicture } from '../../ffmpeg/pictures.js'
import { probe } from '../../ffmpeg/probe.js'
import { isBrowserPlayable, makeProxy } from '../../ffmpeg/proxy.js'
import { readerOf } from '../../ffmpeg/readers.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { twice } from '../../ffmpeg/run.js'
import { canPart } from '../../ffmpeg/sections.js'
import { waveform } from '../../ffmpeg/waveform.js'
import { readJson, writeAtomic } from '../access/files.js'
import { realPath } from '../access/grants.js'
import type { JobContext, JobResult, Jobs } from '../jobs/jobs.js'
import { inOwn, ownFailure, secondPlace, touch } from '../access/keeping.js'
import { createPictures } from './pictures.js'

export interface PictureRequest {
  frame: number
  width?: number
  height?: number
  signal?: AbortSignal
}

export interface Media {
  /** `real`: where its path leads, links resolved, as it was allowed. */
  open(path: string, real?: string): Promise<Source>
  /** Of everything that is open, copies included. */
  paths(): string[]
  /**
   * Where it was opened last, of several copies the first that is still there. Fails with `not-found` when it was not opened here,
   * `source-vanished` when it is gone or another file by now.
   */
  source(id: SourceId): Promise<Source>
  /** Of what was opened here. */
  fingerprint: (id: SourceId) => Fingerprint | undefined
  fieldCounts(id: SourceId): Promise<FieldCounts>
  /** The same file read otherwise; without any wishes: as it says itself. */
  interpret(id: SourceId, wanted: Interpretation): Promise<Source>
  /** The same file with its fields read as chosen; null: as it says itself. All else as before. */
  readFields(id: SourceId, chosen: ChosenFields | null): Promise<Source>
  /** Opens another film of the same file, by the index of its track. */
  chooseFilm(id: SourceId, track: number): Promise<Source>
  table(id: SourceId): Promise<FrameTable>
  /** The same as a file, for the engine host. */
  tablePath(id: SourceId): Promise<string>
  /** Whether the table that was kept from an earlier time is not what the file gives now. A new one is there then. */
  isTableStale(id: SourceId): Promise<boolean>
  waveform(id: SourceId): Promise<Waveform>
  /** `hasFailed`: the browser tried the file itself. */
  playable(id: SourceId, hasFailed: boolean): Promise<Playable>
  proxyPath(id: SourceId): string
  /** JPEG */
  picture(id: SourceId, request: PictureRequest): Promise<Uint8Array>
}

const peaksPerSecond = 100
/** Raised when tables are read otherwise than before: what lies in the cache is then made anew. */
const tableFormat = 8

export const noSuchFilm = ({ name, films = [], video }: Source, track: number): AppError =>
  failing('no-video-stream', 'noSuchFilm', {
    ...{ name, track, tracks: films.map(({ index }) => index).join(', ') || String(video.index) },
  })

interface Opened {
  source: Source
  /** Where its path led, links resolved, when it was opened. */
  place: string
}

/** Its path leads where it did, and to the same file. */
async function checkThere({ source, place }: Opened): Promise<void> {
  const { name, path } = source
  const isSame = await isSameFile(path, source).catch((cause: unknown) => {
    throw failing('source-vanished', 'videoMoved', { name, path }, { cause })
  })
  if (!isSame || (await realPath(path)) !== place) throw failing('source-vanished', 'videoChanged', { name })
}

export function createMedia(cacheFolder: string, jobs: Jobs): Media {
  const opened = new Map<SourceId, Opened[]>() // copies of one file, the one that was opened last first
  const tables = new Map<SourceId, Promise<FrameTable>>()
  const made = new Set<SourceId>() // tables that are there
  const kept = new Set<SourceId>() // of these, from an earlier time
  const heads = new Map<SourceId, Promise<FrameTable>>()
  const waveforms = new Map<SourceId, Promise<Waveform>>()
  const proxies = new Map<SourceId, Promise<string>>() // the job that makes it
  const pictures = createPictures()
  const tablePath = (id: SourceId): string => join(cacheFolder, 'tables', `${id}-${tableFormat}.json`)
  const proxyPath = (id: SourceId): string => join(cacheFolder, 'proxies', `${id}.mp4`)

  function remember(source: Source, place: string): Source {
    const others = (opened.get(source.id) ?? []).filter((one) => one.source.path !== source.path)
    opened.set(source.id, [{ source, place }, ...others])
    return source
  }

  async function open(path: string, real?: string, track?: number): Promise<Source> {
    const place = real ?? (await realPath(path))
    const found = await probe(await findTools(), path, undefined, { track })
    // A link on the way may have been turned meanwhile: nothing of what was read is given out then.
    if ((await realPath(path)) !== place)
      throw failing('source-vanished', 'videoChanged', { name: found.name })
    return remember(found, place)
  }

  /** As it was opened, and still the file that was allowed. */
  async function find(id: SourceId): Promise<Opened> {
    const known = opened.get(id)
    if (!known) throw failing('not-found', 'videoNotOpen')
    const problems: unknown[] = []
    for (const one of known) {
      try {
        await checkThere(one)
        return one
      } catch (error) {
        problems.push(error)
      }
    }
    throw problems[0]
  }

  const source = async (id: SourceId): Promise<Source> => (await find(id)).source

  async function interpret(id: SourceId, wanted: Interpretation): Promise<Source> {
    const { source, place } = await find(id)
    const { fingerprint, tagged } = source
    const interpretation = distilled(tagged, wanted)
    const readId = sourceIdOf(fingerprint, tagged.index, interpretation)
    return remember(readOtherwise(source, readId, interpretation), place)
  }

  async function chooseFilm(id: SourceId, track: number): Promise<Source> {
    const { source: found, place } = await find(id)
    const { path, video, films = [] } = found
    if (!films.some(({ index }) => index === track) && track !== video.index) throw noSuchFilm(found, track)
    return films.length > 0 ? open(path, place, track) : found
  }

  /** A promise per source, kept unless it fails. */
  function once<T>(kept: Map<SourceId, Promise<T>>, id: SourceId, make: () => Promise<T>): Promise<T> {
    const known = kept.get(id)
    if (known) return known
    const made = make()
    kept.set(id, made)
    made.catch(() => kept.delete(id))
    return made
  }

  async function makeTable(id: SourceId): Promise<FrameTable> {
    const cached = await readJson(tablePath(id), FrameTable)
    const table = cached ?? (await twice(() => readTable(id)))
    if (cached) await touch(tablePath(id))
    // The cache saves time the next time. Without it the table is in memory, and for the engine in a second place (see below).
    else await writeAtomic(tablePath(id), JSON.stringify(table)).catch(() => undefined)
    if (cached) kept.add(id)
    made.add(id)
    return table
  }
  /** What a file gave that went away meanwhile is no table of it, whether its reader noticed or not. */
  async function readTable(id: SourceId): Promise<FrameTable> {
    const found = await source(id)
    try {
      return await readerOf(found).table(await findTools(), found)
    } finally {
      await source(id)
    }
  }

  const table = (id: SourceId): Promise<FrameTable> => once(tables, id, () => makeTable(id))

  async function isTableStale(id: SourceId): Promise<boolean> {
    if (!kept.delete(id)) return false // made by this process, or looked at already
    const old = await table(id)
    const found = await source(id)
    const now = await readerOf(found).table(await findTools(), found)
    if (JSON.stringify(now) === JSON.stringify(old)) return false
    tables.set(id, Promise.resolve(now))
    await writeAtomic(tablePath(id), JSON.stringify(now)).catch(() => rm(tablePath(id), { force: true }))
    return true
  }

  /** The whole table, or, while that is being made, the beginning of it, if the frame lies there: it is shown at once. */
  async function tableAt(found: Source, frame: number): Promise<FrameTable> {
    const whole = table(found.id)
    const reader = readerOf(found)
    if (!reader.head || made.has(found.id)) return whole
    const early = once(heads, found.id, () =>
      twice(async () => reader.head?.(await findTools(), found) ?? whole),
    )
    const first = await Promise.race([whole, early.catch(() => whole)]) // what is wrong, the whole tells
    return frame < frameCount(first) ? first : whole
  }

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

  /** The table as a file that can be read now. The cache may have been emptied meanwhile, or be full. */
  async function tableFile(id: SourceId): Promise<string> {
    const whole = await table(id)
    const path = tablePath(id)
    if (await isFile(path)) return path
    const text = JSON.stringify(whole)
    try {
      await writeAtomic(path, text)
      return path
    } catch (cause) {
      try {
        const other = join(await secondPlace(), basename(path))
        await writeAtomic(other, text)
        return other
      } catch {
        throw ownFailure('cache', cacheFolder, cause)
      }
    }
  }

  async function hear(found: Source): Promise<Waveform> {
    const frames = canPart(found.container) ? await table(found.id) : undefined
    const tools = await findTools()
    return twice(() => waveform(tools, found, peaksPerSecond, frames))
  }

  async function picture(
    id: SourceId,
    { frame, width, height, signal }: PictureRequest,
  ): Promise<Uint8Array> {
    const found = await source(id)
    const frames = await tableAt(found, frame)
    if (frame >= frameCount(frames))
      throw failing('not-found', 'noSuchPicture', { name: found.name, count: frameCount(frames), frame })
    const tools = await findTools()
    const make = (stop: AbortSignal): Promise<Uint8Array> =>
      twice(() => framePicture(tools, found, frames, frame, { width, height, signal: stop }))
    return pictures.get([id, frame, width, height].join('/'), make, signal)
  }

  return {
    ...{ open, source, interpret, chooseFilm, table, isTableStale, playable, proxyPath, picture },
    fingerprint: (id) => opened.get(id)?.[0]?.source.fingerprint,
    fieldCounts: async (id) => fieldCounts(await findTools(), await source(id), await table(id)),
    readFields: async (id, chosen) =>
      interpret(id, { ...(await source(id)).interpretation, fields: chosen ?? undefined }),
    paths: () => [...opened.values()].flat().map(({ source }) => source.path),
    tablePath: tableFile,
    waveform: (id) => once(waveforms, id, async () => hear(await source(id))),
  }
}
