// What sources suffer from: asked of the engine once each, by a few frames from their course, and kept (findings.ts). Nobody waits for a glance:
// the scheduler ends it for what a person waits for, and takes it again after that.
import type { Engine } from '../../engine/client.js'
import { failing } from '../../shared/contract/errors.js'
import { twice } from '../../ffmpeg/run.js'
import { Damage } from '../../shared/media/damage.js'
import type { SourceId } from '../../shared/media/source.js'
import { estimatorFolder } from '../access/resources.js'
import type { Jobs } from '../jobs/jobs.js'
import { checkEstimator } from '../models/models.js'
import type { FindingsStore } from './findings.js'
import type { Media } from './media.js'

export interface Damages {
  /** Remembered, unless it fails. */
  of(id: SourceId): Promise<Damage>
  /** Nobody waits for it any more: it ends, or never begins, as `cancelled`. What is known stays known. */
  cancel(id: SourceId): void
}

interface DamageLook {
  damage: Promise<Damage>
  stop: AbortController
  isKnown: boolean
}

export interface DamageParts {
  engine: Engine
  media: Media
  jobs: Jobs
  findings: FindingsStore
}

/** `folder`: the estimator's, whose weights are checked once. */
export function createDamages(
  { engine, media, jobs, findings }: DamageParts,
  folder = estimatorFolder,
): Damages {
  let checked: Promise<string> | undefined
  const estimator = (): Promise<string> => (checked ??= checkEstimator(folder))
  const looks = new Map<SourceId, DamageLook>()

  jobs.register('damage', async ({ sourceId }, { signal }) => {
    const [source, tablePath] = [await media.source(sourceId), await media.tablePath(sourceId)]
    const task = { kind: 'damage' as const, source, tablePath, folder }
    return { answer: await twice(() => engine.run(task, { signal })) }
  })

  async function look(id: SourceId, signal: AbortSignal): Promise<Damage> {
    const source = await media.source(id)
    const known = (await findings.of(id)).damage
    if (known && known.by === (await estimator())) return Damage.parse(known)
    await media.tablePath(id) // minutes, maybe: others should not wait for it
    if (signal.aborted) throw failing('cancelled', 'cancelled')
    const facts = { name: source.name, framesTotal: 0 }
    const { id: job, answer } = jobs.ask({ kind: 'damage', request: { sourceId: id } }, facts)
    signal.addEventListener('abort', () => jobs.cancel(job))
    const damage = await answer
    const by = await estimator() // what altered weights say is not told
    await findings.add(id, { damage: { ...damage, by } })
    return damage
  }

  function begin(id: SourceId): Promise<Damage> {
    const stop = new AbortController()
    const begun: DamageLook = { damage: look(id, stop.signal), stop, isKnown: false }
    looks.set(id, begun)
    begun.damage.then(
      () => (begun.isKnown = true),
      () => looks.get(id) === begun && looks.delete(id),
    )
    return begun.damage
  }

  return {
    of: (id) => looks.get(id)?.damage ?? begin(id),
    cancel(id) {
      const begun = looks.get(id)
      if (!begun || begun.isKnown) return
      begun.stop.abort()
      looks.delete(id) // who asks from now on gets another look
    },
  }
}
