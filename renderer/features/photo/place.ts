// Where a photo is to go: begins with a free name that says what it is of.
import { useEffect, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { api } from '../../stores/host.js'
import { useWords } from '../../stores/words.js'
import { NamedPlace, splitPath } from '../../ui/place.js'

/** Undefined until the host has answered; `onFailure` stays the same from call to call. */
export function useSuggestedPlace(clip: Clip, frame: number, onFailure: (error: unknown) => void) {
  const { language } = useWords()
  const [place, setPlace] = useState<NamedPlace>()
  useEffect(() => {
    api()
      .files.suggestPhoto(clip.sourceId, frame, 'png', 'photo', language)
      .then((found) => setPlace({ ...splitPath(found), mayOverwrite: false }), onFailure)
  }, [clip.sourceId, frame, language, onFailure])
  return [place, setPlace] as const
}
