// What sources suffer from: asked of the engine once each, one after the other, by a few pictures from their course. Nobody
// waits for a glance: it gives the engine up to what a person waits for, and is taken again after that.
import type { Engine } from '../../engine/client.js'
import { twice } from '../../ffmpeg/run.js'
import type { Damage } from '../../shared/media/damage.js'
import type { SourceId } from '../../shared/media/source.js'
import { inTurn } from '../access/files.js'
import type { Media } from './media.js'
import { checkEstimator } from '../models/models.js'
import { estimatorFolder } from '../access/resources.js'

export interface Damages {
  /** Remembered, unless it fails. */
  of(id: SourceId): Promise<Damage>
  /** Nobody waits for it any more: it ends, or never begins, as `cancelled`. What is known stays known. */
  cancel(id: SourceId): void
  /** The engine is wanted for something else: a look under way is given up and taken again when this has been called back. */
  stepAside(): () => void
}

interface Look {
  damage: Promise<Damage>
  stop: AbortController
  isKnown: boolean
}

/** `folder`: the estimator's, whose weights are checked with the first look. */
export function createDamages(engine: Engine, media: Media, folder = estimatorFolder): Damages {
  let checked: Promise<void> | undefined
  const turn = inTurn()
  const looks = new Map<SourceId, Look>()
  /** How many want the engine for themselves, and the looks that wait until there are none. */
  let others = 0
  let waiting: (() => void)[] = []
  let pass: AbortController | undefined

  /** When nobody else wants the engine, or nobody waits for the look any more. */
  async function whenFree(signal: AbortSignal): Promise<void> {
    while (others > 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
  }

  function stepAside(): () => void {
    let isAside = true
    others++
    pass?.abort()
    return () => {
      if (!isAside) return
      isAside = false
      if (--others > 0) return
      for (const goOn of waiting) goOn()
      waiting = []
    }
  }

  async function look(id: SourceId, signal: AbortSignal): Promise<Damage> {
    const source = await media.source(id)
    const tablePath = await media.tablePath(id) // the task reads the table from its file
    const task = { kind: 'damage' as const, source, tablePath, folder }
    for (;;) {
      await whenFree(signal)
      const mine = (pass = new AbortController())
      try {
        const either = AbortSignal.any([signal, mine.signal])
        const damage = await twice(() => engine.run(task, { signal: either }))
        await (checked ??= checkEstimator(folder)) // what altered weights say is not told
        return damage
      } catch (error) {
        if (signal.aborted || !mine.signal.aborted) throw error // else it stepped aside, and looks again
      }
    }
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
    stepAside,
  }
}
