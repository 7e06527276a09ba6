// Taking the fields of a film apart, where its file says nothing of them, and putting them back together. A step that is undone and saved.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { ChosenFields, Source, firstField } from '../../electron/shared/media/source.js'
import { reread } from '../commands/reread.js'
import { keepMoment } from './actions.js'
import { api } from './host.js'
import { run } from './project.js'
import { notifyAbout } from './session.js'
import { loadFields } from './sources.js'

/** `chosen` null: as the file says. */
async function read({ id, path, name, films, video }: Source, chosen: ChosenFields | null): Promise<void> {
  const { source, table } = await loadFields(id, chosen)
  const frames = frameCount(table)
  const as = { id: source.id, path, name, frames, track: films && video.index, fields: chosen ?? undefined }
  keepMoment(() => run(reread(id, as)))
}

/** Every field becomes a picture; which one came first is seen in the pictures themselves. */
export const takeApart = (source: Source): Promise<void> =>
  api()
    .sources.fieldCounts(source.id)
    .then((counts) => read(source, firstField(counts)))
    .catch(notifyAbout('clip'))

export const putTogether = (source: Source): Promise<void> => read(source, null).catch(notifyAbout('clip'))
