// The keys of every command: those that it comes with, or that a person has chosen.
import { useMemo } from 'react'
import { matchKeyBindingPress, parseKeybinding } from 'tinykeys'
import { CommandName, commandNames } from '../../electron/shared/words/commandNames.js'
import { Keys, keysWith } from '../../electron/shared/words/keys.js'
import { setPreferences, usePreferences } from './preferences.js'

export const keysNow = (): Keys => keysWith(usePreferences.getState().keys)

export function useKeys(): Keys {
  const chosen = usePreferences((s) => s.keys)
  return useMemo(() => keysWith(chosen), [chosen])
}

/** Whether keys that are being pressed are these. */
export function isPressed(event: KeyboardEvent, chord: string): boolean {
  const [press] = parseKeybinding(chord)
  return press !== undefined && matchKeyBindingPress(event, press)
}

/** What the keys that are being pressed do now. */
export const commandBy = (event: KeyboardEvent): CommandName | undefined =>
  commandNames.find((name) => keysNow()[name].some((chord) => isPressed(event, chord)))

const change = (keys: Partial<Record<CommandName, readonly string[]>>): void =>
  setPreferences({
    keys: {
      ...usePreferences.getState().keys,
      ...Object.fromEntries(Object.entries(keys).map(([name, chords]) => [name, [...chords]])),
    },
  })

/** Takes the place of all keys that the command had. */
export const chooseKey = (name: CommandName, chord: string): void => change({ [name]: [chord] })

/** The same where these keys are another command's, which keeps its other ones. */
export function takeKey(name: CommandName, chord: string, event: KeyboardEvent, from: CommandName): void {
  const left = keysNow()[from].filter((one) => !isPressed(event, one))
  change({ [from]: left, [name]: [chord] })
}

export const withoutKey = (name: CommandName): void => change({ [name]: [] })

/** Those that it came with. One that another command has by now stays there. */
export function resetKeys(name: CommandName): void {
  const chosen = Object.entries(usePreferences.getState().keys ?? {})
  const rest = Object.fromEntries(chosen.filter(([other]) => other !== name))
  const { [name]: own, ...others } = keysWith(rest)
  const taken = new Set(Object.values(others).flat())
  const free = own.filter((key) => !taken.has(key))
  setPreferences({ keys: free.length === own.length ? rest : { ...rest, [name]: free } })
}

export const resetAllKeys = (): void => setPreferences({ keys: undefined })
