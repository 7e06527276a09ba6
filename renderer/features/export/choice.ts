// The choice in the export page: begins with what was wished the last time, and what is changed is wished from then on.
import { useEffect, useRef, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { useExportWish, wishExport } from '../../stores/exportWish.js'
import { api } from '../../stores/host.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { ExportChoice, choiceFrom, wishFrom } from './output.js'

/** Undefined until the host has suggested a place; `onFailure` stays the same from call to call. */
export function useExportChoice(clip: Clip, onFailure: (error: unknown) => void) {
  const { language } = useWords()
  const [choice, setChoice] = useState<ExportChoice>()
  const before = useRef<ExportChoice>(undefined)
  const inHandId = clip.sourceId

  useEffect(() => {
    const wish = useExportWish.getState()
    const begin = (path: string): void => {
      const film = useProject.getState().project
      const inHand = clipOf(film, useSession.getState().selectedClipId)
      if (inHand) setChoice(choiceFrom(wish, path, film, inHand))
      before.current = undefined
    }
    const { sources, clips } = useProject.getState().project
    // A film is called like its beginning.
    const { sourceId } = (wish.what === 'film' ? clips[0] : undefined) ?? { sourceId: inHandId }
    const path = sources.find(({ id }) => id === sourceId)?.path
    api().files.suggestOutput(sourceId, wish.container, language, path).then(begin, onFailure)
  }, [inHandId, language, onFailure])

  useEffect(() => {
    if (choice && before.current) wishExport(wishFrom(before.current, choice, inHandId))
    before.current = choice
  }, [choice, inHandId])

  return [choice, setChoice] as const
}
