// What the host says about an export as it is chosen: how large and how long, and whether its file may stand there.
import { useEffect, useState } from 'react'
import { Estimate } from '../../../electron/shared/contract/render.js'
import { OutputCheck } from '../../../electron/shared/contract/files.js'
import { Failure, toFailure } from '../../../electron/shared/contract/errors.js'
import { isEnded } from '../../../electron/shared/contract/job.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { api } from '../../stores/host.js'
import { useJobs } from '../../stores/jobs.js'
import { ExportChoice, projectFor, specOf } from './output.js'

export interface Facts {
  /** What was asked about, as text. */
  of?: string
  estimate?: Estimate
  check?: OutputCheck
  failure?: Failure
}

/** `crf`: of a Keepsake of a wanted size. */
export const textOf = (choice: ExportChoice, crf: number | undefined): string =>
  JSON.stringify([choice.what, specOf(choice, crf)])

/** What the host says about the present choice; asked again a moment after each change. */
export function useFacts(
  choice: ExportChoice | undefined,
  project: CutList,
  clip: Clip,
  crf: number | undefined,
) {
  const [facts, setFacts] = useState<Facts>({})
  // A name that another export had is free again, or a film, when that has ended.
  const ended = useJobs((s) => s.jobs.filter((job) => job.kind === 'export' && isEnded(job)).length)
  useEffect(() => {
    if (!choice || choice.name.trim() === '') return
    let isCurrent = true
    const put = (part: Facts): void => {
      if (isCurrent) setFacts((known) => ({ ...known, ...part }))
    }
    const fail = (error: unknown): void => put({ failure: toFailure(error) })
    // Asked for side by side: the estimate may measure the computer first, the place is known at once.
    const ask = (): void => {
      const output = specOf(choice, crf)
      const film = projectFor(choice.what, project, clip)
      setFacts({ of: textOf(choice, crf) })
      api()
        .render.estimate({ project: film, output })
        .then((estimate) => put({ estimate }), fail)
      api()
        .files.checkOutput(output.path)
        .then((check) => put({ check }), fail)
    }
    const timer = setTimeout(ask, 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [choice, project, clip, crf, ended])
  return facts
}
