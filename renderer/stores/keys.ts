// The keys of every command: those that it comes with, or that a person has chosen.
import { useMemo } from 'react'
import { matchKeyBindingPress, parseKeybinding } from 'tinykeys'
import { CommandName, commandNames, keptByBrowsers } from '../../electron/shared/words/commandNames.js'
import { ChosenKeys, Keys, keysWith } from '../../electron/shared/words/keys.js'
import { useHost } from './host.js'
import { setPreferences, usePreferences } from './preferences.js'

/** Made once for each choice: every key that is pressed asks. */
let made: { of: ChosenKeys | undefined; keys: Keys } = { of: undefined, keys: keysWith() }

function keysOf(chosen: ChosenKeys | undefined): Keys {
  if (made.of !== chosen) made = { of: chosen, keys: keysWith(chosen) }
  return made.keys
}

export const keysNow = (): Keys => keysOf(usePreferences.getState().keys)

const withoutKept = (keys: Keys): Keys => ({
  ...keys,
  ...Object.fromEntries(
    commandNames.map((name) => [name, keys[name].filter((key) => !keptByBrowsers.includes(key))]),
  ),
})

/** As they are shown: without those that never come here. */
export function useKeys(): Keys {
  const keys = usePreferences((s) => keysOf(s.keys))
  const isBrowser = useHost((s) => s.connection?.host === 'browser')
  return useMemo(() => (isBrowser ? withoutKept(keys) : keys), [keys, isBrowser])
}

/** Whether keys that are being pressed are these. */
export function isPressed(event: KeyboardEvent, chord: string): boolean {
  const [press] = parseKeybinding(chord)
  return press !== undefined && matchKeyBindingPress(event, press)
}

/** What the keys that are being pressed do now. */
export function commandBy(event: KeyboardEvent): CommandName | undefined {
  const keys = keysNow()
  return commandNames.find((name) => keys[name].some((chord) => isPressed(event, chord)))
}

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
