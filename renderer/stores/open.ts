// Opening films, whichever way they come in: one at a time, each failure told, none stopping the others.
import { firstModel } from '../../electron/shared/cost.js'
import { failing, toFailure } from '../../electron/shared/errors.js'
import { EnhanceSettings, defaultEnhance } from '../../electron/shared/project.js'
import { addSource } from '../commands/addSource.js'
import { isSuggested, startWithSuggestion } from './damage.js'
import { api, connection, useHost } from './host.js'
import { newClipId, run, useProject } from './project.js'
import { notify, openDialog, setSession, useSession } from './session.js'
import { loadSource } from './sources.js'

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

async function whileOpening(name: string, work: () => Promise<void>): Promise<void> {
  setSession((state) => ({ opening: [...state.opening, name] }))
  try {
    await work()
  } catch (error) {
    notify({ failure: toFailure(error) })
  } finally {
    setSession(({ opening }) => ({ opening: opening.filter((_, i) => i !== opening.indexOf(name)) }))
  }
}

/** What a new clip starts with: like the clip before it but for a strength that was suggested for that one, else the model that suits this computer. */
function firstSettings(): EnhanceSettings {
  const last = useProject.getState().project.clips.at(-1)
  if (last) return isSuggested(last) ? { ...last.enhance, strength: undefined } : last.enhance
  const { models = [], devices = [] } = useHost.getState().info ?? {}
  return { ...defaultEnhance, model: firstModel(defaultEnhance.device, devices, models) }
}

async function openPath(path: string): Promise<void> {
  const { source, table } = await loadSource(path)
  const id = newClipId()
  const reference = { id: source.id, path: source.path, name: source.name, frames: table.ticks.length }
  run(addSource(reference, id, firstSettings()))
  startWithSuggestion({ id, sourceId: source.id })
  setSession({
    selectedClipId: id,
    playhead: 0,
    isPlaying: false,
    trimming: undefined,
    timeline: { startSeconds: 0 },
  })
}

export async function openPaths(paths: readonly string[]): Promise<void> {
  for (const path of paths) await whileOpening(baseName(path), () => openPath(path))
}

/** Films dropped on the window. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const host = connection()
  for (const file of files)
    await whileOpening(file.name, async () => {
      const path = host.pathForFile?.(file) || (await host.upload?.(file))
      if (!path) throw failing('source-unreadable', 'fileNowhere', { name: file.name })
      await openPath(path)
    })
}

/** Asks which films to open: the system's dialog where there is one, else our own page. */
export async function chooseFilms(): Promise<void> {
  if (!useHost.getState().info?.hasDialogs) return openDialog('open')
  try {
    await openPaths(await api().chooseSources())
  } catch (error) {
    notify({ failure: toFailure(error) })
  }
}

export async function openSample(): Promise<void> {
  const path = useHost.getState().info?.samplePath
  if (path && useSession.getState().opening.length === 0) await openPaths([path])
}
