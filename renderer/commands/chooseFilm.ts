// Another film of the clip's file. Other clips of that file stay as they are.
import { ClipId, Frame, SourceReference } from '../../electron/shared/document/project.js'
import * as timeline from '../../electron/shared/document/timeline.js'
import { Command } from './command.js'

export const chooseFilm = (id: ClipId, as: SourceReference, place: (frame: Frame) => Frame): Command => ({
  label: 'chooseFilm',
  apply: timeline.chooseFilm(id, as, place),
})
