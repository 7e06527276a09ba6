// What results are called: by a hash of everything that decides them, and of nothing else. Who wants to know whether a unit's frames or a
// segment are there already asks for the name that they would have.
import { createHash } from 'node:crypto'
import { motionKey } from '../../shared/document/recipeKey.js'
import { type FileSink, numerics } from '../../engine/client.js'
import { deliveryOf, encodeArguments } from '../../ffmpeg/encode.js'
import type { FrameFormat } from '../../ffmpeg/format.js'
import type { Tools } from '../../ffmpeg/resolve.js'
import type { EnhanceUnit } from '../../shared/planning/plan.js'
import { type UnitSpec, unitSpecOf } from '../../shared/planning/unitSpec.js'

export const hashOf = (facts: unknown): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40)

/** Of a unit's frames as they are enhanced, for this engine; its motion comes behind that. `modelHash`: empty where frames pass through. */
export const specOf = (unit: EnhanceUnit, modelHash: string): UnitSpec =>
  unitSpecOf(unit, modelHash, numerics)

/** Of what a unit shows. `motionHash`: of the model of its estimates; empty where it has none. */
export function shownSpecOf(unit: EnhanceUnit, modelHash: string, motionHash: string): UnitSpec {
  const spec = specOf(unit, modelHash)
  if (!unit.motion) return spec
  const { by, ...rest } = unit.motion
  return { ...spec, recipe: motionKey(spec.recipe, by, motionHash), motion: hashOf(rest) }
}

/** Of a unit's enhanced frames in a layout. */
export const framesKey = (unit: EnhanceUnit, modelHash: string, format: FrameFormat): string =>
  hashOf([specOf(unit, modelHash), format])

/** How a segment is written: nothing of the film's container, nor of the times at which its frames are shown. */
export type Coding = Pick<FileSink, 'codec' | 'quality' | 'frameRate' | 'composition'>

/** Hashes of the models of a unit, empty where there is none. */
export interface ModelHashes {
  enhance: string
  motion: string
}

/**
 * Of a unit in a film: its enhanced frames as they are delivered, and the segment that the encoder makes of what is shown, by all that it is
 * told.
 */
export function keysOf(
  unit: EnhanceUnit,
  { enhance, motion }: ModelHashes,
  tools: Tools,
  coding: Coding,
): { frames: string; segment: string } {
  const delivery = deliveryOf(unit, coding)
  const frames = framesKey(unit, enhance, delivery.format)
  const shown = unit.motion ? hashOf([shownSpecOf(unit, enhance, motion), delivery.format]) : frames
  return { frames, segment: hashOf([shown, tools.version, encodeArguments(tools, delivery)]) }
}
