// What sources suffer from: asked of the engine once each, one after the other, by a few pictures from their course.
import type { Engine } from '../engine/client.js'
import type { Damage } from '../shared/damage.js'
import type { SourceId } from '../shared/source.js'
import { inTurn } from './files.js'
import type { Media } from './media.js'
import { estimatorFolder } from './resources.js'

export interface Damages {
  /** Remembered, unless it fails. */
  of(id: SourceId): Promise<Damage>
  /** Nobody waits for it any more: it ends, or never begins, as `cancelled`. What is known stays known. */
  cancel(id: SourceId): void
}

interface Look {
  damage: Promise<Damage>
  stop: AbortController
  isKnown: boolean
}

export function createDamages(engine: Engine, media: Media): Damages {
  const turn = inTurn()
  const looks = new Map<SourceId, Look>()

  async function look(id: SourceId, signal: AbortSignal): Promise<Damage> {
    const source = await media.source(id)
    const tablePath = await media.tablePath(id) // the task reads the table from its file
    return engine.run({ kind: 'damage', source, tablePath, folder: estimatorFolder }, { signal })
  }

  function begin(id: SourceId): Promise<Damage> {
    const stop = new AbortController()
    const begun: Look = { damage: turn(() => look(id, stop.signal)), stop, isKnown: false }
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
