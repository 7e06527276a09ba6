// Who works when: every piece of work has a kind, a kind has a lane and a rank in it. Lanes run beside each other, in each one piece after the other,
// the highest rank first. Knows nothing of what the work is.
import { failing } from '../../shared/contract/errors.js'

/** What work holds while it runs: memory of the engine's device, or so much of the processor that nothing can be measured beside it. */
export type Resource = 'memory' | 'processor'

interface Kind {
  lane: 'export' | 'urgent' | 'transcode' | 'models'
  rank: number
  uses: readonly Resource[]
  /** Ended for work of a higher rank, and begun again after it. */
  isInterruptible: boolean
}

const heavy: readonly Resource[] = ['memory', 'processor']

/** The engine lets the units of an export stand aside for the work of the urgent lane (engine/turns.ts). */
export const kinds = {
  export: { lane: 'export', rank: 0, uses: heavy, isInterruptible: false },
  preview: { lane: 'urgent', rank: 2, uses: heavy, isInterruptible: false },
  photo: { lane: 'urgent', rank: 1, uses: heavy, isInterruptible: false },
  look: { lane: 'urgent', rank: 1, uses: heavy, isInterruptible: false },
  /** About a second each, and nobody looks at a progress bar. */
  measurement: { lane: 'urgent', rank: 0, uses: [], isInterruptible: true },
  damage: { lane: 'urgent', rank: 0, uses: [], isInterruptible: true },
  fit: { lane: 'urgent', rank: 0, uses: ['processor'], isInterruptible: true },
  timing: { lane: 'transcode', rank: 0, uses: ['processor'], isInterruptible: false },
  proxy: { lane: 'transcode', rank: 0, uses: ['processor'], isInterruptible: false },
  /** In a process of their own, beside all others. */
  inspect: { lane: 'models', rank: 0, uses: [], isInterruptible: false },
  import: { lane: 'models', rank: 0, uses: [], isInterruptible: false },
  download: { lane: 'models', rank: 0, uses: [], isInterruptible: false },
} as const satisfies Record<string, Kind>
export type WorkKind = keyof typeof kinds

export interface Scheduler {
  /**
   * Runs `work` when it is its turn, and gives what it gives. Rejects as `cancelled` when `signal` ends the waiting; work that runs is told by its
   * own signal. Work of an interruptible kind may be called several times.
   */
  run<T>(kind: WorkKind, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
  /** Work that runs holds it. */
  isUsed(resource: Resource): boolean
  /** Work that runs or waits. */
  isWanted(resource: Resource): boolean
}

interface Entry {
  kind: WorkKind
  /** While it runs. */
  pass?: AbortController | undefined
  begin: (pass: AbortController) => void
}

const kindOf = ({ kind }: Entry): Kind => kinds[kind]
const uses = (entry: Entry, resource: Resource): boolean => kindOf(entry).uses.includes(resource)

/** What comes next in a lane, or what has to end for it. */
function pump(here: readonly Entry[]): void {
  const running = here.find((entry) => entry.pass)
  const waiting = here.filter((entry) => !entry.pass)
  const highest = Math.max(...waiting.map((entry) => kindOf(entry).rank))
  const next = waiting.find((entry) => kindOf(entry).rank === highest)
  if (!next) return
  if (!running) {
    next.pass = new AbortController()
    next.begin(next.pass)
  } else if (kindOf(running).isInterruptible && kindOf(running).rank < highest) running.pass?.abort()
}

/** Until the lane is its own; rejects when `signal` is quicker. */
function turnOf(entry: Entry, signal: AbortSignal): Promise<AbortController> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(failing('cancelled', 'cancelled'))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    entry.begin = (pass) => {
      signal.removeEventListener('abort', onAbort)
      resolve(pass)
    }
  })
}

export function createScheduler(): Scheduler {
  const entries = new Set<Entry>() // in the order they came
  const changed = (kind: WorkKind): void => {
    const { lane } = kinds[kind]
    pump([...entries].filter((entry) => kindOf(entry).lane === lane))
  }

  /** Undefined: it was interrupted. */
  async function once<T>(
    entry: Entry,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ result: T } | undefined> {
    const turn = turnOf(entry, signal)
    queueMicrotask(() => changed(entry.kind)) // who asked hears of it before it begins
    const pass = await turn
    try {
      return { result: await work(AbortSignal.any([signal, pass.signal])) }
    } catch (error) {
      if (signal.aborted || !pass.signal.aborted) throw error
      return undefined
    } finally {
      entry.pass = undefined
    }
  }

  return {
    async run(kind, work, signal) {
      const entry: Entry = { kind, begin: () => undefined }
      entries.add(entry)
      try {
        for (;;) {
          const ended = await once(entry, work, signal)
          if (ended) return ended.result
        }
      } finally {
        entries.delete(entry)
        changed(kind)
      }
    },
    isUsed: (resource) => [...entries].some((entry) => entry.pass && uses(entry, resource)),
    isWanted: (resource) => [...entries].some((entry) => uses(entry, resource)),
  }
}
