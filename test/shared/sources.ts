// Sources and frame tables as probing would give them, for tests that need no file.
import { tableOf } from '../../electron/shared/media/frameTable.js'
import { FrameTable, Source, Tagged, interpreted } from '../../electron/shared/media/source.js'

const tagged: Tagged = {
  index: 0,
  codec: 'h264',
  width: 640,
  height: 480,
  pixelFormat: 'yuv420p',
  bits: 8,
  chroma: '420',
  sampleAspect: { num: 1, den: 1 },
  rotation: 0,
  isMirrored: false,
  fieldOrder: 'progressive',
  frameRate: { num: 25, den: 1 },
  isVariable: false,
  timeBase: { num: 1, den: 12800 },
  matrix: 'bt601',
  range: 'limited',
  siting: 'left',
}

export const source = (id = 'a', video: Partial<Source['video']> = {}): Source => ({
  id: id.padEnd(16, '0'),
  fingerprint: id.padEnd(16, '0'),
  path: `/videos/${id}.mp4`,
  name: `${id}.mp4`,
  bytes: 1000,
  modifiedMs: 0,
  container: 'mp4',
  durationSeconds: 10,
  startSeconds: 0,
  tagged: { ...tagged, ...video },
  interpretation: {},
  video: { ...interpreted(tagged, {}), ...video },
  audio: [],
  others: [],
  chapters: [],
  tags: {},
  warnings: [],
})

/** Frames `step` ticks apart; a list of steps makes a variable rate. */
export function table(frames: number, step: number | readonly number[] = 512, den = 12800): FrameTable {
  const steps = typeof step === 'number' ? [step] : step
  const ticks: number[] = []
  let at = 0
  for (let i = 0; i < frames; i++) {
    ticks.push(at)
    at += steps[i % steps.length]!
  }
  const lastTicks = at - ticks.at(-1)!
  return FrameTable.parse(tableOf({ timeBase: { num: 1, den }, ticks, lastTicks, start: 0, keyFrames: [0] }))
}
