// What the Keepsake parts of the open sources say: asked for once per source, never saved.
import { create } from 'zustand'
import { FoundKeepsake } from '../../electron/shared/media/keepsake/keepsake.js'
import { SourceId } from '../../electron/shared/media/source.js'
import { api } from './host.js'

interface KeepsakesState {
  found: Record<SourceId, FoundKeepsake>
  /** Sources that are being looked at: whoever else asks waits for the same answer. */
  asked: Record<SourceId, Promise<void>>
}

export const keepsakesStart: KeepsakesState = { found: {}, asked: {} }
export const useKeepsakes = create<KeepsakesState>()(() => keepsakesStart)

async function look(id: SourceId): Promise<void> {
  try {
    const one = await api().sources.keepsake(id)
    useKeepsakes.setState((state) => ({ found: { ...state.found, [id]: one } }))
  } catch {
    // Closed meanwhile, or it cannot be read: what is wrong is told where the film itself is read. Who asks again has it looked at again.
    useKeepsakes.setState(({ asked }) => ({
      asked: Object.fromEntries(Object.entries(asked).filter(([one]) => one !== id)),
    }))
  }
}

/** Has the file of a source looked at, once. */
export async function askForKeepsake(id: SourceId): Promise<void> {
  const asked = useKeepsakes.getState().asked[id] ?? look(id)
  useKeepsakes.setState((state) => ({ asked: { ...state.asked, [id]: asked } }))
  return asked
}
