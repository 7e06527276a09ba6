// The sources that are open: by identity, with their frame tables, pictures, sound curves and proxies. Reads only.
import type { Playable, Waveform } from '../../shared/contract/sources.js'
import { failing } from '../../shared/contract/errors.js'
import type {
  ChosenFields,
  FieldCounts,
  Fingerprint,
  FrameTable,
  Interpretation,
  Source,
  SourceId,
} from '../../shared/media/source.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { fieldCounts } from '../../ffmpeg/fields.js'
import { framePicture } from '../../ffmpeg/pictures.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { twice } from '../../ffmpeg/run.js'
import { canPart } from '../../ffmpeg/sections.js'
import { waveform } from '../../ffmpeg/waveform.js'
import type { Jobs } from '../jobs/jobs.js'
import { createOpenSources } from './opened.js'
import { createPictures } from './pictures.js'
import { createProxies } from './proxies.js'
import type { Stills } from './stills.js'
import { createTables, once } from './tables.js'

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
export function createMedia(cacheFolder: string, jobs: Jobs, stills: Stills): Media {
  const opened = createOpenSources(stills)
  const tables = createTables(cacheFolder, opened)
  const waveforms = new Map<SourceId, Promise<Waveform>>()
  const pictures = createPictures()
  const { source, interpret } = opened
  const { table, tablePath, isTableStale } = tables

  async function picture(
    id: SourceId,
    { frame, width, height, signal }: PictureRequest,
  ): Promise<Uint8Array> {
    const found = await source(id)
    const frames = await tables.tableAt(found, frame)
    if (frame >= frameCount(frames))
      throw failing('not-found', 'noSuchPicture', { name: found.name, count: frameCount(frames), frame })
    const tools = await findTools()
    const make = (stop: AbortSignal): Promise<Uint8Array> =>
      twice(() => framePicture(tools, found, frames, frame, { width, height, signal: stop }))
    return pictures.get([id, frame, width, height].join('/'), make, signal)
  }

  async function hear(id: SourceId): Promise<Waveform> {
    const found = await source(id)
    const frames = canPart(found.container) ? await table(id) : undefined
    const tools = await findTools()
    return twice(() => waveform(tools, found, peaksPerSecond, frames))
  }

  return {
    ...opened,
    ...{ table, tablePath, isTableStale, picture },
    ...createProxies(cacheFolder, jobs, opened, tables),
    fieldCounts: async (id) => fieldCounts(await findTools(), await source(id), await table(id)),
    readFields: async (id, chosen) =>
      interpret(id, { ...(await source(id)).interpretation, fields: chosen ?? undefined }),
    waveform: (id) => once(waveforms, id, () => hear(id)),
  }
}
