// What settings come to with the film that they are for: the step of a Keepsake becomes what its part and the models of this computer allow.
import { findKeepsake } from '../../ffmpeg/keepsakeBox.js'
import {
  type CutList,
  type EnhanceSettings,
  isUntouched,
  keepsakeModel,
} from '../../shared/document/project.js'
import { type Restored, restored } from '../../shared/document/restoring.js'
import type { SourceId } from '../../shared/media/source.js'
import type { Message } from '../../shared/words/sentences.js'
import type { Models } from '../models/models.js'
import type { Media } from '../sources/media.js'

interface Parts {
  media: Pick<Media, 'source'>
  models: Pick<Models, 'list'>
}

export async function restoredFor(
  { media, models }: Parts,
  id: SourceId,
  wanted: EnhanceSettings,
): Promise<Restored> {
  if (wanted.model !== keepsakeModel || isUntouched(wanted))
    return restored(wanted, { state: 'none' }, [], '')
  const { path, name, picture } = await media.source(id)
  // Detail of a photo is part of the picture that is read (photo.ts).
  if (picture !== undefined) return { enhance: { ...wanted, isEnabled: false }, notes: [] }
  const found = await findKeepsake(path, { isWhole: false })
  return restored(
    wanted,
    found,
    (await models.list()).map(({ info }) => info),
    name,
  )
}

/** Of all clips, with each sentence once. */
export async function restoredClips(
  parts: Parts,
  { clips }: Pick<CutList, 'clips'>,
): Promise<{ clips: CutList['clips']; notes: Message[] }> {
  const made = await Promise.all(
    clips.map(async (clip) => ({ clip, ...(await restoredFor(parts, clip.sourceId, clip.enhance)) })),
  )
  const notes = new Map(made.flatMap(({ notes: some }) => some).map((note) => [JSON.stringify(note), note]))
  return { clips: made.map(({ clip, enhance }) => ({ ...clip, enhance })), notes: [...notes.values()] }
}
