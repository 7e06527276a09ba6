// Loaded models of this process. One is kept: loading is slow, and two large ones would not fit.
import { fromNative, loadAddon, type Model } from './addon.js'

let kept: { key: string; model: Promise<Model> } | undefined

export async function modelIn(folder: string, device: string): Promise<Model> {
  const key = JSON.stringify([folder, device])
  if (kept?.key === key) return kept.model
  const model = Promise.resolve()
    .then(() => loadAddon().loadModel(folder, { device, version: 'auto' }))
    .catch((error: unknown) => {
      throw fromNative(error)
    })
  kept = { key, model }
  model.catch(() => (kept = undefined)) // the person may mend the folder and try again
  return model
}
