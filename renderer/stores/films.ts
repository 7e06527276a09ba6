// Files that hold several films: which of them a clip shows. A step that is undone and saved.
import { create } from 'zustand'
import { durationOf, firstFrameFrom, secondsOf, frameCount } from '../../electron/shared/media/frameTable.js'
import { Clip, ClipId, Frame } from '../../electron/shared/document/project.js'
import { FrameTable } from '../../electron/shared/media/source.js'
import { chooseFilm as edit } from '../commands/chooseFilm.js'
import { keepMoment } from './actions.js'
import { api } from './host.js'
import { run, useProject } from './project.js'
import { notifyAbout } from './session.js'
import { loadTable, useSources } from './sources.js'

interface FilmsState {
  /** Tracks that were asked for and are being read, by clip. */
  wanted: Partial<Record<ClipId, number>>
}

export const useFilms = create<FilmsState>()(() => ({ wanted: {} }))

/** The same moment in another film of the file. While the one before is still being read, the clip is all of it. */
const placeIn =
  (before: FrameTable | undefined, after: FrameTable) =>
  (frame: Frame): Frame => {
    if (!before) return frame
    const seconds = secondsOf(before, frame)
    return seconds >= durationOf(after) ? frameCount(after) : firstFrameFrom(after, seconds)
  }

/** All of it is read first; of several wishes the last counts. */
export async function chooseFilm({ id, sourceId }: Clip, track: number): Promise<void> {
  const isWanted = (): boolean => useFilms.getState().wanted[id] === track
  useFilms.setState(({ wanted }) => ({ wanted: { ...wanted, [id]: track } }))
  try {
    const { source, table } = await loadTable(await api().sources.chooseFilm(sourceId, track))
    const isThere = useProject.getState().project.clips.some((c) => c.id === id && c.sourceId === sourceId)
    if (!isWanted() || !isThere) return
    const reference = {
      ...{ id: source.id, path: source.path, name: source.name },
      ...{ frames: frameCount(table), track },
    }
    const before = useSources.getState().tables[sourceId]
    keepMoment(() => run(edit(id, reference, placeIn(before, table))))
  } catch (error) {
    notifyAbout('clip')(error)
  } finally {
    if (isWanted()) useFilms.setState(({ wanted }) => ({ wanted: { ...wanted, [id]: undefined } }))
  }
}
