// The keyboard: every command's keys, the key that shows the original while it is held, and K with J or L for single pictures.
// Keys act only when no text field has the focus and no dialog is open; lists, sliders and groups in focus keep the keys that choose in
// them, and no others. Space plays and pauses, wherever the pointer last
// clicked; a button that was reached with Tab is pressed by Space as everywhere. Enter always presses the button in focus. Tab is
// no command's: editors switch the compared sides with it, but then nobody without a pointer could leave the picture (WCAG 2.1.2).
import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { CommandName, commandNames } from '../../../electron/shared/words/commandNames.js'
import { actions } from '../../stores/actions.js'
import { isPressed, keysNow } from '../../stores/keys.js'
import { usePreferences } from '../../stores/preferences.js'
import { dismissNewest, setSession, useSession } from '../../stores/session.js'
import { leadBack } from '../../stores/wayBack.js'
import { isPointed, watchPointing } from '../../ui/pointed.js'

const typing = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]'
/** A drop-down list. While it is open the browser keeps every key from the page. */
const list = 'select'
const pressable = 'button, summary, [role=switch], [role=radio], input[type=checkbox], input[type=radio]'
/** A clip in focus is chosen already: pressing it would mean nothing, so Space is the film's. */
const piece = '[data-face]'
/** An open menu keeps its keys, however it was opened. */
const ownMenu = '[role=menu]'

const isIn = (event: KeyboardEvent, selector: string): boolean =>
  event.target instanceof Element && event.target.closest(selector) !== null

function mayAct(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isIn(event, typing) || useSession.getState().dialog) return false
  // A button keeps Space, but for one that was clicked: that one never gets to hear of it (see `onSpace`).
  if (event.code === 'Space' && isIn(event, pressable)) return false
  return !isChoosing(event)
}

/** Keys that choose in what has the focus. */
function isChoosing(event: KeyboardEvent): boolean {
  const isArrow = event.key.startsWith('Arrow')
  const isEnd = event.key === 'Home' || event.key === 'End'
  // Alt with an arrow opens a list.
  if (isIn(event, list)) return isArrow || isEnd || event.code === 'Space'
  if (event.ctrlKey || event.altKey || event.metaKey) return false
  if (isIn(event, 'input, [role=menuitem]')) return isArrow || isEnd
  return isArrow && !event.shiftKey && isIn(event, '[role=radio]')
}

/** A held key means these once. */
const once: readonly CommandName[] = [
  'playPause',
  'split',
  'delete',
  'preview',
  'toggleOriginal',
  'toggleLoop',
  'toggleMute',
  'cycleCompare',
  'flipDivider',
  'fullScreen',
  'export',
  'photo',
  'snapshot',
  'snapshotPair',
]

/** While K is held: single pictures instead of shuttling. */
const withStop: Partial<Record<CommandName, CommandName>> = {
  shuttleBack: 'previousFrame',
  shuttleForward: 'nextFrame',
}

/** What is held down. */
interface Held {
  isStop: boolean
  /** Space was taken from a button, which must not hear of its release either. */
  isSpaceTaken: boolean
}

export function useKeyboard(): void {
  useEffect(() => {
    const held: Held = { isStop: false, isSpaceTaken: false }
    const release = (): void => {
      Object.assign(held, { isStop: false, isSpaceTaken: false } satisfies Held)
      setSession({ isHoldingOriginal: false })
    }
    const stops = [
      watchPointing(),
      listenForCommands(held),
      // Before the button in focus hears of it.
      listen('keydown', (event) => onSpace(event, held), true),
      listen('keyup', (event) => onSpaceUp(event, held), true),
      listen('keydown', (event) => onDown(event, held)),
      listen('keyup', (event) => onUp(event, held)),
      listen('blur', release),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [])
}

function listen<Name extends 'keydown' | 'keyup' | 'blur'>(
  name: Name,
  hear: (event: WindowEventMap[Name]) => void,
  isFirst = false,
): () => void {
  window.addEventListener(name, hear, isFirst)
  return () => window.removeEventListener(name, hear, isFirst)
}

/** Anew whenever a person chooses other keys. */
function listenForCommands(held: Held): () => void {
  let stop = tinykeys(window, bindings(held))
  const unsubscribe = usePreferences.subscribe(({ keys }, before) => {
    if (keys === before.keys) return
    stop()
    stop = tinykeys(window, bindings(held))
  })
  return () => {
    unsubscribe()
    stop()
  }
}

function bindings(held: Held): Record<string, (event: KeyboardEvent) => void> {
  const act = (name: CommandName, event: KeyboardEvent): void => {
    if (!mayAct(event)) return
    event.preventDefault()
    if (event.repeat && once.includes(name)) return
    const instead = held.isStop ? withStop[name] : undefined
    actions[instead ?? name]()
  }
  return Object.fromEntries(
    commandNames.flatMap((name) =>
      keysNow()[name].map((keys) => [keys, (event: KeyboardEvent) => act(name, event)]),
    ),
  )
}

function onSpace(event: KeyboardEvent, held: Held): void {
  if (event.code !== 'Space' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
  if (!event.repeat) held.isSpaceTaken = false
  if (!keysNow().playPause.includes('Space')) return
  if (!isIn(event, pressable) || useSession.getState().dialog) return
  if ((!isPointed() && !isIn(event, piece)) || isIn(event, ownMenu)) return
  event.preventDefault()
  event.stopPropagation()
  held.isSpaceTaken = true
  if (!event.repeat) actions.playPause()
}

function onSpaceUp(event: KeyboardEvent, held: Held): void {
  if (event.code !== 'Space' || !held.isSpaceTaken) return
  held.isSpaceTaken = false
  event.preventDefault()
  event.stopPropagation()
}

/** Escape leads back to where a key has led from; else it puts the newest message away, where it is not needed for something else. */
function onEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.repeat || event.defaultPrevented) return
  if (isIn(event, typing) || useSession.getState().dialog || document.fullscreenElement) return
  if (leadBack() || dismissNewest()) event.preventDefault()
}

/** A letter in a list would choose what begins with it, unless it is a command: what it does would depend on the letter. */
function onLetter(event: KeyboardEvent): void {
  const isChord = event.ctrlKey || event.altKey || event.metaKey
  if (!isIn(event, list) || useSession.getState().dialog || isChord) return
  if (event.key.length === 1 && event.key !== ' ') event.preventDefault()
}

function onDown(event: KeyboardEvent, held: Held): void {
  onEscape(event)
  onLetter(event)
  if (keysNow().shuttleStop.some((key) => isPressed(event, key))) held.isStop = true
  if (event.key !== '\\' || event.repeat || isIn(event, typing) || useSession.getState().dialog) return
  setSession({ isHoldingOriginal: true })
}

function onUp(event: KeyboardEvent, held: Held): void {
  // With whatever else is held by then: letters are told apart by their own key alone.
  const released = event.key === ' ' ? 'space' : event.key.toLowerCase()
  if (keysNow().shuttleStop.some((key) => key.toLowerCase().split(/\b\+/).at(-1) === released))
    held.isStop = false
  if (event.key === '\\') setSession({ isHoldingOriginal: false })
}
