// Language and colours: kept by the host, applied to the page here.
import { create } from 'zustand'
import { Panel, Preferences } from '../../electron/shared/contract/app.js'
import { toFailure } from '../../electron/shared/contract/errors.js'
import { api } from './host.js'
import { notify } from './session.js'

export const usePreferences = create<Preferences>()(() => ({ language: 'system', theme: 'system' }))

export function setPreferences(change: Partial<Preferences>): void {
  const preferences = { ...usePreferences.getState(), ...change }
  usePreferences.setState(preferences)
  api()
    .app.setPreferences(preferences)
    .catch((error: unknown) => notify({ failure: toFailure(error) }))
}

export const isFolded = ({ folded = [] }: Preferences, panel: Panel): boolean => folded.includes(panel)

export function fold(panel: Panel, isAway: boolean): void {
  const { folded = [] } = usePreferences.getState()
  if (folded.includes(panel) === isAway) return
  setPreferences({ folded: isAway ? [...folded, panel] : folded.filter((other) => other !== panel) })
}

/** The locale that is really shown. */
export function languageOf({ language }: Preferences, system: readonly string[]): 'en' | 'ja' {
  if (language !== 'system') return language
  for (const tag of system) {
    const base = tag.toLowerCase().split('-')[0]
    if (base === 'ja' || base === 'en') return base
  }
  return 'en'
}
