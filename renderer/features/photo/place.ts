// Where a photo is to go: begins with a free name that says what it is of.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Clip } from '../../../electron/shared/document/project.js'
import { nearest } from '../../../electron/shared/words/sentences.js'
import { api } from '../../stores/host.js'
import { NamedPlace, splitPath } from '../../ui/place.js'

/** Undefined until the host has answered; `onFailure` stays the same from call to call. */
export function useSuggestedPlace(clip: Clip, frame: number, onFailure: (error: unknown) => void) {
  const { i18n } = useTranslation()
  const [place, setPlace] = useState<NamedPlace>()
  useEffect(() => {
    api()
      .files.suggestPhoto(clip.sourceId, frame, 'png', 'photo', nearest(i18n.language))
      .then((found) => setPlace({ ...splitPath(found), mayOverwrite: false }), onFailure)
  }, [clip.sourceId, frame, i18n.language, onFailure])
  return [place, setPlace] as const
}
