// Media of the document whose files are missing: they are found again with the first film of their content that is opened.
import { relink } from '../../electron/shared/document/edits/media.js'
import { Source } from '../../electron/shared/media/source.js'
import { amend, useProject } from './project.js'
import { reloadAll, useSources } from './sources.js'

/** Answers whether this source was missing, which it is not any more: no step to undo, for nothing of the film has changed. */
export async function findAgain({ id, fingerprint, path, name }: Source): Promise<boolean> {
  const { missing } = useSources.getState()
  const found = useProject
    .getState()
    .document.media.filter((one) => missing[one.id] && (one.id === id || one.fingerprint === fingerprint))
  for (const one of found) amend({ apply: relink(one.id, { locations: { absolute: path }, name }) })
  const ids = found.map((one) => one.id)
  const { sources } = useProject.getState().project
  await reloadAll(sources.filter((source) => ids.includes(source.id)))
  return found.length > 0
}
