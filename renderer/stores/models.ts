// The models that are there and the work on them; written only by events and by what is asked at the start.
import { create } from 'zustand'
import { toFailure } from '../../electron/shared/errors.js'
import { ModelInfo, ModelWork } from '../../electron/shared/models.js'
import { api, useHost } from './host.js'
import { notify } from './session.js'

export const useModelWork = create<{ work: ModelWork | null }>()(() => ({ work: null }))

export const receiveModelWork = (work: ModelWork | null): void => useModelWork.setState({ work })

export const receiveModels = (models: ModelInfo[]): void =>
  useHost.setState(({ info }) => ({ info: info && { ...info, models } }))

const tell = (error: unknown): void => notify({ failure: toFailure(error) })

export const cancelModelWork = (): void => void api().cancelModelWork().catch(tell)
export const pauseDownload = (): void => void api().pauseDownload().catch(tell)
export const discardDownload = (id: string): void => void api().discardDownload(id).catch(tell)
/** An agreement that was given before: going on needs no other. */
export const resumeDownload = (download: { id: string; address: string }): void =>
  void api()
    .startDownload({ ...download, isAgreed: true })
    .catch(tell)
