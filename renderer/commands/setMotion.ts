// How the frames of a clip are timed, and how long it is with that. What follows moves along.
import { setMotion as timeItem } from '../../electron/shared/document/edits/motion.js'
import { ClipMotion } from '../../electron/shared/document/motion.js'
import { ClipId } from '../../electron/shared/document/project.js'
import { Ratio } from '../../electron/shared/media/rational.js'
import { Command } from './command.js'

/** `motion` undefined: as filmed. `speed`: media time per time of the film; undefined: its own. */
export const setMotion = (id: ClipId, motion: ClipMotion | undefined, speed: Ratio | undefined): Command => ({
  label: 'setMotion',
  apply: timeItem(id, motion, speed),
})
