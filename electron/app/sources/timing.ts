// In what rhythm sources show their frames: asked of the engine once each, which looks at every frame, and kept (findings.ts).
import type { Engine } from '../../engine/client.js'
import { frameCount } from '../../shared/media/frameTable.js'
import { toNumber } from '../../shared/media/rational.js'
import type { SourceId } from '../../shared/media/source.js'
import type { Timing } from '../../shared/media/timing.js'
import type { Jobs } from '../jobs/jobs.js'
import type { FindingsStore } from './findings.js'
import type { Media } from './media.js'
import { once } from './tables.js'

export interface TimingParts {
  engine: Engine
  media: Media
  jobs: Jobs
  findings: FindingsStore
}

/** Raised when the same frames give another answer. */
const by = 10

/** Answers from what is known, or looks: as long as it takes to decode the film. */
export function createTimings({
  engine,
  media,
  jobs,
  findings,
}: TimingParts): (id: SourceId) => Promise<Timing> {
  jobs.register('timing', async ({ sourceId }, { signal, progress }) => {
    const [source, tablePath] = [await media.source(sourceId), await media.tablePath(sourceId)]
    const onProgress = (framesDone: number): void => progress({ framesDone })
    return { answer: await engine.run({ kind: 'timing', source, tablePath }, { signal, onProgress }) }
  })

  const looks = new Map<SourceId, Promise<Timing>>()

  async function look(id: SourceId): Promise<Timing> {
    const source = await media.source(id)
    const known = (await findings.of(id)).timing
    if (known?.by === by) return known.found
    const framesTotal = frameCount(await media.table(id))
    const { answer } = jobs.ask(
      { kind: 'timing', request: { sourceId: id } },
      { name: source.name, framesTotal, filmRate: toNumber(source.video.frameRate) },
    )
    const found = await answer
    await findings.add(id, { timing: { found, by } })
    return found
  }

  return async (id) => {
    await media.source(id) // a file that has gone is told, whatever is known of it
    return once(looks, id, () => look(id))
  }
}
