// What a unit shows by its motion: between the frames that come and the sink stands this stage, which hands on those that are shown, as they are,
// and estimates between two of them. It holds two frames of its own; the interpolation holds what it remembers.
import { failing } from '../shared/contract/errors.js'
import type { UnsureGap } from '../shared/contract/unsure.js'
import type { Time } from '../shared/document/time.js'
import type { Frame } from '../shared/document/project.js'
import { type UnitMotion, isEstimate } from '../shared/planning/motionUnits.js'
import type { ShownFrame } from '../shared/planning/motion.js'
import type { Interpolation } from './addon.js'
import type { Sink } from './pipeline.js'
import type { MotionMade } from './protocol.js'
import type { Step } from './turns.js'

export interface MotionWork {
  motion: UnitMotion
  /** The source's frame that is shown at a time; undefined: between two of them. */
  frameOf: (time: Time) => Frame | undefined
  /** Where the unit has keys. */
  interpolation: Interpolation | undefined
  signal: AbortSignal
  step?: Step | undefined
}

export interface MotionStage {
  /** Numbers are places in `motion.shown`. */
  sink: Sink
  /** Frames that were written so far. */
  written: () => number
  made: () => MotionMade
}

/** Enough of a share to tell two apart. */
const rounded = (share: number): number => Math.round(10_000 * share) / 10_000

/** The gap in which an estimate was unsure, once, with the largest share of its estimates. */
function addGap(gaps: UnsureGap[], { key, next = key }: ShownFrame, share: number): void {
  const [last, unsure] = [gaps.at(-1), rounded(share)]
  if (unsure === 0) return
  if (last?.from === key) last.unsure = Math.max(last.unsure, unsure)
  else gaps.push({ from: key, to: next, unsure })
}

const atOnce: Step = (work) => work()

interface Estimator {
  key: (data: Uint8Array, isCut: boolean) => Promise<void>
  /** Between the last two keys; good until the next call. */
  between: (shown: ShownFrame) => Promise<Uint8Array>
  made: () => MotionMade
}

function estimator({ interpolation, signal, step = atOnce }: MotionWork): Estimator {
  const made = { frames: 0, need: 0, unsure: 0, ms: 0 }
  const gaps: UnsureGap[] = []
  const estimate = new Uint8Array(interpolation?.frameBytes ?? 0)
  const lastKey = new Uint8Array(estimate.length)
  /** The last two keys are the same to the bit: so is then all that lies between them. */
  let isStill = false

  async function timed<T>(work: (model: Interpolation) => Promise<T>): Promise<T> {
    if (!interpolation) throw failing('engine-failed', 'engineCount', { found: 0, wanted: 1 })
    return step(async () => {
      const from = performance.now()
      const result = await work(interpolation)
      made.ms += performance.now() - from
      return result
    }, signal)
  }

  const share = (sum: number): number => (made.frames === 0 ? 0 : sum / made.frames)
  return {
    async key(data, isCut) {
      await timed((model) => model.key(data, isCut))
      isStill = Buffer.compare(data, lastKey) === 0
      lastKey.set(data)
    },
    async between(shown) {
      made.frames++
      if (isStill) return lastKey
      const { need, unsure } = await timed((model) => model.between(shown.t, estimate))
      made.need += need
      made.unsure += unsure
      addGap(gaps, shown, unsure)
      return estimate
    },
    made: () => ({
      ...{ frames: made.frames, need: share(made.need), unsure: share(made.unsure), ms: made.ms },
      gaps,
    }),
  }
}

export function motionStage(inner: Sink, work: MotionWork): MotionStage {
  const { motion, frameOf } = work
  const keys = new Set(motion.keys)
  const cuts = new Set(motion.cuts)
  const estimates = estimator(work)
  let place = 0
  const sink: Sink = {
    async write(data, time) {
      const frame = frameOf(time)
      if (frame === undefined) return
      if (keys.has(frame)) await estimates.key(data, cuts.has(frame))
      for (let shown = motion.shown[place]; shown; shown = motion.shown[place]) {
        if ((shown.next ?? shown.key) !== frame) break
        await inner.write(isEstimate(shown) ? await estimates.between(shown) : data, place)
        place++
      }
    },
    async finish() {
      const wanted = motion.shown.length
      if (place !== wanted) throw failing('engine-failed', 'engineCount', { found: place, wanted })
      await inner.finish()
    },
    abort: () => inner.abort(),
  }
  return { sink, written: () => place, made: estimates.made }
}
