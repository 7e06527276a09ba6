// How a clip of another size than the film comes into it: whole between bars, filling it, or unscaled in its middle.
import { setFit as fitItem } from '../../electron/shared/document/edits/fit.js'
import { ClipId } from '../../electron/shared/document/project.js'
import { Fit } from '../../electron/shared/document/sequence.js'
import { Command } from './command.js'

export const setFit = (id: ClipId, fit: Fit): Command => ({ label: 'setFit', apply: fitItem(id, fit) })
