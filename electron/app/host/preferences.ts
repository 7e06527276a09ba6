// The few things a person sets once. A damaged file is the same as none.
import { join } from 'node:path'
import { Preferences } from '../../shared/contract/app.js'
import { ChosenKeys } from '../../shared/words/keys.js'
import { readJson, writeAtomic } from '../access/files.js'
import { inOwn } from '../access/keeping.js'

const initial: Preferences = { language: 'system', theme: 'system' }
const fileIn = (dataFolder: string): string => join(dataFolder, 'preferences.json')

/** Keys that are none cost no more than the keys. */
const Kept = Preferences.extend({ keys: ChosenKeys.optional().catch(undefined) })

export const loadPreferences = async (dataFolder: string): Promise<Preferences> =>
  (await readJson(fileIn(dataFolder), Kept)) ?? initial

export const savePreferences = (dataFolder: string, preferences: Preferences): Promise<void> =>
  inOwn('data', dataFolder, () => writeAtomic(fileIn(dataFolder), JSON.stringify(preferences, null, 2)))
