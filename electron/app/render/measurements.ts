// How long this computer takes for a model's frames: by what its last jobs took, by a short measurement, or by a guess that is told as one.
import { join } from 'node:path'
import { z } from 'zod'
import { isCancelled } from '../../shared/contract/errors.js'
import { isLarge, processorMsPerMegapixel, worksOnProcessor } from '../../shared/planning/cost.js'
import { deviceChoice } from '../../shared/planning/device.js'
import { estimateWork } from '../../shared/planning/motionUnits.js'
import type { EnhanceUnit, Segment } from '../../shared/planning/plan.js'
import type { Engine } from '../../engine/client.js'
import { inTurn, readJson, writeAtomic } from '../access/files.js'
import type { Jobs } from '../jobs/jobs.js'
import type { FoundModel } from '../models/models.js'
import type { Resolver } from './resolver.js'

/** An estimate of 640x480 takes about 85 ms of one thread (docs/SPEED.md), so half of that on two. */
const guessedEstimateMs = 140

export const megapixels = ({ output: { width, height }, ticks }: Segment): number =>
  (width * height * ticks.length) / 1e6
/** In megapixels of one estimate. */
export const estimatedMegapixels = ({ output: { width, height }, motion }: EnhanceUnit): number =>
  (width * height * (motion ? estimateWork(motion) : 0)) / 1e6

export interface Pace {
  msPerMegapixel: number
  /** Nothing of the kind was done on this computer yet. */
  isGuess: boolean
}

export interface Measurements {
  /**
   * Of what it makes; measures (about a second) when nothing is known and `mayMeasure`. A large model on a
   * processor would take many minutes to measure: arithmetic says enough.
   */
  of(model: FoundModel, segment: Segment, mayMeasure: boolean): Promise<Pace | undefined>
  /** Of estimates, by their model. */
  ofEstimates(model: FoundModel, unit: EnhanceUnit): Promise<Pace>
  /** An export's segment took this long. */
  learn: (model: FoundModel, segment: Segment, totalMs: number) => Promise<void>
  /** The model of its estimates took this long of a unit. */
  learnEstimates: (model: FoundModel, unit: EnhanceUnit, modelMs: number) => Promise<void>
}

const Known = z.record(z.string(), z.number().positive())

export interface MeasurementsParts {
  dataFolder: string
  engine: Engine
  jobs: Jobs
  resolver: Resolver
}

// Unlike pictures, time depends on the device, and hardly on the numbers of a look.
const keyOf = (model: FoundModel, { enhance }: Segment): string =>
  [model.info.hash, enhance.scale, enhance.device].join('/')
const estimatesKeyOf = (model: FoundModel, { enhance }: EnhanceUnit): string =>
  [model.info.hash, 'estimates', enhance.device].join('/')

/** What is known, on disk. */
function paces(file: string) {
  const turn = inTurn()
  const read = async (): Promise<z.infer<typeof Known>> => (await readJson(file, Known)) ?? {}
  const write = (key: string, value: number): Promise<void> =>
    turn(async () => writeAtomic(file, JSON.stringify({ ...(await read()), [key]: value })))
  async function learn(key: string, latest: number): Promise<void> {
    const known = (await read())[key]
    await write(key, known === undefined ? latest : 0.5 * known + 0.5 * latest)
  }
  return { read, write, learn }
}

export function createMeasurements({ dataFolder, engine, jobs, resolver }: MeasurementsParts): Measurements {
  const { read, write, learn } = paces(join(dataFolder, 'measurements.json'))
  /** Whoever else asks waits for the same measurement. */
  const measuring = new Map<string, Promise<number | undefined>>()
  async function expected({ info }: FoundModel, device: string): Promise<number | undefined> {
    if (!isLarge(info)) return undefined
    const devices = await engine.run({ kind: 'devices' })
    return worksOnProcessor(device, devices)
      ? processorMsPerMegapixel(info.parameters, devices[0]?.threads ?? 1)
      : undefined
  }
  jobs.register('measurement', async ({ model, device, scale }, { signal }) => {
    const place = { folder: await resolver.weights(model), device: deviceChoice(device) }
    const measured = await engine.run({ kind: 'measure', model: place, scale }, { signal })
    return { answer: measured.msPerMegapixel }
  })

  /** Undefined where that was cancelled. */
  async function measure(
    { info }: FoundModel,
    { enhance: { device, scale } }: Segment,
    key: string,
  ): Promise<number | undefined> {
    const request = { model: info.hash, device, scale }
    const { answer } = jobs.ask({ kind: 'measurement', request }, { name: info.name, framesTotal: 0 })
    const measured = await answer.catch((error: unknown) => {
      if (isCancelled(error)) return undefined
      throw error
    })
    if (measured !== undefined) await write(key, measured).catch(() => undefined) // it serves now; kept, it would save a second the next time
    return measured
  }
  return {
    async of(model, segment, mayMeasure) {
      const key = keyOf(model, segment)
      const known = (await read())[key]
      if (known !== undefined) return { msPerMegapixel: known, isGuess: false }
      const guessed = await expected(model, segment.enhance.device)
      if (guessed !== undefined) return { msPerMegapixel: guessed, isGuess: true }
      if (!mayMeasure) return undefined
      const running = measuring.get(key) ?? measure(model, segment, key)
      measuring.set(key, running)
      const measured = await running.finally(() => measuring.delete(key))
      return measured === undefined ? undefined : { msPerMegapixel: measured, isGuess: false }
    },
    async ofEstimates(model, unit) {
      const known = (await read())[estimatesKeyOf(model, unit)]
      return { msPerMegapixel: known ?? guessedEstimateMs, isGuess: known === undefined }
    },
    learn: (model, segment, totalMs) => learn(keyOf(model, segment), totalMs / megapixels(segment)),
    async learnEstimates(model, unit, modelMs) {
      const done = estimatedMegapixels(unit)
      if (done > 0 && modelMs > 0) await learn(estimatesKeyOf(model, unit), modelMs / done)
    },
  }
}
