// What a look at a source would have found, for tests that need no film.
import { runsOf } from '../../../electron/shared/media/runs.js'
import type { Cadence, CadenceSection, Timing } from '../../../electron/shared/media/timing.js'

const whole: Cadence = { kind: 'whole' }

export const section = (from: number, to: number, cadence: Cadence = whole, phase = 0): CadenceSection => ({
  ...{ from, to, cadence, phase, seen: 1 },
})

interface Found {
  sections?: CadenceSection[]
  repeated?: number[]
  torn?: number[]
  lost?: Timing['lost']
  cuts?: number[]
}

export const timing = (frames: number, found: Found = {}): Timing => ({
  ...{ frames, rates: [], torn: [], lost: [], cuts: [], sections: [section(0, frames)], ...found },
  repeated: runsOf(found.repeated ?? []),
})
