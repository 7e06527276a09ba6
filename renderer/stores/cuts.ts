// The shown film's cuts for other editors: what a format does not carry, where the file could go to, and writing it.
import type { CutFormat } from '../../electron/shared/interchange/formats.js'
import type { Message } from '../../electron/shared/words/sentences.js'
import { api } from './host.js'
import { useProject } from './project.js'
import { useProjectFile } from './projectFile.js'
import { suggestedPath } from './projectFiles.js'
import { inform } from './session.js'
import { useSources } from './sources.js'
import { useWords } from './words.js'

export const cutNotes = (format: CutFormat): Promise<Message[]> =>
  api().project.cutNotes(useProject.getState().document, format)

/** A free name beside the film's first video, called like the project; where none of its videos is there, beside the project. */
export async function suggestedCuts(format: CutFormat): Promise<string> {
  const { sources } = useSources.getState()
  const [first] = useProject.getState().project.clips.flatMap(({ sourceId }) => sources[sourceId] ?? [])
  if (!first) return suggestedPath()
  const { language } = useWords.getState()
  const name = useProjectFile.getState().file?.name ?? first.name.replace(/\.[^.]*$/, '')
  return api().files.suggestOutput(first.id, format, 'cuts', language, first.path, name)
}

/** Rejects where they cannot be written. */
export async function saveCuts(format: CutFormat, path: string, mayOverwrite: boolean): Promise<void> {
  await api().project.saveCuts(useProject.getState().document, format, path, mayOverwrite)
  inform('cutsSaved', { name: path.split(/[\\/]/).at(-1) ?? path })
}
