// Another film of its file for one clip; other clips of that file stay as they are. What used all of it uses all of the other; else
// the clip begins and ends at the same moments (`place`), as far as the other reaches.
import { dropUnusedMedia, show } from '../../electron/shared/document/edits/media.js'
import { mediaOf, timesIn } from '../../electron/shared/document/cutList.js'
import { ClipId, Frame, SourceReference } from '../../electron/shared/document/project.js'
import { Command } from './command.js'
import { shownClip } from './shown.js'

export const chooseFilm = (id: ClipId, as: SourceReference, place: (frame: Frame) => Frame): Command => ({
  label: 'chooseFilm',
  apply: (document, known) => {
    const shown = shownClip(document, id, known)
    if (!shown || shown.media.id === as.id) return document
    const media = document.media.find((one) => one.id === as.id) ?? mediaOf(as, known)
    const times = timesIn(media, known)
    const isWhole = shown.from === 0 && shown.to === shown.times.count
    const from = isWhole ? 0 : Math.min(place(shown.from), times.count - 1)
    const to = isWhole ? times.count : Math.min(Math.max(place(shown.to), from + 1), times.count)
    return dropUnusedMedia(show(id, media, { from: times.timeOf(from), to: times.timeOf(to) })(document))
  },
})
