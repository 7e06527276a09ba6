// Choices of the export dialog as data: what to export, where, and the output spec they make, beginning with what was wished the
// last time. Pure.
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { Container, OutputSpec, VideoCodec, containersOf } from '../../../electron/shared/contract/output.js'
import { ExportWish, What } from '../../stores/exportWish.js'
import { splitPath } from '../../ui/place.js'

export interface ExportChoice extends Omit<OutputSpec, 'path'> {
  what: What
  folder: string
  /** Without its extension. */
  name: string
}

/** The choices that differ for this film: all clips, the one in hand, its whole source. */
export function whatChoices(project: CutList, clip: Clip): What[] {
  const frames = project.sources.find((s) => s.id === clip.sourceId)?.frames ?? clip.to
  const isPart = clip.from > 0 || clip.to < frames
  return [
    'film',
    ...(project.clips.length > 1 ? (['clip'] as const) : []),
    ...(isPart ? (['source'] as const) : []),
  ]
}

/** What was exported the last time, where that is still a choice. */
export const whatOf = ({ what }: Pick<ExportWish, 'what'>, project: CutList, clip: Clip): What =>
  whatChoices(project, clip).includes(what) ? what : 'film'

/** As it was the last time, where that is still a choice; the name and place that are suggested, where a person has given none. */
export function choiceFrom(
  { folder, named, ...wish }: ExportWish,
  suggested: string,
  project: CutList,
  clip: Clip,
): ExportChoice {
  const place = splitPath(suggested)
  return {
    ...wish,
    what: whatOf(wish, project, clip),
    folder: folder ?? place.folder,
    name: named?.sourceId === clip.sourceId ? named.name : place.name,
    mayOverwrite: false,
  }
}

/** What of a change is to be remembered; a name that was suggested is not. What of the film it is counts when the export begins. */
export function wishFrom(
  before: ExportChoice,
  after: ExportChoice,
  sourceId: Clip['sourceId'],
  suggested: ReadonlySet<string> = new Set(),
): Partial<ExportWish> {
  const { container, codec, quality, hasAudio, folder, name } = after
  return {
    ...{ container, codec, quality, hasAudio },
    ...(folder === before.folder ? {} : { folder }),
    ...(name === before.name || suggested.has(name) ? {} : { named: { sourceId, name } }),
  }
}

/** A clip alone is as large as it is. */
export function projectFor(what: What, project: CutList, clip: Clip): CutList {
  if (what === 'film') return project
  const reference = project.sources.find((s) => s.id === clip.sourceId)
  const sources = project.sources.filter((s) => s.id === clip.sourceId)
  const whole = { ...clip, from: 0, to: reference?.frames ?? clip.to }
  return { sources, clips: [what === 'clip' ? clip : whole] }
}

/** A name that was typed with its ending, or with spaces around it, means the same file. */
export const pathOf = ({ folder, name, container }: ExportChoice): string => {
  const typed = name.trim()
  const isWhole = typed.toLowerCase().endsWith(`.${container}`)
  return `${folder}${isWhole ? typed.slice(0, -container.length - 1) : typed}.${container}`
}

/** Another codec may need another container. */
export function withCodec(choice: ExportChoice, codec: VideoCodec): ExportChoice {
  const able: readonly Container[] = containersOf[codec]
  const container = able.includes(choice.container) ? choice.container : (able[0] ?? 'mkv')
  return { ...choice, codec, container }
}

export const specOf = (choice: ExportChoice): OutputSpec => ({
  path: pathOf(choice),
  container: choice.container,
  codec: choice.codec,
  quality: choice.quality,
  hasAudio: choice.hasAudio,
  mayOverwrite: choice.mayOverwrite,
})
