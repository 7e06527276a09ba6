// Whether a Keepsake of the wanted size can be made, and how good it will be: worked out when a person asks, given up when another choice is made.
import { useEffect, useState } from 'react'
import { Failure, isCancelled, toFailure } from '../../../electron/shared/contract/errors.js'
import { KeepsakeFit } from '../../../electron/shared/contract/render.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { findFit, stopFit } from '../../stores/fits.js'
import { ExportChoice, fitRequestOf } from './output.js'

interface Answer {
  /** What was asked about, as text. */
  of: string
  found?: KeepsakeFit
  failure?: Failure
}

export interface Fit {
  /** A size is wanted, and whether it can be met is not known yet. */
  isMissing: boolean
  isLooking: boolean
  found?: KeepsakeFit | undefined
  failure?: Failure | undefined
  /** Undefined where there is nothing to work out. */
  find?: (() => void) | undefined
  stop: () => void
}

/** The name of the file and leave to replace it change nothing of its size. */
function textOf(request: ReturnType<typeof fitRequestOf>): string | undefined {
  if (!request) return undefined
  const { project, output } = request
  return JSON.stringify({ project, output: { ...output, path: '', mayOverwrite: false } })
}

export function useFit(choice: ExportChoice | undefined, project: CutList, clip: Clip): Fit {
  const [known, setKnown] = useState<Answer>()
  const request = choice && fitRequestOf(choice, project, clip)
  const of = textOf(request)
  const answer = known && known.of === of ? known : undefined
  // Nobody waits for it any more.
  useEffect(() => stopFit, [of])
  const find = (): void => {
    if (!request || of === undefined) return
    setKnown({ of })
    // Another answer may be waited for by now.
    const put = (next: Answer | undefined): void => setKnown((now) => (now?.of === of ? next : now))
    findFit(request).then(
      (found) => put({ of, found }),
      (error: unknown) => put(isCancelled(error) ? undefined : { of, failure: toFailure(error) }),
    )
  }
  const { found, failure } = answer ?? {}
  const isLooking = answer !== undefined && !found && !failure
  return {
    isMissing: choice?.keepsake.isWanted === true && choice.keepsake.by === 'size' && !found,
    ...{ isLooking, found, failure, stop: stopFit },
    find: request && !answer ? find : undefined,
  }
}
