// What a model asks of a processor, by arithmetic: for models that take too long to be tried out before a person decides.
import type { DeviceInfo } from '../contract/app.js'
import type { ModelInfo } from '../contract/models.js'
import { deviceChoice } from './device.js'

/** FlashVSR's multiply-adds and parameters as published: eight pictures of 768 x 1408 take 66.3 TFLOP with 1752 million parameters. */
const flopPerPixel = 66.34e12 / (8 * 768 * 1408)
const parametersOfThat = 1752.18e6
/** About half of what the engine's large products reach on one AVX2 thread (docs/SPEED.md): the rest is everything else. */
const flopPerThreadSecond = 40e9
/** Smaller models answer soon enough on any processor. */
const largeParameters = 100e6

export const isLarge = (model: Pick<ModelInfo, 'parameters'>): boolean => model.parameters > largeParameters
const isGpu = (device: Pick<DeviceInfo, 'id'>): boolean => device.id.startsWith('cuda')

/** Will this choice of device work on the processor here? */
export const worksOnProcessor = (chosen: string, devices: readonly Pick<DeviceInfo, 'id'>[]): boolean =>
  deviceChoice(chosen).id === 'auto' ? !devices.some(isGpu) : !isGpu(deviceChoice(chosen))

/** The model to begin with: the medium one where a graphics card works, the small one elsewhere; another, if that is all there is. */
export function firstModel(
  chosen: string,
  devices: readonly Pick<DeviceInfo, 'id'>[],
  models: readonly Pick<ModelInfo, 'id'>[],
): string {
  const wished = worksOnProcessor(chosen, devices) ? ['heirloom-s'] : ['heirloom-m', 'heirloom-s']
  const found = wished.find((id) => models.some((model) => model.id === id))
  return found ?? models[0]?.id ?? 'heirloom-s'
}

/**
 * How many times as long as heirloom-s a small model takes on a processor. Wide convolutions run nearer to the processor's peak than narrow
 * ones, so the times grow more slowly than the arithmetic: a straight line through what was measured of ours (docs/SPEED.md).
 */
export const timesOfSmall = (flopPerPixel: number): number => Math.max(1, 0.54 + 0.029e-3 * flopPerPixel)

/** Milliseconds per million output pixels on so many threads. */
export const processorMsPerMegapixel = (parameters: number, threads: number): number =>
  (1000 * 1e6 * flopPerPixel * (parameters / parametersOfThat)) / (flopPerThreadSecond * Math.max(1, threads))

/** Seconds of work per minute of film, for pictures of this size after enlarging. */
export const secondsPerMinute = (
  parameters: number,
  threads: number,
  picture: { width: number; height: number; framesPerSecond: number },
): number => {
  const megapixels = (picture.width * picture.height * picture.framesPerSecond * 60) / 1e6
  return (processorMsPerMegapixel(parameters, threads) * megapixels) / 1000
}
