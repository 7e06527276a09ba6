// Opening films, whichever way they come in: one at a time, each failure told, none stopping the others.
import { firstModel } from '../../electron/shared/planning/cost.js'
import { failing } from '../../electron/shared/contract/errors.js'
import { isProjectName } from '../../electron/shared/contract/project.js'
import { EnhanceSettings, defaultEnhance, keepsakeModel } from '../../electron/shared/document/project.js'
import { restored, wholeRestore } from '../../electron/shared/document/restoring.js'
import { byName } from '../../electron/shared/media/fileNames.js'
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { toNumber } from '../../electron/shared/media/rational.js'
import { Source } from '../../electron/shared/media/source.js'
import { addSource } from '../commands/addSource.js'
import { removeClip } from '../commands/removeClip.js'
import { startWithSuggestion } from './damage.js'
import { api, connection, useHost } from './host.js'
import { askForKeepsake, useKeepsakes } from './keepsakes.js'
import { startPreview } from './preview.js'
import { clipOf, newClipId, retract, run, useProject } from './project.js'
import { openProject } from './projectFiles.js'
import { findAgain } from './relink.js'
import { notifyAbout, openDialog, setSession, settle, useSession } from './session.js'
import { loadTable, openSource, useSources } from './sources.js'
import { queueUploads } from './uploads.js'

const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

async function whileOpening(name: string, work: () => Promise<void>): Promise<void> {
  setSession((state) => ({ opening: [...state.opening, name] }))
  try {
    await work()
  } catch (error) {
    notifyAbout('opening')(error)
  } finally {
    setSession(({ opening }) => ({ opening: opening.filter((_, i) => i !== opening.indexOf(name)) }))
  }
}

/**
 * What a new clip starts with: how the clip before it is worked, else what suits this computer. How much is changed is every film's own:
 * what was right for the one before says nothing of this one, and what was drawn on a Keepsake says nothing of any other film.
 */
function firstSettings(): EnhanceSettings {
  const last = useProject.getState().project.clips.findLast(({ enhance }) => enhance.model !== keepsakeModel)
  if (last) return { ...last.enhance, look: defaultEnhance.look, strength: undefined }
  const { models = [], devices = [] } = useHost.getState().info ?? {}
  return { ...defaultEnhance, model: firstModel(defaultEnhance.device, devices, models) }
}

/** A Keepsake on which anything can be drawn is shown with all of it; undefined for other films. */
async function restoredSettings({ id }: Source): Promise<EnhanceSettings | undefined> {
  await askForKeepsake(id)
  const found = useKeepsakes.getState().found[id]
  const whole = { ...defaultEnhance, ...wholeRestore }
  const models = useHost.getState().info?.models ?? []
  return found && restored(whole, found, models, '').enhance.isEnabled ? whole : undefined
}

/** As many pictures as the head of a film promises, until all of it has been read. */
const promised = ({ durationSeconds, video }: Source): number =>
  Math.max(1, Math.round(durationSeconds * toNumber(video.frameRate)) || 1)

/** Puts a film into the document as soon as it is known what it is; one that the document misses takes its own place. Answers what is left to do: reading all of it. */
async function openPath(path: string): Promise<() => Promise<void>> {
  const source = await openSource(path)
  if (await findAgain(source)) return () => Promise.resolve()
  const drawn = await restoredSettings(source)
  const id = newClipId()
  const table = useSources.getState().tables[source.id]
  const frames = table ? frameCount(table) : promised(source)
  const reference = { id: source.id, path: source.path, name: source.name, frames }
  run(addSource(reference, id, drawn ?? firstSettings()))
  if (!useProject.getState().project.clips.some((clip) => clip.id === id))
    throw failing('bad-argument', 'filmTooLong', { name: source.name })
  startWithSuggestion({ id, sourceId: source.id })
  setSession({
    selectedClipId: id,
    playhead: 0,
    isPlaying: false,
    trimming: undefined,
    timeline: { startSeconds: 0 },
  })
  const clip = drawn && clipOf(useProject.getState().project, id)
  if (clip) startPreview(clip)
  return async () => {
    try {
      await loadTable(source)
    } catch (error) {
      const { clips } = useProject.getState().project
      // What cannot be read was never there; meanwhile another film of the file may have been chosen.
      if (clips.some((clip) => clip.id === id && clip.sourceId === source.id)) retract(removeClip(id))
      notifyAbout('opening')(error)
    }
  }
}

/** One after the other; that one is still being read keeps none of the others waiting. */
async function openEach<T>(
  items: readonly T[],
  name: (item: T) => string,
  openOne: (item: T) => Promise<() => Promise<void>>,
): Promise<void> {
  if (items.length > 0) settle('opening')
  const reading: Promise<void>[] = []
  for (const item of items)
    await whileOpening(name(item), async () => void reading.push((await openOne(item))()))
  await Promise.all(reading)
}

/** Films, and projects, which take the place of the one that is shown: those come first. */
export async function openPaths(paths: readonly string[]): Promise<void> {
  for (const path of paths) if (isProjectName(path)) await openProject(path)
  const films = paths.filter((path) => !isProjectName(path))
  await openEach(films, baseName, openPath)
}

async function openDroppedProject(file: File): Promise<void> {
  const path = connection().pathForFile?.(file)
  if (path) return openProject(path)
  notifyAbout('opening')(failing('not-allowed', 'projectDropped', { name: file.name }))
}

/** Films and projects dropped on the window. */
export async function openFiles(dropped: readonly File[]): Promise<void> {
  const host = connection()
  for (const file of dropped) if (isProjectName(file.name)) await openDroppedProject(file)
  const files = dropped.filter(({ name }) => !isProjectName(name))
  if (files.length === 0) return
  const uploads = host.pathForFile ? undefined : queueUploads(files)
  return openEach(
    files,
    (file) => file.name,
    async (file) => {
      const path = host.pathForFile?.(file) || (await uploads?.send(file))
      if (!path) throw failing('source-unreadable', 'fileNowhere', { name: file.name })
      return openPath(path)
    },
  )
}

/** Asks which films to open: the system's dialog where there is one, else our own page. */
export async function chooseFilms(): Promise<void> {
  if (!useHost.getState().info?.hasDialogs) return openDialog('open')
  try {
    const paths = await api().files.chooseSources()
    // Systems tell them in orders of their own, which nobody chose.
    await openPaths(paths.toSorted((a, b) => byName({ name: baseName(a) }, { name: baseName(b) })))
  } catch (error) {
    notifyAbout('opening')(error)
  }
}

export async function openSample(): Promise<void> {
  const path = useHost.getState().info?.samplePath
  if (path && useSession.getState().opening.length === 0) await openPaths([path])
}
