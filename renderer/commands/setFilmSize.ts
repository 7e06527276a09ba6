// The size of the film: its own, or that of its first clip.
import { setSettings } from '../../electron/shared/document/edits/fit.js'
import { SequenceSettings } from '../../electron/shared/document/sequence.js'
import { Command } from './command.js'

/** Undefined: as its first clip. */
export const setFilmSize = (settings: SequenceSettings | undefined): Command => ({
  label: 'setFilmSize',
  apply: setSettings(settings),
})
