// The layout in which a unit's frames leave the engine, by where they go.
import { deliveryOf, previewFormat } from '../ffmpeg/encode.js'
import type { FrameFormat } from '../ffmpeg/format.js'
import type { SegmentTask } from './protocol.js'

export const outputFormat = ({ sink, unit }: SegmentTask): FrameFormat =>
  sink.kind === 'file' ? deliveryOf(unit, sink).format : previewFormat(unit)
