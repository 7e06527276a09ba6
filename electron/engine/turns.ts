// Who computes in this process: a unit of an export works chunk by chunk and stands aside, its stream open, while work runs that a person waits for.
// Knows neither models nor frames.
import { cancelled } from '../ffmpeg/run.js'

/** Work that a person waits for; nothing else computes until `end`. */
export interface UrgentTurn {
  /** Bytes that the streams of units hold meanwhile. */
  heldBytes(): number
  /** There is no room beside them: resolves when they have ended. No other unit begins before this turn's end. */
  alone(): Promise<void>
  end(): void
}

/** Work that steps aside. */
export interface UnitTurn {
  /** What its stream holds. */
  holds(bytes: number): void
  /** Runs one chunk's work as soon as nobody urgent wants the engine. */
  step: Step
  end(): void
}

/** Rejects as cancelled when `signal` ends the waiting; work that has begun is not stopped. */
export type Step = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>

export interface Turns {
  /** Resolves when every unit stands still and urgent work asked for earlier has ended. */
  urgent(signal: AbortSignal): Promise<UrgentTurn>
  /** Resolves when nobody urgent is there. */
  unit(signal: AbortSignal): Promise<UnitTurn>
}

interface Waiting {
  isForRoom: boolean
}
interface Unit {
  isComputing: boolean
  bytes: number
}

export function createTurns(): Turns {
  const urgent: Waiting[] = [] // the first of them computes, or waits for room
  const units = new Set<Unit>()
  let wake: (() => void)[] = []
  const changed = (): void => {
    const waiting = wake
    wake = []
    for (const resume of waiting) resume()
  }

  async function until(isTrue: () => boolean, signal: AbortSignal): Promise<void> {
    const onAbort = (): void => changed()
    signal.addEventListener('abort', onAbort)
    try {
      while (!signal.aborted && !isTrue()) await new Promise<void>((resume) => wake.push(resume))
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
    if (signal.aborted) throw cancelled()
  }

  const leave = (mine: Waiting): void => {
    const at = urgent.indexOf(mine)
    if (at >= 0) urgent.splice(at, 1)
    changed()
  }

  async function enterUrgent(signal: AbortSignal): Promise<UrgentTurn> {
    const mine: Waiting = { isForRoom: false }
    urgent.push(mine)
    const isStill = (): boolean => urgent[0] === mine && ![...units].some((unit) => unit.isComputing)
    await until(isStill, signal).catch((error: unknown) => {
      leave(mine)
      throw error
    })
    return {
      heldBytes: () => [...units].reduce((sum, unit) => sum + unit.bytes, 0),
      async alone() {
        mine.isForRoom = true
        changed()
        await until(() => units.size === 0, signal)
        mine.isForRoom = false
      },
      end: () => leave(mine),
    }
  }

  const mayStep = (): boolean => urgent[0]?.isForRoom ?? true

  async function enterUnit(signal: AbortSignal): Promise<UnitTurn> {
    const mine: Unit = { isComputing: false, bytes: 0 }
    const isIn = (): boolean => urgent.length === 0 && units.add(mine).has(mine)
    const end = (): void => {
      units.delete(mine)
      changed()
    }
    await until(isIn, signal).catch((error: unknown) => {
      end()
      throw error
    })
    return {
      holds: (bytes) => void (mine.bytes = bytes),
      async step(work, stop) {
        try {
          await until(() => (mine.isComputing = mayStep()), stop)
          return await work()
        } finally {
          mine.isComputing = false
          changed()
        }
      },
      end,
    }
  }

  return { urgent: enterUrgent, unit: enterUnit }
}
