// How large the film will be, and each of its clips, as far as their sources are open.
import { Clip, CutList } from '../../electron/shared/document/project.js'
import { SequenceSettings } from '../../electron/shared/document/sequence.js'
import { Source, mainTrack, outputRate, sizeWords } from '../../electron/shared/media/source.js'
import { Placing, Size, isCovered, isCut, placingOf } from '../../electron/shared/planning/composition.js'
import { outputOf } from '../../electron/shared/planning/plan.js'

type Sources = Readonly<Record<Source['id'], Source | undefined>>

/** Of a clip's finished frames. */
export function sizeOfClip({ sourceId, enhance }: Clip, sources: Sources): Size | undefined {
  const source = sources[sourceId]
  return source && outputOf(source.video, enhance)
}

export const sizeOfFilm = ({ size, clips: [first] }: CutList, sources: Sources): Size | undefined =>
  size ?? (first && sizeOfClip(first, sources))

/** The clip has another shape than the film, so that there are several ways to bring it into it. */
export function isOfOtherShape(clip: Clip, film: CutList, sources: Sources): boolean {
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
  const [own, wanted] = [sizeOfClip(clip, sources), sizeOfFilm(film, sources)]
  if (!own || !wanted || (own.width === wanted.width && own.height === wanted.height)) return undefined
  return { film: wanted, placing: placingOf(own, wanted, clip.fit ?? 'fit') }
}

/** The sizes of its clips, each once, that of the first clip first. */
export function sizesIn({ clips }: CutList, sources: Sources): Size[] {
  const sizes = clips.flatMap((clip) => sizeOfClip(clip, sources) ?? [])
  return [...new Map(sizes.map((size) => [sizeWords(size), size])).values()]
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
