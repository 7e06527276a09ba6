// Choices of the export dialog as data: what to export, where, and the output spec they make. Pure.
import { Clip, Project } from '../../../electron/shared/project.js'
import { Container, OutputSpec, VideoCodec, containersOf } from '../../../electron/shared/output.js'

export type What = 'film' | 'clip' | 'source'

export interface ExportChoice extends Omit<OutputSpec, 'path'> {
  what: What
  folder: string
  /** Without its extension. */
  name: string
}

/** The choices that differ for this film: all clips, the one in hand, its whole source. */
export function whatChoices(project: Project, clip: Clip): What[] {
  const frames = project.sources.find((s) => s.id === clip.sourceId)?.frames ?? clip.to
  const isPart = clip.from > 0 || clip.to < frames
  return [
    'film',
    ...(project.clips.length > 1 ? (['clip'] as const) : []),
    ...(isPart ? (['source'] as const) : []),
  ]
}

export function projectFor(what: What, project: Project, clip: Clip): Project {
  if (what === 'film') return project
  const reference = project.sources.find((s) => s.id === clip.sourceId)
  const sources = project.sources.filter((s) => s.id === clip.sourceId)
  const whole = { ...clip, from: 0, to: reference?.frames ?? clip.to }
  return { ...project, sources, clips: [what === 'clip' ? clip : whole] }
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
