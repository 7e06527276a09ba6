// Cut a clip in two at a frame of its source. At its first frame or outside it there is nothing to cut.
import { split } from '../../electron/shared/document/edits/split.js'
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import { Command } from './command.js'
import { lasting, shownClip } from './shown.js'

export const splitClip = (id: ClipId, at: Frame, newId: ClipId): Command => ({
  label: 'splitClip',
  apply: (document, known) => {
    const shown = shownClip(document, id, known)
    if (!shown || at <= shown.from || at >= shown.to) return document
    const head = lasting(shown.item, shown.times.timeOf(at) - shown.begin)
    return split(id, shown.item.at + head, newId)(document)
  },
})
