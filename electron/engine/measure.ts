// How fast a model is here: about a second of work on noise, so that a person hears hours before spending them.
import { type FrameFormat, bytesPerFrame } from '../ffmpeg/format.js'
import { framesOut } from '../shared/document/modelContract.js'
import { timeOfCount } from '../shared/document/time.js'
import { fromNative } from './addon.js'
import { modelIn } from './models.js'
import type { ModelOnDevice } from './protocol.js'

const measureMs = 1200
const width = 320
const height = 240
const rate = { num: 25, den: 1 }

/** Pictures from a small generator: speed does not depend on them, but all-black ones may be a special case somewhere. */
function noise(bytes: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return 16 + (state >>> 24) / 2
  })
}

export async function measure(
  place: ModelOnDevice,
  scale: number,
  signal: AbortSignal,
): Promise<{ msPerMegapixel: number }> {
  const input: FrameFormat = {
    ...{ width, height, bits: 8, chroma: '420', siting: 'left', matrix: 'bt601', range: 'limited' },
  }
  const output: FrameFormat = { ...input, width: width * scale, height: height * scale }
  const model = await modelIn(place)
  const frame = noise(bytesPerFrame(input))
  try {
    const stream = await model.stream({
      ...{
        input,
        output,
        scale,
        strength: 1,
        detail: 0,
        seed: 0,
        colour: 'default',
        threads: 0,
        memoryLimit: 0,
      },
    })
    try {
      const { startUpFrames } = model.info
      const { time } = model.info.contract
      const { chunk } = time
      let pushed = 0
      const into = new Uint8Array(stream.outputBytes)
      const push = async (frames: number): Promise<void> => {
        for (let i = 0; i < frames && !signal.aborted; i++) {
          await stream.push(frame, timeOfCount(rate, pushed++))
          while (stream.pull(into) !== undefined);
        }
      }
      await push(startUpFrames + chunk) // pages touched, caches warm
      const start = performance.now()
      let frames = 0
      while (performance.now() - start < measureMs && !signal.aborted) {
        await push(chunk)
        frames += chunk
      }
      const megapixels = (framesOut(time, frames) * output.width * output.height) / 1e6
      return { msPerMegapixel: (performance.now() - start) / megapixels }
    } finally {
      stream.close()
    }
  } catch (error) {
    throw fromNative(error)
  }
}
