// What a clip's settings mean for this computer's memory, said before the start; nothing where the whole picture fits.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemoryPlan } from '../../../electron/shared/memory.js'
import type { Clip } from '../../../electron/shared/project.js'
import { api } from '../../stores/host.js'
import { formatBytes } from '../../ui/format.js'
import styles from './Enhance.module.css'

const words = {
  'small-cache': 'enhance.memory.smallCache',
  'streamed-weights': 'enhance.memory.streamedWeights',
  parts: 'enhance.memory.parts',
  refused: 'enhance.memory.refused',
} as const

/** The plan for these settings; undefined until it is known, and while the engine is at work. */
function usePlan({ sourceId, enhance }: Clip): MemoryPlan | undefined {
  const [known, setKnown] = useState<{ of: string; plan: MemoryPlan | undefined }>()
  const of = JSON.stringify([sourceId, enhance])
  useEffect(() => {
    let isCurrent = true
    const ask = (): void =>
      void api()
        .memoryPlan(sourceId, enhance)
        .then((plan) => isCurrent && setKnown({ of, plan: plan ?? undefined }))
        .catch(() => undefined) // what is wrong is told where the work is started
    const timer = setTimeout(ask, 300)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [of, sourceId, enhance])
  return known?.of === of ? known.plan : undefined
}

export function MemoryNote({ clip }: { clip: Clip }) {
  const { t, i18n } = useTranslation()
  const plan = usePlan(clip)
  if (!plan || plan.mode === 'whole') return null
  const { rows, columns, smaller } = plan
  const bytes = (value: number): string => formatBytes(i18n.language, value)
  const speed =
    plan.speed >= 0.95
      ? t('enhance.memory.asFast')
      : t('enhance.memory.slower', { percent: Math.max(1, Math.round(plan.speed * 100)) })
  const numbers = { whole: bytes(plan.whole), limit: bytes(plan.limit), total: bytes(plan.total) }
  const key = plan.mode === 'refused' && smaller ? 'enhance.memory.refusedSmaller' : words[plan.mode]
  return (
    <p className={plan.mode === 'refused' ? styles.failure : styles.note}>
      {t(key, { ...numbers, rows, columns, smaller, speed })}
    </p>
  )
}
