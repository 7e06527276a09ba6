// Choices of the export dialog as data: what to export, where, and the output spec they make, beginning with what was wished the
// last time. Pure.
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import {
  Container,
  KeepsakeLevel,
  KeepsakeSpec,
  OutputSpec,
  VideoCodec,
  containersOf,
  keepsakeCrf,
  keepsakeRange,
} from '../../../electron/shared/contract/output.js'
import { ExportRequest, KeepsakeLookRequest } from '../../../electron/shared/contract/render.js'
import { KeepsakeCodec } from '../../../electron/shared/media/keepsake/info.js'
import { keepsakeLevels } from '../../stores/keepsakeLevels.js'
import { ExportWish, KeepsakeWish, What } from '../../stores/exportWish.js'
import { splitPath } from '../../ui/place.js'

export interface ExportChoice extends Omit<OutputSpec, 'path' | 'keepsake'> {
  what: What
  keepsake: KeepsakeWish
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
  const { container, codec, quality, hasAudio, keepsake, folder, name } = after
  return {
    ...{ container, codec, quality, hasAudio, keepsake },
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
export const pathOf = (choice: ExportChoice): string => {
  const { folder, name } = choice
  const { container } = formOf(choice)
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

/** The coding and the kind of file: a Keepsake has its own. */
export const formOf = ({
  keepsake,
  codec,
  container,
}: Pick<ExportChoice, 'keepsake' | 'codec' | 'container'>): { codec: VideoCodec; container: Container } =>
  keepsake.isWanted ? { codec: keepsake.codec, container: keepsake.container } : { codec, container }

/** MKV has no place for what stands behind the film. */
export const keepsakeContainers = (codec: KeepsakeCodec): Container[] =>
  containersOf[codec].filter((container) => container !== 'mkv')

export function withKeepsakeCodec(keepsake: KeepsakeWish, codec: KeepsakeCodec): KeepsakeWish {
  const able = keepsakeContainers(codec)
  return { ...keepsake, codec, container: able.find((one) => one === keepsake.container) ?? able[0] ?? 'mp4' }
}

/** "8", "0.5", "1,5 MB": millions of bytes; undefined where it is no size. */
export function bytesTyped(megabytes: string): number | undefined {
  const typed = /^\s*(\d{1,7}(?:[.,]\d{1,6})?)\s*(?:MB)?\s*$/i.exec(megabytes.normalize('NFKC'))?.[1]
  const bytes = typed === undefined ? 0 : Math.round(1e6 * Number(typed.replace(',', '.')))
  return bytes > 0 ? bytes : undefined
}

/** How many bytes the file may have at most, where a person has said that. */
export const mostBytesOf = ({ keepsake: { isWanted, by, megabytes } }: ExportChoice): number | undefined =>
  isWanted && by === 'size' ? bytesTyped(megabytes) : undefined

/** `crf`: of a wanted size, once that is known; at its coarsest until then. */
function keepsakeSpecOf(choice: ExportChoice, crf: number | undefined): KeepsakeSpec {
  const { by, level, codec } = choice.keepsake
  if (by === 'quality') return { crf: keepsakeCrf(codec, level) }
  const mostBytes = mostBytesOf(choice)
  const one = { crf: crf ?? keepsakeRange[codec].coarsest }
  return mostBytes === undefined ? one : { ...one, mostBytes }
}

export const specOf = (choice: ExportChoice, crf?: number): OutputSpec => ({
  path: pathOf(choice),
  ...formOf(choice),
  quality: choice.quality,
  ...(choice.keepsake.isWanted ? { keepsake: keepsakeSpecOf(choice, crf) } : {}),
  hasAudio: choice.hasAudio,
  mayOverwrite: choice.mayOverwrite,
})

/** What is asked to know how coarsely a film of the wanted size is encoded; undefined where none is wanted, or what was typed is no size. */
export const fitRequestOf = (
  choice: ExportChoice,
  project: CutList,
  clip: Clip,
): ExportRequest | undefined =>
  mostBytesOf(choice) === undefined
    ? undefined
    : { project: projectFor(choice.what, project, clip), output: specOf(choice) }

/** What is asked to see a frame of it: the one under the playhead, or the nearest of the clip. */
export function lookRequestOf(
  choice: ExportChoice,
  project: CutList,
  clip: Clip,
  { playhead, crf }: { playhead: number; crf: number | undefined },
): KeepsakeLookRequest | undefined {
  const film = projectFor(choice.what, project, clip)
  const shown = film.clips.find(({ id }) => id === clip.id)
  if (!shown || shown.from >= shown.to) return undefined
  const frame = Math.max(shown.from, Math.min(shown.to - 1, playhead))
  return { project: film, output: specOf(choice, crf), clipId: clip.id, frame }
}

/** The level that is nearest to how coarsely it is encoded; `coarser` than any. */
export function levelNear(codec: KeepsakeCodec, crf: number): KeepsakeLevel | 'coarser' {
  const away = (level: KeepsakeLevel): number => Math.abs(keepsakeCrf(codec, level) - crf)
  const [nearest] = keepsakeLevels.toSorted((a, b) => away(a) - away(b))
  const spacing = keepsakeCrf(codec, 1) - keepsakeCrf(codec, 2)
  return crf > keepsakeCrf(codec, 1) + spacing / 2 ? 'coarser' : (nearest ?? 1)
}
