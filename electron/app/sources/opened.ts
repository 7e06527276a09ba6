// The files that are open, by identity: where each was found, and whether it still is what was allowed.
import { failing, type AppError } from '../../shared/contract/errors.js'
import {
  type Fingerprint,
  type Interpretation,
  type Source,
  type SourceId,
  distilled,
  readOtherwise,
} from '../../shared/media/source.js'
import { isSameFile, sourceIdOf } from '../../ffmpeg/fingerprint.js'
import { isFile } from '../../ffmpeg/openFile.js'
import { probe } from '../../ffmpeg/probe.js'
import { findTools } from '../../ffmpeg/resolve.js'
import { realPath } from '../access/grants.js'
import type { Stills } from './stills.js'

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

/** As it was opened, and still the file that was allowed. */
async function firstThere(known: readonly Opened[] | undefined): Promise<Opened> {
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

/** What `Media` says of them. */
export interface OpenSources {
  open: (path: string, real?: string) => Promise<Source>
  paths: () => string[]
  source: (id: SourceId) => Promise<Source>
  fingerprint: (id: SourceId) => Fingerprint | undefined
  interpret: (id: SourceId, wanted: Interpretation) => Promise<Source>
  chooseFilm: (id: SourceId, track: number) => Promise<Source>
}

/** `stills`: what makes pictures of Keepsake photos. */
export function createOpenSources(stills: Stills): OpenSources {
  const opened = new Map<SourceId, Opened[]>() // copies of one file, the one that was opened last first

  function remember(source: Source, place: string): Source {
    const others = (opened.get(source.id) ?? []).filter((one) => one.source.path !== source.path)
    opened.set(source.id, [{ source, place }, ...others])
    return source
  }

  async function open(path: string, real?: string, track?: number): Promise<Source> {
    const place = real ?? (await realPath(path))
    const keepsake = await stills.pictureOf(path)
    const found = await probe(await findTools(), path, undefined, { track, keepsake })
    // A link on the way may have been turned meanwhile: nothing of what was read is given out then.
    if ((await realPath(path)) !== place)
      throw failing('source-vanished', 'videoChanged', { name: found.name })
    return remember(found, place)
  }

  /** A cache may be emptied at any time: what was kept of it is made again. */
  async function find(id: SourceId): Promise<Opened> {
    const found = await firstThere(opened.get(id))
    const { path, picture } = found.source
    if (picture !== undefined && !(await isFile(picture))) await stills.pictureOf(path)
    return found
  }

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

  return {
    ...{ open, interpret, chooseFilm },
    source: async (id) => (await find(id)).source,
    paths: () => [...opened.values()].flat().map(({ source }) => source.path),
    fingerprint: (id) => opened.get(id)?.[0]?.source.fingerprint,
  }
}
