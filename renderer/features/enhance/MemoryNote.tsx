// What a clip's settings mean for this computer's memory, said before the start; nothing where the whole picture fits.
import { useEffect, useState } from 'react'
import type { MemoryAnswer } from '../../../electron/shared/contract/memory.js'
import type { Clip } from '../../../electron/shared/document/project.js'
import { api } from '../../stores/host.js'
import { useJobs } from '../../stores/jobs.js'
import { useWords } from '../../stores/words.js'
import { formatBytes } from '../../ui/format.js'
import styles from './Enhance.module.css'

const words = {
  'small-cache': 'enhance.memory.smallCache',
  'streamed-weights': 'enhance.memory.streamedWeights',
  parts: 'enhance.memory.parts',
  refused: 'enhance.memory.refused',
} as const

/** The answer for these settings; undefined until it is known. Asked again when the engine comes to rest. */
export function useMemoryAnswer({ sourceId, enhance }: Clip): MemoryAnswer | undefined {
  const isBusy = useJobs((s) => s.jobs.some((job) => job.state === 'running' && job.kind !== 'proxy'))
  const [known, setKnown] = useState<{ of: string; answer: MemoryAnswer }>()
  const of = JSON.stringify([sourceId, enhance])
  useEffect(() => {
    let isCurrent = true
    const ask = (): void =>
      void api()
        .render.memoryPlan(sourceId, enhance)
        .then((answer) => isCurrent && setKnown({ of, answer }))
        .catch(() => undefined) // what is wrong is told where the work is started
    const timer = setTimeout(ask, 300)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [of, sourceId, enhance, isBusy])
  return known?.of === of ? known.answer : undefined
}

/** `answer`: while the engine works for others it may be that nothing is known; that is told among the details, where it moves nothing. */
export function MemoryNote({ answer }: { answer: MemoryAnswer | undefined }) {
  const { t, language } = useWords()
  const plan = answer?.state === 'planned' ? answer.plan : undefined
  if (!plan || plan.mode === 'whole') return null
  const { rows, columns, smaller } = plan
  const bytes = (value: number): string => formatBytes(language, value)
  const speed =
    plan.speed >= 0.95
      ? t('enhance.memory.asFast')
      : t('enhance.memory.slower', { percent: Math.max(1, Math.round(plan.speed * 100)) })
  const numbers = { whole: bytes(plan.whole), limit: bytes(plan.limit), total: bytes(plan.total) }
  const key = plan.mode === 'refused' && smaller ? 'enhance.memory.refusedSmaller' : words[plan.mode]
  return (
    <p className={plan.mode === 'refused' ? styles.failure : styles.note}>
      {t(key, { ...numbers, rows, columns, smaller: smaller ?? '', speed })}
    </p>
  )
}
