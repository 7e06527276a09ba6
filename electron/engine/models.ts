// Loaded models of this process. Loading is slow, so small ones stay; of large ones the last is kept, because two would not fit.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Interpolator, type Model, type StillCodec, fromNative, loadAddon } from './addon.js'
import type { ModelOnDevice } from './protocol.js'

interface Loaded {
  model: Promise<Model>
  isLarge: boolean
}

const loaded = new Map<string, Loaded>()
const keyOf = ({ folder, device }: ModelOnDevice): string => JSON.stringify([folder, device])

/** A stream's plan leaves a tenth of the memory: models of this size find room in it. */
const smallBytes = 256 * 2 ** 20

/** Bytes of what lies in a model's folder; one that cannot be read fails when it is loaded. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = names.map((name) => stat(join(folder, name)).catch(() => ({ size: 0 })))
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)
}

const isLarge = async (folder: string): Promise<boolean> => (await bytesIn(folder)) > smallBytes

/** Whether using it now takes no memory worth speaking of beside what is loaded. */
export const isLight = async (place: ModelOnDevice): Promise<boolean> =>
  loaded.has(keyOf(place)) || !(await isLarge(place.folder))

export async function modelIn(place: ModelOnDevice): Promise<Model> {
  const key = keyOf(place)
  const large = await isLarge(place.folder)
  const found = loaded.get(key)
  if (found) return found.model
  if (large) for (const [other, { isLarge: mayGo }] of loaded) if (mayGo) loaded.delete(other)
  const { folder, device } = place
  const model = Promise.resolve()
    .then(() =>
      loadAddon().loadModel(folder, { device: device.id, precision: device.precision, version: 'auto' }),
    )
    .catch((error: unknown) => {
      loaded.delete(key) // the person may mend the folder and try again
      throw fromNative(error)
    })
  loaded.set(key, { model, isLarge: large })
  return model
}

/** They are small: each stays. One that failed is tried anew, because the person may mend the folder. */
function loadedOnce<T>(load: (folder: string, options: DeviceOptions) => Promise<T>) {
  const known = new Map<string, Promise<T>>()
  return (place: ModelOnDevice): Promise<T> => {
    const key = keyOf(place)
    const { folder, device } = place
    const found =
      known.get(key) ??
      Promise.resolve()
        .then(() => load(folder, { device: device.id, precision: device.precision }))
        .catch((error: unknown) => {
          known.delete(key)
          throw fromNative(error)
        })
    known.set(key, found)
    return found
  }
}
interface DeviceOptions {
  device: string
  precision: string
}

export const interpolatorIn = loadedOnce<Interpolator>((folder, options) =>
  loadAddon().loadInterpolator(folder, options),
)
export const stillCodecIn = loadedOnce<StillCodec>((folder, options) =>
  loadAddon().loadStillCodec(folder, options),
)
