// What the host says about the opened files: facts, frame tables, waveforms. Asked for once per file, never saved.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { create } from 'zustand'
import { Playable, Waveform } from '../../electron/shared/contract/sources.js'
import { Failure, failing, toFailure } from '../../electron/shared/contract/errors.js'
import { SourceReference, isMeant } from '../../electron/shared/document/project.js'
import { ChosenFields, FrameTable, Source, SourceId } from '../../electron/shared/media/source.js'
import { timesByTable } from '../../electron/shared/document/frames.js'
import { api } from './host.js'
import { learnName, learnTimes } from './project.js'

interface SourcesState {
  sources: Record<SourceId, Source>
  tables: Record<SourceId, FrameTable>
  waveforms: Record<SourceId, Waveform>
  playables: Record<SourceId, Playable>
  /** Sources of the document that could not be opened again, and why. */
  missing: Record<SourceId, Failure>
}

export const useSources = create<SourcesState>()(() => ({
  sources: {},
  tables: {},
  waveforms: {},
  playables: {},
  missing: {},
}))

interface Loaded {
  source: Source
  table: FrameTable
}

/** Opens a film as far as its head says what it is: soon, however long it is. */
export async function openSource(path: string): Promise<Source> {
  const source = await api().sources.open(path)
  useSources.setState(({ sources }) => ({ sources: { ...sources, [source.id]: source } }))
  return source
}

/** Learns when each frame of an open source is shown: the whole file is read for it. The document hears how many there are. */
export async function loadTable(source: Source): Promise<Loaded> {
  const table = await api().sources.frameTable(source.id)
  learnTimes(source.id, timesByTable(table))
  useSources.setState((state) => ({
    sources: { ...state.sources, [source.id]: source },
    tables: { ...state.tables, [source.id]: table },
    missing: Object.fromEntries(Object.entries(state.missing).filter(([id]) => id !== source.id)),
  }))
  return { source, table }
}

/** An open source with its fields read as chosen; null: as its file says. */
export const loadFields = async (id: SourceId, chosen: ChosenFields | null): Promise<Loaded> =>
  loadTable(await api().sources.readFields(id, chosen))

/** So many are opened together: the host has others to answer. */
const openedAtOnce = 32
/** So many failures are told together: each telling copies all that are known. */
const toldAtOnce = 1000

/** Files of a saved document, opened again; what is wrong with them is kept beside their clips. */
export async function reloadAll(references: readonly SourceReference[]): Promise<void> {
  let found: Record<SourceId, Failure> = {}
  const tell = (): void => {
    const missing = found
    found = {}
    useSources.setState((state) => ({ missing: { ...state.missing, ...missing } }))
  }
  let count = 0
  const left = references.values()
  const worker = async (): Promise<void> => {
    for (const reference of left) {
      const failure = await reopened(reference)
      if (!failure) continue
      found[reference.id] = failure
      if (++count % toldAtOnce === 0 || references.length < toldAtOnce) tell()
    }
  }
  await Promise.all(Array.from({ length: Math.min(openedAtOnce, references.length) }, worker))
  tell()
}

export const reloadSource = (reference: SourceReference): Promise<void> => reloadAll([reference])

/** Undefined: it is open again. */
async function reopened(reference: SourceReference): Promise<Failure | undefined> {
  const { fields, track } = reference
  try {
    const first = await openSource(reference.path)
    const told = track === undefined ? first : await api().sources.chooseFilm(first.id, track)
    const { source, table } = await (fields ? loadFields(told.id, fields) : loadTable(told))
    if (!isMeant(reference, source.id, frameCount(table)))
      return toFailure(failing('source-vanished', 'sourceOther', { name: reference.name }))
    if (source.id !== reference.id) learnName(reference.id, source.id)
    return undefined
  } catch (error) {
    return toFailure(error)
  }
}

export async function loadWaveform(id: SourceId): Promise<void> {
  if (useSources.getState().waveforms[id]) return
  const waveform = await api().sources.waveform(id)
  useSources.setState((state) => ({ waveforms: { ...state.waveforms, [id]: waveform } }))
}

/** How to play a source; `hasFailed` when the window could not play the file itself. */
export async function loadPlayable(id: SourceId, hasFailed: boolean): Promise<void> {
  const playable = await api().sources.playable(id, hasFailed)
  useSources.setState((state) => ({ playables: { ...state.playables, [id]: playable } }))
}
