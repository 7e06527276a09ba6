// How large the film will be, and each of its clips, as far as their sources are open.
import { Clip, CutList } from '../../electron/shared/document/project.js'
import { SequenceSettings } from '../../electron/shared/document/sequence.js'
import { Source, isStill, mainTrack, outputRate, sizeWords } from '../../electron/shared/media/source.js'
import { Placing, Size, isCovered, isCut, placingOf } from '../../electron/shared/planning/composition.js'
import { outputOf } from '../../electron/shared/planning/plan.js'

type Sources = Readonly<Record<Source['id'], Source | undefined>>

/** Of a clip's finished frames. */
export function sizeOfClip({ sourceId, enhance }: Clip, sources: Sources): Size | undefined {
  const source = sources[sourceId]
  return source && outputOf(source.video, enhance)
}

/** Photos are no part of a film. */
const isPhoto = ({ sourceId }: Clip, sources: Sources): boolean => {
  const source = sources[sourceId]
  return source !== undefined && isStill(source)
}

export function sizeOfFilm({ size, clips }: CutList, sources: Sources): Size | undefined {
  const first = clips.find((clip) => !isPhoto(clip, sources))
  return size ?? (first && sizeOfClip(first, sources))
}

/** The clip has another shape than the film, so that there are several ways to bring it into it. */
export function isOfOtherShape(clip: Clip, film: CutList, sources: Sources): boolean {
  if (isPhoto(clip, sources)) return false
  const [own, wanted] = [sizeOfClip(clip, sources), sizeOfFilm(film, sources)]
  return own !== undefined && wanted !== undefined && isOtherShape(own, wanted)
}

export function isOtherShape(own: Size, film: Size): boolean {
  const placing = placingOf(own, film, 'fit')
  return !isCovered(placing, film) || isCut(placing)
}

/** The frame of a film, and where the pictures of a clip stand in it. */
export interface Framing {
  film: Size
  placing: Placing
}

/** Undefined where the clip has the size of the film, or one of them is not known yet. */
export function framingOf(clip: Clip, film: CutList, sources: Sources): Framing | undefined {
  if (isPhoto(clip, sources)) return undefined
  const [own, wanted] = [sizeOfClip(clip, sources), sizeOfFilm(film, sources)]
  if (!own || !wanted || (own.width === wanted.width && own.height === wanted.height)) return undefined
  return { film: wanted, placing: placingOf(own, wanted, clip.fit ?? 'fit') }
}

/** The sizes of its clips, each once, that of the first clip first. */
export function sizesIn({ clips }: CutList, sources: Sources): Size[] {
  const sizes = clips.flatMap((clip) => sizeOfClip(clip, sources) ?? [])
  return [...new Map(sizes.map((size) => [sizeWords(size), size])).values()]
}

/** Lines of the sizes that screens and programs have in common. */
const commonLines = [720, 1080, 1440, 2160] as const

const shapeOf = ({ width, height }: Size): number => width / height
const linesOf = ({ width, height }: Size): number => Math.min(width, height)

/** Sizes round to whole pixels: a chosen one has the shape of the clip that it is nearly as long as. */
const almost = 0.01

export interface CommonSize extends Size {
  lines: number
}

/** Those of the film's own shape, upright where it is, up to the first that loses nothing of its largest clip: larger ones would only cost room. */
export function commonSizes(film: Size, clips: readonly Size[]): CommonSize[] {
  const own = clips.find((clip) => Math.abs(shapeOf(clip) / shapeOf(film) - 1) < almost) ?? film
  const most = Math.max(...clips.map(linesOf))
  const long = (lines: number): number =>
    2 * Math.round((lines * Math.max(shapeOf(own), 1 / shapeOf(own))) / 2)
  return commonLines
    .filter((_, i) => (commonLines[i - 1] ?? 0) < most)
    .map((lines) =>
      own.width < own.height
        ? { lines, width: lines, height: long(lines) }
        : { lines, width: long(lines), height: lines },
    )
}

/** What the film can be beside the size of its first clip: as other clips, common sizes, and the one that it has; each once. */
export function sizesOffered(project: CutList, sources: Sources): (Size | CommonSize)[] {
  const [first, ...others] = sizesIn(project, sources)
  if (!first) return []
  const own = project.size ? [project.size] : []
  const all = [...own, ...commonSizes(project.size ?? first, [first, ...others]), ...others]
  const sizes = new Map(all.map((size) => [sizeWords(size), size]))
  if (!project.size) sizes.delete(sizeWords(first))
  return [...sizes.values()].toSorted((a, b) => a.width * a.height - b.width * b.height)
}

/** The film as large as one of its clips; all else as its first clip has it. */
export function settingsOf(
  { clips: [first] }: CutList,
  sources: Sources,
  size: Size,
): SequenceSettings | undefined {
  const source = first && sources[first.sourceId]
  if (!source) return undefined
  return {
    ...size,
    rate: outputRate(source.video),
    sampleRate: mainTrack(source.audio)?.sampleRate ?? 48_000,
  }
}
