// Looks in the window: what the settings at hand show as, and what choosing one changes.
import { TFunction } from 'i18next'
import { Look } from '../../electron/shared/looks.js'
import { EnhanceSettings } from '../../electron/shared/project.js'

/** `custom`: the strength was set by hand. */
export type ShownLook = Look | 'custom'

export const shownLook = ({ look, strength }: EnhanceSettings): ShownLook =>
  strength === undefined ? look : 'custom'

/** Custom stands among them only while it is what there is: it is made by the slider. */
export const lookOptions = (t: TFunction, enhance: EnhanceSettings) =>
  [...Look.options, ...(shownLook(enhance) === 'custom' ? (['custom'] as const) : [])].map((value) => ({
    value,
    label: t(`look.${value}`),
  }))

/** A named look takes the strength back to its own. */
export const withLook = (chosen: ShownLook): Partial<EnhanceSettings> =>
  chosen === 'custom' ? {} : { look: chosen, strength: undefined }
