// The models that are there and the work on them; written only by events and by what is asked at the start.
import { create } from 'zustand'
import { FoundWeights, ModelInfo, ModelWork, UnusableModel } from '../../electron/shared/contract/models.js'
import { api, useHost } from './host.js'
import { notifyFailure } from './session.js'

interface ModelWorkState {
  work: ModelWork | null
  /** What the folder that was looked at last holds, until it is added or put away. */
  found?: FoundWeights
}

export const useModelWork = create<ModelWorkState>()(() => ({ work: null }))

export const receiveModelWork = (work: ModelWork | null): void => useModelWork.setState({ work })
/** At the start: what ended before this window was there is no news, unless it can go on. */
export const receiveFirstModelWork = (work: ModelWork | null): void =>
  receiveModelWork(work?.state === 'running' || work?.download ? work : null)

export const receiveModels = (
  models: ModelInfo[],
  photoModels: ModelInfo[],
  unusable: UnusableModel[],
): void => useHost.setState(({ info }) => ({ info: info && { ...info, models, photoModels, unusable } }))

/** Events tell how far it is, and why it failed: the card of the work shows that. */
export function inspectFolder(folder: string): void {
  forgetFound()
  api()
    .models.inspect(folder)
    .then(
      (found) => useModelWork.setState({ found }),
      (error: unknown) => {
        if (useModelWork.getState().work?.kind !== 'inspect') notifyFailure(error) // it did not even begin
      },
    )
}

export const forgetFound = (): void => useModelWork.setState({ found: undefined })
export const forgetWork = (): void => useModelWork.setState({ work: null })

export const cancelModelWork = (): void => void api().models.cancel().catch(notifyFailure)
export const pauseDownload = (): void => void api().models.pause().catch(notifyFailure)
export const discardDownload = (id: string): void => void api().models.discard(id).catch(notifyFailure)
/** An agreement that was given before: going on needs no other. */
export const resumeDownload = (download: { id: string; address: string }): void =>
  void api()
    .models.download({ ...download, isAgreed: true })
    .catch(notifyFailure)
