// Exports of earlier times that did not end; written only by the host. Each can go on or be forgotten.
import { create } from 'zustand'
import { UnfinishedExport } from '../../electron/shared/contract/render.js'
import { api } from './host.js'
import { notifyFailure } from './session.js'

interface UnfinishedState {
  exports: UnfinishedExport[]
  /** Those that the host was asked to go on with, until it has answered: films are opened for it. */
  asked: string[]
}

export const unfinishedStart: UnfinishedState = { exports: [], asked: [] }
export const useUnfinished = create<UnfinishedState>()(() => unfinishedStart)

export const receiveUnfinished = (exports: UnfinishedExport[]): void => useUnfinished.setState({ exports })

async function ask(id: string, work: () => Promise<unknown>): Promise<void> {
  useUnfinished.setState(({ asked }) => ({ asked: [...asked, id] }))
  try {
    await work()
  } catch (error) {
    notifyFailure(error)
  } finally {
    useUnfinished.setState(({ asked }) => ({ asked: asked.filter((other) => other !== id) }))
  }
}

export const goOnWith = (id: string): Promise<void> => ask(id, () => api().render.resume(id))
export const forget = (id: string): Promise<void> => ask(id, () => api().render.forget(id))
