// The choice in the export page: begins with what was wished the last time, and what is changed is wished from then on.
import { useCallback, useEffect, useRef, useState } from 'react'
import { outputNameOf } from '../../../electron/shared/contract/files.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { What, useExportWish, wishExport } from '../../stores/exportWish.js'
import { api } from '../../stores/host.js'
import { useProjectFile } from '../../stores/projectFile.js'
import { useWords } from '../../stores/words.js'
import { splitPath } from '../../ui/place.js'
import { ExportChoice, choiceFrom, formOf, whatOf, wishFrom } from './output.js'

/** A film is called like its project, or like its beginning where that has no name; a part of it like its recording. */
function suggestedPath(what: What, film: CutList, clip: Clip): Promise<string> {
  const first = what === 'film' ? film.clips[0] : undefined
  const { sourceId } = first ?? clip
  const path = film.sources.find(({ id }) => id === sourceId)?.path
  const name = first && (useProjectFile.getState().file?.name ?? undefined)
  const done = outputNameOf(first ? film.clips : [clip])
  const { container } = formOf(useExportWish.getState())
  const { language } = useWords.getState()
  const { suggestOutput } = api().files
  // What is undefined cannot be sent.
  return name === undefined
    ? suggestOutput(sourceId, container, done, language, path)
    : suggestOutput(sourceId, container, done, language, path, name)
}

/** Undefined until the host has suggested a place; `onFailure` stays the same from call to call. */
export function useExportChoice(film: CutList, clip: Clip, onFailure: (error: unknown) => void) {
  const [choice, setChoice] = useState<ExportChoice>()
  const before = useRef<ExportChoice>(undefined)
  /** Names that nobody has typed. */
  const suggested = useRef(new Set<string>())
  const shown = useRef({ film, clip })
  useEffect(() => {
    shown.current = { film, clip }
  })
  const inHandId = clip.sourceId

  useEffect(() => {
    const wish = useExportWish.getState()
    const { film, clip } = shown.current
    const begin = (path: string): void => {
      suggested.current.add(splitPath(path).name)
      before.current = undefined
      setChoice(choiceFrom(wish, path, film, clip))
    }
    suggestedPath(whatOf(wish, film, clip), film, clip).then(begin, onFailure)
  }, [inHandId, onFailure])

  useEffect(() => {
    const was = before.current
    before.current = choice
    if (!choice || !was) return
    wishExport(wishFrom(was, choice, inHandId, suggested.current))
    if (was.what === choice.what || !suggested.current.has(choice.name)) return
    // Another part of the film is called otherwise, as long as nobody has given it a name.
    suggestedPath(choice.what, shown.current.film, shown.current.clip).then((path) => {
      const { name } = splitPath(path)
      suggested.current.add(name)
      setChoice((now) => (now?.what === choice.what && now.name === choice.name ? { ...now, name } : now))
    }, onFailure)
  }, [choice, inHandId, onFailure])

  /** Another name for one that is taken and that nobody has typed. */
  const takeFree = useCallback((path: string): void => {
    const { name } = splitPath(path)
    setChoice((now) => {
      if (!now || now.mayOverwrite || !suggested.current.has(now.name)) return now
      suggested.current.add(name)
      return { ...now, name }
    })
  }, [])

  return [choice, setChoice, takeFree] as const
}
