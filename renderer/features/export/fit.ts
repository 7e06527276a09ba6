// Whether a Keepsake of the wanted size can be made, and how good it will be; and how a frame of one will look.
import { ExportRequest, KeepsakeFit, KeepsakeLook } from '../../../electron/shared/contract/render.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { findFit, lookAtKeepsake, stopFit, stopLook } from '../../stores/fits.js'
import { useSession } from '../../stores/session.js'
import { Asking, useAsking } from './asking.js'
import { ExportChoice, fitRequestOf, lookRequestOf } from './output.js'

export interface Fit extends Asking<KeepsakeFit> {
  /** A size is wanted, and whether it can be met is not known yet. */
  isMissing: boolean
}

/** What changes nothing of what comes out is left aside: the name of the file, leave to replace it, and settings of clips that are not enhanced. */
function textOf(request: ExportRequest | undefined): string | undefined {
  if (!request) return undefined
  const { project, output } = request
  const clips = project.clips.map((clip) => (clip.enhance.isEnabled ? clip : { ...clip, enhance: null }))
  return JSON.stringify({
    ...{ ...request, project: { ...project, clips } },
    output: { ...output, path: '', mayOverwrite: false },
  })
}

export function useFit(choice: ExportChoice | undefined, project: CutList, clip: Clip): Fit {
  const request = choice && fitRequestOf(choice, project, clip)
  const asking = useAsking(textOf(request), request && (() => findFit(request)), stopFit)
  const isWanted = choice?.keepsake.isWanted === true && choice.keepsake.by === 'size'
  return { ...asking, isMissing: isWanted && !asking.found }
}

/** `fit`: of a wanted size, which has to be known first. */
export function useLook(
  choice: ExportChoice | undefined,
  project: CutList,
  clip: Clip,
  fit: Fit,
): Asking<KeepsakeLook> {
  const playhead = useSession((s) => s.playhead)
  const isKnown = choice?.keepsake.isWanted === true && !fit.isMissing
  const request = isKnown
    ? lookRequestOf(choice, project, clip, { playhead, crf: fit.found?.crf })
    : undefined
  return useAsking(textOf(request), request && (() => lookAtKeepsake(request)), stopLook)
}
