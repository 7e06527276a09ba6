// Films in the fake host: every name that ends like a film is one.
import { Waveform } from '../../electron/shared/contract/sources.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import { Damage } from '../../electron/shared/media/damage.js'
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { ratesOf } from '../../electron/shared/media/rates.js'
import { Timing } from '../../electron/shared/media/timing.js'
import { Source, isTakenApart } from '../../electron/shared/media/source.js'
import { Answers } from './fakeAnswers.js'
import { damage, filmOf, shortTable, source, table, tableOfFields, withFields } from './fakeFilm.js'

const waveform: Waveform = {
  peaksPerSecond: 50,
  peaks: Array.from({ length: 600 }, (_, i) =>
    Math.min(1, Math.abs(Math.sin(i / 9) * Math.sin(i / 41) * 0.8) + ((i * 7919) % 13) / 80),
  ),
}

export function fakeSources(otherDamage: Partial<Damage>, otherTiming: Partial<Timing>): Answers['sources'] {
  const opened = new Map<string, Source>()
  const remembered = (opening: Source): Source => (opened.set(opening.id, opening), opening)
  const find = (id: string): Source => {
    const read = opened.get(id)
    if (!read) throw new AppError('not-found', 'That film is not open any more.')
    return read
  }
  return {
    inFolder: (path) => [`${path}/one.mp4`, `${path}/two.mp4`],
    recent: () => [
      { path: '/films/Grandpa tape 3.avi', name: 'Grandpa tape 3.avi', openedMs: Date.UTC(2026, 9, 2) },
    ],
    open: (path) => {
      if (!/\.(mp4|avi|mov|mkv)$/.test(path))
        throw new AppError(
          'not-a-video',
          `"${path}" is not a film. Nothing was changed. Choose another file.`,
        )
      return remembered(source(path))
    },
    fieldCounts: () => ({ top: 2, bottom: 60, whole: 4 }),
    readFields: (id, chosen) => remembered(withFields(find(id), chosen)),
    chooseFilm: (id, track) => {
      const read = find(id)
      if (!read.films?.some(({ index }) => index === track))
        throw new AppError('no-video-stream', `There is no film at track ${track}.`)
      return remembered(filmOf(read, track))
    },
    frameTable: (id) => {
      const read = opened.get(id)
      if (read?.video.index === 2) return shortTable
      return read && isTakenApart(read) ? tableOfFields : table
    },
    timing: () => ({
      frames: frameCount(table),
      sections: [{ from: 0, to: frameCount(table), cadence: { kind: 'whole' }, phase: 0, seen: 1 }],
      rates: ratesOf(table),
      repeated: [],
      torn: [],
      lost: [],
      cuts: [],
      ...otherTiming,
    }),
    keepsake: () => ({ state: 'none' }),
    checkKeepsake: () => ({ state: 'none' }),
    keepsakePhoto: () => ({ state: 'none' }),
    waveform: () => waveform,
    playable: () => ({ kind: 'pending' }),
    damage: () => ({ ...damage, ...otherDamage }),
    cancelDamage: () => null,
  }
}
