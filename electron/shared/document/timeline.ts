// Pure timeline maths over the project document: every edit of the renderer and every test of it goes through here.
import { Clip, ClipId, EnhanceSettings, Frame, Project, SourceReference } from './project.js'

export type Edit = (project: Project) => Project

const mapClip = (project: Project, id: ClipId, change: (clip: Clip) => Clip | Clip[]): Project => ({
  ...project,
  clips: project.clips.flatMap((clip) => (clip.id === id ? change(clip) : clip)),
})

const framesOf = (project: Project, clip: Clip): number =>
  project.sources.find((source) => source.id === clip.sourceId)?.frames ?? clip.to

/** Put a source's whole length at the end of the film. A source that is already known is not listed twice. */
export const addSource =
  (source: SourceReference, id: ClipId, enhance: EnhanceSettings): Edit =>
  (project) => ({
    ...project,
    sources: project.sources.some((s) => s.id === source.id) ? project.sources : [...project.sources, source],
    clips: [
      ...project.clips,
      { id, sourceId: source.id, name: source.name, from: 0, to: source.frames, enhance },
    ],
  })

/** Set in and out, kept inside the source and at least one frame long. */
export const trim =
  (id: ClipId, range: { from?: Frame; to?: Frame }): Edit =>
  (project) =>
    mapClip(project, id, (clip) => {
      const frames = framesOf(project, clip)
      const limit = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)
      if (range.from !== undefined && range.to === undefined) {
        const from = limit(range.from, 0, frames - 1)
        return { ...clip, from, to: Math.max(clip.to, from + 1) }
      }
      const to = limit(range.to ?? clip.to, 1, frames)
      const from = limit(range.from ?? clip.from, 0, to - 1)
      return { ...clip, from, to }
    })

/** Cut a clip in two at a frame of its source; nothing happens at its first frame or outside it. */
export const split =
  (id: ClipId, at: Frame, newId: ClipId): Edit =>
  (project) =>
    mapClip(project, id, (clip) =>
      at <= clip.from || at >= clip.to
        ? clip
        : [
            { ...clip, to: at },
            { ...clip, id: newId, from: at },
          ],
    )

/** Take a clip out; a source that no clip uses any more leaves with it. */
export const remove =
  (id: ClipId): Edit =>
  (project) => {
    const clips = project.clips.filter((clip) => clip.id !== id)
    return {
      ...project,
      clips,
      sources: project.sources.filter((s) => clips.some((clip) => clip.sourceId === s.id)),
    }
  }

/** Move a clip to a place in the order (0 = first). */
export const move =
  (id: ClipId, index: number): Edit =>
  (project) => {
    const clip = project.clips.find((c) => c.id === id)
    if (!clip) return project
    const others = project.clips.filter((c) => c.id !== id)
    return { ...project, clips: [...others.slice(0, index), clip, ...others.slice(index)] }
  }

export const setEnhance =
  (id: ClipId, change: Partial<EnhanceSettings>): Edit =>
  (project) =>
    mapClip(project, id, (clip) => ({ ...clip, enhance: { ...clip.enhance, ...change } }))

/** A source read otherwise, with more or fewer frames: its clips begin and end at the same moments as before. */
export const reread =
  (id: SourceReference['id'], as: SourceReference): Edit =>
  (project) => {
    const before = project.sources.find((source) => source.id === id)
    if (!before) return project
    const place = (frame: Frame): Frame => Math.floor((frame * as.frames) / before.frames)
    return {
      ...project,
      sources: project.sources.flatMap((source) =>
        source.id === id ? as : source.id === as.id ? [] : source,
      ),
      clips: project.clips.map((clip) => {
        if (clip.sourceId !== id) return clip
        const from = place(clip.from)
        return { ...clip, sourceId: as.id, from, to: Math.max(place(clip.to), from + 1) }
      }),
    }
  }

/**
 * Another film of its file for one clip. What used all of it uses all of the other; else the clip begins and ends at the same
 * moments (`place`), as far as the other reaches.
 */
export const chooseFilm =
  (id: ClipId, as: SourceReference, place: (frame: Frame) => Frame): Edit =>
  (project) => {
    const changed = mapClip(project, id, (clip) => {
      if (clip.sourceId === as.id) return clip
      const isWhole = clip.from === 0 && clip.to === framesOf(project, clip)
      const from = isWhole ? 0 : Math.min(place(clip.from), as.frames - 1)
      const to = isWhole ? as.frames : Math.min(Math.max(place(clip.to), from + 1), as.frames)
      return { ...clip, sourceId: as.id, from, to }
    })
    const sources = project.sources.some((s) => s.id === as.id) ? project.sources : [...project.sources, as]
    return { ...changed, sources: sources.filter((s) => changed.clips.some((c) => c.sourceId === s.id)) }
  }

/** What a source's length turned out to be: clips that reached its end still do, and none reaches further. */
export const countFrames =
  (id: SourceReference['id'], frames: number): Edit =>
  (project) => {
    const before = project.sources.find((source) => source.id === id)
    if (!before || before.frames === frames) return project
    return {
      ...project,
      sources: project.sources.map((source) => (source.id === id ? { ...source, frames } : source)),
      clips: project.clips.map((clip) => {
        if (clip.sourceId !== id) return clip
        const to = clip.to === before.frames ? frames : Math.min(clip.to, frames)
        return { ...clip, from: Math.min(clip.from, to - 1), to }
      }),
    }
  }
