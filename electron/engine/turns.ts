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
  /** Steps under way: its stream's and, beside it, that of its motion. */
  computing: number
  bytes: number
}

/** Everybody who wants to compute, or does; `wake` resumes those who wait for a change of it. */
interface Standing {
  /** The first of them computes, or waits for room. */
  urgent: Waiting[]
  units: Set<Unit>
  wake: (() => void)[]
}

function changed(standing: Standing): void {
  const waiting = standing.wake
  standing.wake = []
  for (const resume of waiting) resume()
}

async function until(standing: Standing, isTrue: () => boolean, signal: AbortSignal): Promise<void> {
  const onAbort = (): void => changed(standing)
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted && !isTrue()) await new Promise<void>((resume) => standing.wake.push(resume))
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  if (signal.aborted) throw cancelled()
}

async function enterUrgent(standing: Standing, signal: AbortSignal): Promise<UrgentTurn> {
  const { urgent, units } = standing
  const mine: Waiting = { isForRoom: false }
  const end = (): void => {
    const at = urgent.indexOf(mine)
    if (at >= 0) urgent.splice(at, 1)
    changed(standing)
  }
  urgent.push(mine)
  const isStill = (): boolean => urgent[0] === mine && ![...units].some(({ computing }) => computing > 0)
  await until(standing, isStill, signal).catch((error: unknown) => {
    end()
    throw error
  })
  return {
    heldBytes: () => [...units].reduce((sum, unit) => sum + unit.bytes, 0),
    async alone() {
      mine.isForRoom = true
      changed(standing)
      await until(standing, () => units.size === 0, signal)
      mine.isForRoom = false
    },
    end,
  }
}

async function enterUnit(standing: Standing, signal: AbortSignal): Promise<UnitTurn> {
  const { urgent, units } = standing
  const mine: Unit = { computing: 0, bytes: 0 }
  const isIn = (): boolean => urgent.length === 0 && units.add(mine).has(mine)
  const mayStep = (): boolean => urgent[0]?.isForRoom ?? true
  const end = (): void => {
    units.delete(mine)
    changed(standing)
  }
  await until(standing, isIn, signal).catch((error: unknown) => {
    end()
    throw error
  })
  return {
    holds: (bytes) => void (mine.bytes = bytes),
    async step(work, stop) {
      await until(standing, () => mayStep() && ++mine.computing > 0, stop)
      try {
        return await work()
      } finally {
        mine.computing--
        changed(standing)
      }
    },
    end,
  }
}

export function createTurns(): Turns {
  const standing: Standing = { urgent: [], units: new Set(), wake: [] }
  return {
    urgent: (signal) => enterUrgent(standing, signal),
    unit: (signal) => enterUnit(standing, signal),
  }
}
