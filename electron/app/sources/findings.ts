// What was found out about sources by looking at their frames, kept in the cache: nobody looks twice, and a look costs seconds. One record a source,
// beside what its file says (`tagged`) and how a person has it read (`interpretation`).
import { join } from 'node:path'
import { z } from 'zod'
import { Damage } from '../../shared/media/damage.js'
import { FieldCounts, type SourceId } from '../../shared/media/source.js'
import { Timing } from '../../shared/media/timing.js'
import { inTurn, readJson, writeAtomic } from '../access/files.js'
import { touch } from '../access/keeping.js'
import type { Media } from './media.js'

export const Findings = z.strictObject({
  /** `by`: hash of the estimator's weights. */
  damage: Damage.extend({ by: z.string() }).optional(),
  fields: FieldCounts.optional(),
  /** `by`: the version of the search (timing.ts). */
  timing: z.strictObject({ found: Timing, by: z.number().int() }).optional(),
})
export type Findings = z.infer<typeof Findings>

export interface FindingsStore {
  /** Empty where nothing was found out yet. */
  of(id: SourceId): Promise<Findings>
  /** Beside what is known already. A cache that takes nothing costs another look, no more. */
  add(id: SourceId, found: Findings): Promise<void>
}

/** Raised when looks see otherwise than before. */
const findingsFormat = 1

export function openFindings(cacheFolder: string): FindingsStore {
  const turn = inTurn()
  const pathOf = (id: SourceId): string => join(cacheFolder, 'findings', `${id}-${findingsFormat}.json`)
  const read = async (id: SourceId): Promise<Findings> => (await readJson(pathOf(id), Findings)) ?? {}
  return {
    async of(id) {
      await touch(pathOf(id))
      return read(id)
    },
    add: (id, found) =>
      turn(async () => {
        const all = { ...(await read(id)), ...found }
        await writeAtomic(pathOf(id), JSON.stringify(all)).catch(() => undefined)
      }),
  }
}

/** What some tens of its frames show of fields. */
export async function fieldCountsOf(
  { media, findings }: { media: Media; findings: FindingsStore },
  id: SourceId,
): Promise<FieldCounts> {
  await media.source(id) // a file that has gone is told, whatever is known of it
  const known = (await findings.of(id)).fields
  if (known) return known
  const fields = await media.fieldCounts(id)
  await findings.add(id, { fields })
  return fields
}
