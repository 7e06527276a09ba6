// The size of a sequence, and how items of another one come into it.
import { Project } from '../document.js'
import { Fit, ItemId, Sequence, SequenceSettings } from '../sequence.js'
import { Edit, mapSequences, mapTracks, mapped, withItems } from './change.js'

export const setFit =
  (id: ItemId, fit: Fit): Edit =>
  (project) =>
    mapSequences(project, (sequence) =>
      mapTracks(sequence, (track) =>
        withItems(
          track,
          mapped(track.items, (item) => (item.id === id && item.fit !== fit ? { ...item, fit } : item)),
        ),
      ),
    )

const isSame = (a: Sequence['settings'], b: Sequence['settings']): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Of the sequence that is shown and exported; undefined: as its first item has it. */
export const setSettings =
  (settings: SequenceSettings | undefined): Edit =>
  (project: Project) =>
    mapSequences(project, (sequence) => {
      const after = settings ?? 'as-first-item'
      const isShown = sequence === project.sequences[0]
      return !isShown || isSame(sequence.settings, after) ? sequence : { ...sequence, settings: after }
    })
