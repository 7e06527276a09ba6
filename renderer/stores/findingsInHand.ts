// What was found of a clip, for components: worked out anew when the clip or what is known of its source changes.
import { useMemo } from 'react'
import { Clip } from '../../electron/shared/document/project.js'
import { Findings, findingsOf } from './findings.js'
import { useSources } from './sources.js'
import { useTimings } from './timings.js'

/** Undefined until somebody has looked at its source. */
export function useFindings(clip: Clip): Findings | undefined {
  const source = useSources((s) => s.sources[clip.sourceId])
  const table = useSources((s) => s.tables[clip.sourceId])
  const found = useTimings((s) => s.found[clip.sourceId])
  const { from, to } = clip
  return useMemo(
    () => (source && table && found ? findingsOf({ from, to }, source, table, found) : undefined),
    [source, table, found, from, to],
  )
}
