// What every command is called now, whether there is anything for it to do, and whether it is on: menus, the list of commands and the desktop's menu say the same.
import { useMemo } from 'react'
import { create } from 'zustand'
import { MenuState } from '../../electron/shared/contract/app.js'
import { CommandName, commandNames } from '../../electron/shared/words/commandNames.js'
import { isWorking, renderedNow, useCoverage } from './coverage.js'
import { editWords } from './editWords.js'
import { api, useHost } from './host.js'
import { useJobs } from './jobs.js'
import { isPhoto } from './photo.js'
import { isFolded, usePreferences } from './preferences.js'
import { clipOf, useProject } from './project.js'
import { notifyFailure, useSession } from './session.js'
import { useSources } from './sources.js'
import { useWords } from './words.js'

export interface CommandState {
  label: string
  isPossible: boolean
  /** Undefined: it is neither on nor off. */
  isOn: boolean | undefined
}

/** Commands that mean something without a film. */
const always: readonly CommandName[] = [
  ...(['open', 'openSample', 'newProject', 'openProject', 'saveProject', 'saveProjectAs'] as const),
  ...(['models', 'settings', 'jobs', 'commands', 'shortcuts', 'showLog', 'fullScreen'] as const),
]

/** Commands that need the film of the clip in hand. */
const needFilm: readonly CommandName[] = [
  ...(['markIn', 'markOut', 'split', 'preview', 'photo', 'snapshot', 'snapshotPair'] as const),
]

/** Of what is in hand now: the name of every command that has nothing to do, and of every one that is on. */
function workNow() {
  const { selectedClipId, isLooping, compareMode } = useSession.getState()
  const { project, past, future } = useProject.getState()
  const preferences = usePreferences.getState()
  const clip = clipOf(project, selectedClipId)
  const isMissing = clip !== undefined && useSources.getState().missing[clip.sourceId] !== undefined
  const at = clip ? project.clips.indexOf(clip) : -1
  const idle: Partial<Record<CommandName, boolean>> = {
    undo: past.length === 0,
    redo: future.length === 0,
    openSample: useHost.getState().info?.samplePath === undefined,
    splitAtScenes: !clip || isMissing || isPhoto(clip.sourceId),
    moveEarlier: at <= 0,
    moveLater: at < 0 || at === project.clips.length - 1,
    cancelPreview: !clip || !renderedNow(clip).some(isWorking),
  }
  const isIdle = (name: CommandName): boolean =>
    idle[name] ?? ((isMissing && needFilm.includes(name)) || (!clip && !always.includes(name)))
  const on: Partial<Record<CommandName, boolean>> = {
    toggleLoop: isLooping,
    toggleEnhance: clip?.enhance.isEnabled ?? false,
    toggleClips: !isFolded(preferences, 'clips'),
    toggleSettings: !isFolded(preferences, 'enhance'),
    compareDivider: compareMode === 'divider',
    compareSide: compareMode === 'side',
    compareAb: compareMode === 'ab',
    compareDifference: compareMode === 'difference',
  }
  return { idle: commandNames.filter(isIdle), on }
}

type Work = ReturnType<typeof workNow>

const useWork = create<Work>()(() => ({ idle: [], on: {} }))

/** Undo and redo say what they take back. */
export function useCommandStates(): Record<CommandName, CommandState> {
  const { t } = useWords()
  const past = useProject((s) => s.past)
  const future = useProject((s) => s.future)
  const { idle, on } = useWork()
  return useMemo(() => {
    const words = editWords(t, { past, future })
    const stateOf = (name: CommandName): CommandState => ({
      label: (name === 'undo' || name === 'redo' ? words[name] : null) ?? t(`command.${name}`),
      isPossible: !idle.includes(name),
      isOn: on[name],
    })
    return Object.fromEntries(commandNames.map((name) => [name, stateOf(name)])) as Record<
      CommandName,
      CommandState
    >
  }, [t, past, future, idle, on])
}

function menuState({ idle, on }: Work): MenuState {
  const words = editWords(useWords.getState().t, useProject.getState())
  const { keys } = usePreferences.getState()
  return { words, idle, on: commandNames.filter((name) => on[name]), keys }
}

/** Keeps it, and the desktop's menu, up to date. Answers a function that stops that. */
export function watchCommands(): () => void {
  const hasMenu = useHost.getState().connection?.host === 'electron'
  let [kept, told] = ['', '']
  const look = (): void => {
    const work = workNow()
    const now = JSON.stringify(work)
    if (now !== kept) useWork.setState(work)
    kept = now
    if (!hasMenu) return
    const state = menuState(work)
    if (JSON.stringify(state) === told) return
    told = JSON.stringify(state)
    api().app.menuState(state).catch(notifyFailure)
  }
  const stops = [
    ...[useProject, useSources, useHost, useJobs, useCoverage, useWords, usePreferences].map((store) =>
      store.subscribe(look),
    ),
    // The playhead says nothing of commands, and moves with every frame.
    useSession.subscribe((now, before) => {
      if (seen.some((key) => now[key] !== before[key])) look()
    }),
  ]
  look()
  return () => {
    for (const stop of stops) stop()
  }
}

const seen = ['selectedClipId', 'isLooping', 'compareMode'] as const
