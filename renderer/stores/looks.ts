// Looks in the window: what the settings at hand show as, what choosing one changes, and the strength that a clip's damage suggests.
import { Lookup } from '../../electron/shared/words/lookup.js'
import { Damage, suggestedStrength } from '../../electron/shared/media/damage.js'
import { Look, numbersOf } from '../../electron/shared/document/looks.js'
import { ModelInfo } from '../../electron/shared/contract/models.js'
import { EnhanceSettings } from '../../electron/shared/document/project.js'
import { Source } from '../../electron/shared/media/source.js'

/** `suggested`: the strength is what the clip's damage suggests. `custom`: it was set by hand. */
export type ShownLook = Look | 'suggested' | 'custom'

const isNamed = (shown: ShownLook): shown is Look => Look.safeParse(shown).success

export const shownLook = ({ look, strength }: EnhanceSettings, suggestion?: Suggestion): ShownLook =>
  strength === undefined ? look : suggestion?.isUsed ? 'suggested' : 'custom'

/** Suggested and Custom stand among them only while they are what there is: they are made elsewhere. */
export const lookOptions = (t: Lookup, shown: ShownLook) =>
  [...Look.options, ...(isNamed(shown) ? [] : [shown])].map((value) => ({ value, label: t(`look.${value}`) }))

/** A named look takes the strength back to its own. */
export const withLook = (chosen: ShownLook): Partial<EnhanceSettings> =>
  isNamed(chosen) ? { look: chosen, strength: undefined } : {}

export interface Suggestion {
  strength: number
  /** What using it changes in the settings. */
  change: Partial<EnhanceSettings>
  /** The strength that the settings have now. */
  present: number
  /** The settings are as it suggests. */
  isUsed: boolean
}

const base: Look = 'natural'

/** Nothing for models that cannot vary their strength. */
export function suggestion(
  damage: Damage,
  { video }: Source,
  enhance: EnhanceSettings,
  model: ModelInfo,
): Suggestion | undefined {
  if (!model.hasStrength) return undefined
  const strength = suggestedStrength(damage, video)
  const present = numbersOf(enhance, model.looks).strength
  const isOfLook = numbersOf({ look: base }, model.looks).strength === strength
  return {
    strength,
    change: { look: base, strength: isOfLook ? undefined : strength },
    present,
    isUsed: enhance.look === base && present === strength,
  }
}
