// Where a photo is to go: begins with a free name that says what it is of, and what stands in the way is asked of the host.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OutputCheck } from '../../../electron/shared/contract/files.js'
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

/** What is known of the file at a path; undefined until the host has said it of this very path. */
export function useCheck(
  path: string | undefined,
  onFailure: (error: unknown) => void,
): OutputCheck | undefined {
  const [known, setKnown] = useState<{ of: string; check: OutputCheck }>()
  useEffect(() => {
    if (path === undefined) return
    let isCurrent = true
    const timer = setTimeout(() => {
      api()
        .files.checkOutput(path)
        .then(
          (check) => isCurrent && setKnown({ of: path, check }),
          (error: unknown) => isCurrent && onFailure(error),
        )
    }, 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [path, onFailure])
  return known?.of === path ? known?.check : undefined
}
