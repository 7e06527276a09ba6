// Photos from the window: what the picture under the playhead is, and saving it as it is shown without asking anything.
import { isStill, Source, SourceId } from '../../electron/shared/media/source.js'
import { type PhotoName } from '../../electron/shared/contract/photo.js'
import { Clip, CutList, EnhanceSettings, Frame } from '../../electron/shared/document/project.js'
import { isRendered } from './compare.js'
import { renderedNow } from './coverage.js'
import { api } from './host.js'
import { notifyAbout, useSession } from './session.js'
import { useSources } from './sources.js'
import { useWords } from './words.js'

export const isPhoto = (id: SourceId): boolean => {
  const source = useSources.getState().sources[id]
  return source !== undefined && isStill(source)
}

/** What of a film can be exported as one: all but its photos, as far as it is known what they are; all, where there is nothing else. */
export function withoutPhotos(
  film: CutList,
  sources: Readonly<Record<SourceId, Pick<Source, 'container'> | undefined>>,
): CutList {
  const isFilm = (id: SourceId): boolean => {
    const source = sources[id]
    return !source || !isStill(source)
  }
  const clips = film.clips.filter(({ sourceId }) => isFilm(sourceId))
  if (clips.length === 0 || clips.length === film.clips.length) return film
  return { ...film, clips, sources: film.sources.filter(({ id }) => isFilm(id)) }
}

interface Shown {
  clip: Clip
  playhead: Frame
}

async function save(
  { clip, playhead: frame }: Shown,
  kind: PhotoName,
  enhance: EnhanceSettings,
): Promise<void> {
  const path = await api().files.suggestPhoto(clip.sourceId, frame, 'png', kind, useWords.getState().language)
  const output = { path, format: 'png' as const, mayOverwrite: false }
  await api().render.photo({ sourceId: clip.sourceId, frame, way: 'frame', enhance, output })
}

const told = (work: Promise<void>): Promise<void> => work.catch(notifyAbout('clip'))

/** The enhanced picture where that is what the viewer shows (with a divider: what the preview made), else the original. */
export function saveSnapshot(shown: Shown): Promise<void> {
  const { clip, playhead } = shown
  const { compareMode, side, isHoldingOriginal } = useSession.getState()
  const isOriginal = isHoldingOriginal || (compareMode === 'ab' && side === 'original')
  const made = isRendered(renderedNow(clip), playhead)
  const isEnabled = clip.enhance.isEnabled && !isOriginal && made
  return told(save(shown, 'photo', { ...clip.enhance, isEnabled }))
}

/** Two files of one size: the original enlarged plainly, and the enhanced picture. */
export const savePair = (shown: Shown): Promise<void> =>
  told(
    (async () => {
      const enhance = { ...shown.clip.enhance, isEnabled: true }
      await save(shown, 'before', { ...enhance, strength: 0 })
      await save(shown, 'after', enhance)
    })(),
  )
