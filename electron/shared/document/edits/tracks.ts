// Tracks of a sequence, and what it is made for.
import { Sequence, Track } from '../sequence.js'
import { Edit, mapSequences } from './change.js'

/** A new empty track over all others of the first sequence; its id is one that nobody has. */
export const addTrack =
  (kind: Track['kind'], id: Track['id']): Edit =>
  (project) => {
    const first = project.sequences[0]
    if (!first || project.sequences.some(({ tracks }) => tracks.some((track) => track.id === id)))
      return project
    const tracks = [...first.tracks, { id, kind, items: [] }]
    return mapSequences(project, (sequence) => (sequence === first ? { ...sequence, tracks } : sequence))
  }

/** Size, rate and sample rate of the first sequence. */
export const setSequence =
  (settings: Sequence['settings']): Edit =>
  (project) => {
    const first = project.sequences[0]
    if (!first || JSON.stringify(first.settings) === JSON.stringify(settings)) return project
    return mapSequences(project, (sequence) => (sequence === first ? { ...sequence, settings } : sequence))
  }
