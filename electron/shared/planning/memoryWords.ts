// What the mode that a clip gets means for this computer's memory, as people read it.
import type { MemoryPlan } from '../contract/memory.js'
import type { Lookup } from '../words/lookup.js'

const keys = {
  'small-cache': 'enhance.memory.smallCache',
  'streamed-weights': 'enhance.memory.streamedWeights',
  parts: 'enhance.memory.parts',
  refused: 'enhance.memory.refused',
} as const

function keyOf({ smaller, estimates = 0 }: MemoryPlan, mode: keyof typeof keys) {
  if (mode !== 'refused') return keys[mode]
  if (smaller !== undefined) return 'enhance.memory.refusedSmaller'
  return estimates > 0 ? 'enhance.memory.refusedEstimates' : keys.refused
}

/** Nothing where the whole frame fits. `bytes` writes a number of bytes. */
export function memoryWords(
  plan: MemoryPlan,
  t: Lookup,
  bytes: (value: number) => string,
): string | undefined {
  if (plan.mode === 'whole') return undefined
  const { rows, columns, smaller } = plan
  const percent = Math.max(1, Math.round(plan.speed * 100))
  const speed = plan.speed >= 0.95 ? t('enhance.memory.asFast') : t('enhance.memory.slower', { percent })
  const numbers = { whole: bytes(plan.whole), limit: bytes(plan.limit), total: bytes(plan.total) }
  const estimates = bytes(plan.estimates ?? 0)
  return t(keyOf(plan, plan.mode), { ...numbers, rows, columns, smaller: smaller ?? '', speed, estimates })
}
