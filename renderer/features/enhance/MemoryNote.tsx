// What a clip's settings mean for this computer's memory, said before the start; nothing where the whole picture fits.
import { useEffect, useState } from 'react'
import type { MemoryAnswer } from '../../../electron/shared/contract/memory.js'
import type { Clip } from '../../../electron/shared/document/project.js'
import { memoryWords } from '../../../electron/shared/planning/memoryWords.js'
import { api } from '../../stores/host.js'
import { replacedOf } from '../../stores/findings.js'
import { useFindings } from '../../stores/findingsInHand.js'
import { useJobs } from '../../stores/jobs.js'
import { useWords } from '../../stores/words.js'
import { formatBytes } from '../../ui/format.js'
import { Note } from '../../ui/Note.js'

/** The answer for these settings; undefined until it is known. Asked again when the engine comes to rest. */
export function useMemoryAnswer(clip: Clip): MemoryAnswer | undefined {
  const { sourceId, enhance } = clip
  const findings = useFindings(clip)
  // A repair estimates nothing where nothing is to be replaced.
  const isIdle = clip.motion?.kind === 'repair' && (!findings || replacedOf(findings) === 0)
  const motion = (!isIdle && clip.motion) || null
  const isBusy = useJobs((s) => s.jobs.some((job) => job.state === 'running' && job.kind !== 'proxy'))
  const [known, setKnown] = useState<{ of: string; answer: MemoryAnswer }>()
  const of = JSON.stringify([sourceId, enhance, motion])
  useEffect(() => {
    let isCurrent = true
    const ask = (): void =>
      void api()
        .render.memoryPlan(sourceId, enhance, motion)
        .then((answer) => isCurrent && setKnown({ of, answer }))
        .catch(() => undefined) // what is wrong is told where the work is started
    const timer = setTimeout(ask, 300)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [of, sourceId, enhance, motion, isBusy])
  return known?.of === of ? known.answer : undefined
}

/** Of a clip of which only the frames between its own are made. */
export function MotionMemory({ clip }: { clip: Clip }) {
  return <MemoryNote answer={useMemoryAnswer(clip)} />
}

/** `answer`: while the engine works for others it may be that nothing is known; that is told among the details, where it moves nothing. */
export function MemoryNote({ answer }: { answer: MemoryAnswer | undefined }) {
  const { t, language } = useWords()
  const plan = answer?.state === 'planned' ? answer.plan : undefined
  const words = plan && memoryWords(plan, t, (value) => formatBytes(language, value))
  if (words === undefined) return null
  return <Note kind={plan?.mode === 'refused' ? 'failure' : 'note'}>{words}</Note>
}
