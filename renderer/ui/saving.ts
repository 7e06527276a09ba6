// Saving what a page is for.
import { useState } from 'react'

/** Saves, then goes on with `onSaved`; what went wrong is told, and can be tried again. The first answer: it is being saved. */
export function useSaving<Wanted extends unknown[]>(
  save: (...wanted: Wanted) => Promise<void>,
  onSaved: () => void,
  onFailure: (error: unknown) => void,
) {
  const [isSaving, setSaving] = useState(false)
  const begin = async (...wanted: Wanted): Promise<void> => {
    setSaving(true)
    try {
      await save(...wanted)
      onSaved()
    } catch (error) {
      onFailure(error)
      setSaving(false)
    }
  }
  return [isSaving, begin] as const
}
