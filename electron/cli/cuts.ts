// `heirloom cuts`: a project's cuts for another editor, through the same Api as the windows. The project is only read.
import type { Host } from '../app/host/host.js'
import { readProject } from '../app/project/readProject.js'
import type { Project } from '../shared/document/document.js'
import { rename } from '../shared/document/edits/media.js'
import type { Media } from '../shared/document/media.js'
import { isMeant } from '../shared/document/project.js'
import { frameCount } from '../shared/media/frameTable.js'
import type { SourceId } from '../shared/media/source.js'
import { isCancelled } from '../shared/contract/errors.js'
import { inEnglish, sayIn } from '../shared/words/sentences.js'
import type { CutsCommand } from './arguments.js'
import { checkName } from './before.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

/** Opens the file of a media as it is read in the project; undefined where it is not there, or another one. */
async function open({ api }: Host, media: Media, stop: AbortSignal): Promise<SourceId | undefined> {
  const { id, locations, track, interpretation, facts, name } = media
  const path = locations.absolute
  try {
    return await unlessStopped(stop, async () => {
      const main = await api.sources.open(path)
      const film = track === undefined ? main : await api.sources.chooseFilm(main.id, track)
      const { fields } = interpretation
      const source = fields === undefined ? film : await api.sources.readFields(film.id, fields)
      const table = await api.sources.frameTable(source.id)
      const reference = { id, path, name, frames: facts.frames ?? 1 }
      return isMeant(reference, source.id, frameCount(table)) ? source.id : undefined
    })
  } catch (error) {
    if (isCancelled(error)) throw error
    return undefined // it is told as missing
  }
}

/** Its media by the names that their files have now. */
async function opened(host: Host, project: Project, stop: AbortSignal): Promise<Project> {
  let named = project
  for (const media of project.media) {
    const id = await open(host, media, stop)
    if (id !== undefined) named = rename(media.id, id)(named)
  }
  return named
}

export async function cuts(
  { input, output, format, mayOverwrite, asJson }: CutsCommand,
  withHost: (files: readonly string[], work: (host: Host) => Promise<void>) => Promise<void>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const project = await readProject(input)
  const films = project.media.map(({ locations }) => locations.absolute)
  await withHost([...films, output], async (host) => {
    await checkName(host, { output, mayOverwrite })
    const document = await opened(host, project, stop)
    const notes = await unlessStopped(stop, () =>
      host.api.project.saveCuts(document, format, output, mayOverwrite),
    )
    if (asJson) return terminal.json({ type: 'done', output, notes: notes.map(inEnglish) })
    terminal.print(output)
    for (const note of notes)
      terminal.warn(terminal.t('cli.note', { sentence: sayIn(terminal.language, note) }))
  })
}
