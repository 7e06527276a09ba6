// What the Keepsake parts of the open sources say: asked for once per source, never saved.
import { create } from 'zustand'
import { FoundKeepsake } from '../../electron/shared/media/keepsake/keepsake.js'
import { SourceId } from '../../electron/shared/media/source.js'
import { api } from './host.js'

interface KeepsakesState {
  found: Record<SourceId, FoundKeepsake>
  asked: SourceId[]
}

export const keepsakesStart: KeepsakesState = { found: {}, asked: [] }
export const useKeepsakes = create<KeepsakesState>()(() => keepsakesStart)

/** Has the file of a source looked at, unless that was done or is being done. */
export async function askForKeepsake(id: SourceId): Promise<void> {
  const { found, asked } = useKeepsakes.getState()
  if (found[id] || asked.includes(id)) return
  useKeepsakes.setState({ asked: [...asked, id] })
  try {
    const one = await api().sources.keepsake(id)
    useKeepsakes.setState((state) => ({ found: { ...state.found, [id]: one } }))
  } catch {
    // Closed meanwhile, or it cannot be read: what is wrong is told where the film itself is read.
  } finally {
    useKeepsakes.setState((state) => ({ asked: state.asked.filter((other) => other !== id) }))
  }
}
