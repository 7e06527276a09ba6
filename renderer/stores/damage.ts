// What the sources suffer from, at a glance of the engine's, and the strength that new clips begin with because of it.
// Asked for in the background once per source, given up when the source is closed, never saved.
import { create } from 'zustand'
import { Damage } from '../../electron/shared/media/damage.js'
import { Clip, ClipId, defaultEnhance } from '../../electron/shared/document/project.js'
import { SourceId } from '../../electron/shared/media/source.js'
import { setEnhance } from '../commands/setEnhance.js'
import { renderedNow } from './coverage.js'
import { api, useHost } from './host.js'
import { Suggestion, suggestion } from './looks.js'
import { amend, useProject, versionsOf } from './project.js'
import { useSources } from './sources.js'

interface DamageState {
  damages: Record<SourceId, Damage>
  /** Sources that are being looked at. */
  asked: SourceId[]
  /** Clips that were opened in this window and wait for their suggestion. */
  fresh: ClipId[]
}

export const damageStart: DamageState = { damages: {}, asked: [], fresh: [] }
export const useDamage = create<DamageState>()(() => damageStart)

function suggestionOf({ sourceId, enhance }: Clip): Suggestion | undefined {
  const damage = useDamage.getState().damages[sourceId]
  const source = useSources.getState().sources[sourceId]
  const model = useHost.getState().info?.models.find((m) => m.id === enhance.model)
  return damage && source && model && suggestion(damage, source, enhance, model)
}

/** The same for a component, which is drawn again when any of it changes. */
export function useSuggestion({ sourceId, enhance }: Clip): Suggestion | undefined {
  const damage = useDamage((s) => s.damages[sourceId])
  const source = useSources((s) => s.sources[sourceId])
  const model = useHost((s) => s.info?.models.find((m) => m.id === enhance.model))
  return damage && source && model && suggestion(damage, source, enhance, model)
}

/** Nobody ever chose a look or a strength, and nothing was made that would become stale. */
const isUntouched = ({ id, sourceId, enhance }: Clip): boolean =>
  renderedNow({ sourceId, enhance }).length === 0 &&
  versionsOf(useProject.getState(), id).every(
    (clip) => clip.enhance.look === defaultEnhance.look && clip.enhance.strength === undefined,
  )

/** It is as if the clip had come with it: undo goes back to it, and takes it away only with the clip. */
function presetFresh(id: SourceId): void {
  const { fresh } = useDamage.getState()
  const clips = useProject.getState().project.clips.filter((c) => c.sourceId === id && fresh.includes(c.id))
  for (const clip of clips) {
    const found = suggestionOf(clip)
    if (found && isUntouched(clip)) amend(setEnhance(clip.id, found.change))
  }
  useDamage.setState({ fresh: fresh.filter((clipId) => !clips.some((clip) => clip.id === clipId)) })
}

/** Has a source looked at, unless that was done or is being done. */
export async function lookAt(id: SourceId): Promise<void> {
  const { damages, asked } = useDamage.getState()
  if (damages[id] || asked.includes(id)) return
  useDamage.setState({ asked: [...asked, id] })
  try {
    const damage = await api().sources.damage(id)
    useDamage.setState((state) => ({ damages: { ...state.damages, [id]: damage } }))
    presetFresh(id)
  } catch {
    // Closed meanwhile, or it cannot be read: what is wrong is told where work is started. There is no suggestion then.
  } finally {
    useDamage.setState((state) => ({ asked: state.asked.filter((other) => other !== id) }))
  }
}

/** A person has chosen, were it what was there: no suggestion comes over it. */
export const chosenByHand = (id: ClipId): void =>
  useDamage.setState(({ fresh }) => ({ fresh: fresh.filter((clipId) => clipId !== id) }))

/** A clip that was just opened takes over the suggestion when it comes, unless a person was quicker. */
export function startWithSuggestion(clip: Pick<Clip, 'id' | 'sourceId'>): void {
  useDamage.setState(({ fresh }) => ({ fresh: [...fresh, clip.id] }))
  if (useDamage.getState().damages[clip.sourceId]) presetFresh(clip.sourceId)
  else void lookAt(clip.sourceId)
}

/** Sources that leave the document need not be looked at any longer. Answers a function that stops watching. */
export const watchClosing = (): (() => void) =>
  useProject.subscribe(({ project }) => {
    const closed = useDamage.getState().asked.filter((id) => !project.sources.some((s) => s.id === id))
    if (closed.length === 0) return
    useDamage.setState(({ asked }) => ({ asked: asked.filter((id) => !closed.includes(id)) }))
    for (const id of closed)
      void api()
        .sources.cancelDamage(id)
        .catch(() => undefined) // it ends by itself as well
  })
