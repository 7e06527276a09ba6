// The keyboard: every command's keys, the key that shows the original while it is held, and K with J or L for single pictures.
// Keys act only when no text field has the focus and no dialog is open.
import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { CommandName, commandKeys, commandNames } from '../../../electron/shared/commandNames.js'
import { previewsOf } from '../../stores/compare.js'
import { actions, scene } from '../../stores/actions.js'
import { useJobs } from '../../stores/jobs.js'
import { setSession, useSession } from '../../stores/session.js'

const typing = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]'
const pressable = 'button, [role=switch], [role=menuitem], summary, a[href]'

const isIn = (event: KeyboardEvent, selector: string): boolean =>
  event.target instanceof Element && event.target.closest(selector) !== null

/** Tab walks through the controls; only after a click into a compared picture, which no Tab reaches, does it switch the sides. */
function isTabFree(): boolean {
  const s = scene()
  if (!s || previewsOf(useJobs.getState().jobs, s.clip.sourceId, s.clip.enhance).length === 0) return false
  return document.activeElement?.matches('[data-pane]') ?? false
}

function mayAct(event: KeyboardEvent, name: CommandName): boolean {
  if (event.defaultPrevented || isIn(event, typing) || useSession.getState().dialog) return false
  // Space and Enter press the button that has the focus.
  if (event.code === 'Space' && isIn(event, pressable)) return false
  if (event.key === 'Tab') return isTabFree()
  // Arrow keys and Home and End belong to a focused slider or list.
  if (/^(Arrow|Home|End)/.test(event.key) && isIn(event, 'input, [role=radio], [role=menuitem]')) return false
  return !(event.repeat && ['playPause', 'split', 'toggleOriginal'].includes(name))
}

export function useKeyboard(): void {
  useEffect(() => {
    let isStopHeld = false
    const withStop: Partial<Record<CommandName, CommandName>> = {
      shuttleBack: 'previousFrame',
      shuttleForward: 'nextFrame',
    }
    const bindings: Record<string, (event: KeyboardEvent) => void> = {}
    for (const name of commandNames)
      for (const keys of commandKeys[name] ?? [])
        bindings[keys] = (event) => {
          if (!mayAct(event, name)) return
          event.preventDefault()
          const instead = isStopHeld ? withStop[name] : undefined
          actions[instead ?? name]()
        }
    const onDown = (event: KeyboardEvent): void => {
      if (event.key === 'k') isStopHeld = true
      if (event.key !== '\\' || event.repeat || isIn(event, typing) || useSession.getState().dialog) return
      setSession({ isHoldingOriginal: true })
    }
    const release = (): void => {
      isStopHeld = false
      setSession({ isHoldingOriginal: false })
    }
    const onUp = (event: KeyboardEvent): void => {
      if (event.key === 'k') isStopHeld = false
      if (event.key === '\\') setSession({ isHoldingOriginal: false })
    }
    const stop = tinykeys(window, bindings)
    window.addEventListener('keydown', onDown)
    window.addEventListener('keyup', onUp)
    window.addEventListener('blur', release)
    return () => {
      stop()
      window.removeEventListener('keydown', onDown)
      window.removeEventListener('keyup', onUp)
      window.removeEventListener('blur', release)
    }
  }, [])
}
