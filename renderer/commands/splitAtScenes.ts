// Cut a clip in as many parts as scenes begin in it, in one step. Places at its first frame or outside of it are none.
import { ClipId, Frame } from '../../electron/shared/document/project.js'
import { Command } from './command.js'
import { splitClip } from './splitClip.js'

/** `newId`: of the part that begins at a frame. */
export const splitAtScenes = (
  id: ClipId,
  frames: readonly Frame[],
  newId: (frame: Frame) => ClipId,
): Command => ({
  label: 'splitAtScenes',
  // From the last one on: what is left of the clip keeps its name.
  apply: (document, known) =>
    [...new Set(frames)]
      .toSorted((a, b) => b - a)
      .reduce((before, frame) => splitClip(id, frame, newId(frame)).apply(before, known), document),
})
