// What results are called: by a hash of everything that decides them, and of nothing else. Who wants to know whether a unit's frames or a
// segment are there already asks for the name that they would have.
import { createHash } from 'node:crypto'
import { type FileSink, numerics } from '../../engine/client.js'
import { deliveryOf, encodeArguments } from '../../ffmpeg/encode.js'
import type { FrameFormat } from '../../ffmpeg/format.js'
import type { Tools } from '../../ffmpeg/resolve.js'
import type { EnhanceUnit } from '../../shared/planning/plan.js'
import { type UnitSpec, unitSpecOf } from '../../shared/planning/unitSpec.js'

export const hashOf = (facts: unknown): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40)

/** Of a unit for this engine. `modelHash`: empty where frames pass through. */
export const specOf = (unit: EnhanceUnit, modelHash: string): UnitSpec =>
  unitSpecOf(unit, modelHash, numerics)

/** Of a unit's frames in a layout. */
export const framesKey = (unit: EnhanceUnit, modelHash: string, format: FrameFormat): string =>
  hashOf([specOf(unit, modelHash), format])

/** How a segment is written: nothing of the film's container, nor of the times at which its frames are shown. */
export type Coding = Pick<FileSink, 'codec' | 'quality' | 'frameRate' | 'composition'>

/**
 * Of a unit in a film: its frames as they are delivered, and the segment that the encoder makes of them, by all that it is told.
 * `modelHash`: empty where the frames pass through.
 */
export function keysOf(
  unit: EnhanceUnit,
  modelHash: string,
  tools: Tools,
  coding: Coding,
): { frames: string; segment: string } {
  const delivery = deliveryOf(unit, coding)
  const frames = framesKey(unit, modelHash, delivery.format)
  return { frames, segment: hashOf([frames, tools.version, encodeArguments(tools, delivery)]) }
}
