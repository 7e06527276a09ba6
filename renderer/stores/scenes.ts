// Cutting a clip where its scenes begin.
import { Clip, Frame } from '../../electron/shared/document/project.js'
import { splitAtScenes } from '../commands/splitAtScenes.js'
import { Findings } from './findings.js'
import { newClipId, run, useProject } from './project.js'
import { pause, selectClip } from './scene.js'
import { useSession } from './session.js'

/** First frames of the scenes of a clip but the first. */
export const scenesIn = ({ from }: Pick<Clip, 'from'>, { cuts }: Findings): Frame[] => [
  ...new Set(cuts.filter((frame) => frame > from)),
]

/** The part that is looked at is in hand then. */
export function cutAtScenes(clip: Clip, frames: readonly Frame[]): void {
  pause()
  const ids = new Map(frames.map((frame) => [frame, newClipId()]))
  run(splitAtScenes(clip.id, frames, (frame) => ids.get(frame) ?? newClipId()))
  const { playhead } = useSession.getState()
  const parts = new Set([clip.id, ...ids.values()])
  const seen = useProject
    .getState()
    .project.clips.find(({ id, from, to }) => parts.has(id) && playhead >= from && playhead < to)
  if (seen) selectClip(seen)
}
