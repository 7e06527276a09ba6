// OpenTimelineIO (.otio): the cuts in each file's own rate, exact. Clips are written in the first form of their schema, which every reader takes.
import { toNumber, type Rational } from '../media/rational.js'
import { type Cut, type CutFile, type CutFilm, filesOf } from './film.js'
import { fileUrl } from './names.js'

const time = (value: number, rate: Rational) => ({
  ...{ OTIO_SCHEMA: 'RationalTime.1', rate: toNumber(rate), value },
})

const range = (start: number, duration: number, rate: Rational) => ({
  ...{ OTIO_SCHEMA: 'TimeRange.1', start_time: time(start, rate), duration: time(duration, rate) },
})

const reference = (file: CutFile) => ({
  ...{ OTIO_SCHEMA: 'ExternalReference.1', name: file.name, metadata: {} },
  target_url: fileUrl(file.path),
  available_range: range(file.start, file.length, file.clock),
})

const ratioWords = ({ num, den }: Rational): string => `${num}/${den}`

/** In units of its file's clock: what it lasts in the film. */
const lasting = ({ from, to, speed }: Cut): number =>
  speed ? ((to - from) * speed.den) / speed.num : to - from

const warp = (speed: Rational) => ({
  ...{ OTIO_SCHEMA: 'LinearTimeWarp.1', name: '', effect_name: 'LinearTimeWarp', metadata: {} },
  time_scalar: toNumber(speed),
})

const clip = (cut: Cut) => ({
  ...{ OTIO_SCHEMA: 'Clip.1', name: cut.name, markers: [] },
  // What a double cannot hold exactly, for whoever reads it back.
  metadata: {
    heirloom: {
      ...{ rate: ratioWords(cut.file.clock), from: cut.from, to: cut.to },
      ...(cut.speed ? { speed: ratioWords(cut.speed) } : {}),
    },
  },
  media_reference: reference(cut.file),
  source_range: range(cut.file.start + cut.from, lasting(cut), cut.file.clock),
  effects: cut.speed ? [warp(cut.speed)] : [],
})

const gap = (duration: number, rate: Rational) => ({
  ...{ OTIO_SCHEMA: 'Gap.1', name: '', metadata: {}, effects: [], markers: [] },
  source_range: range(0, duration, rate),
})

function track({ cuts, rate }: CutFilm, kind: 'Video' | 'Audio') {
  let end = 0
  const children = cuts.flatMap((cut) => {
    const before = cut.at > end ? [gap(cut.at - end, rate)] : []
    end = cut.end
    const isSilent = kind === 'Audio' && !cut.hasSound
    return [...before, isSilent ? gap(lasting(cut), cut.file.clock) : clip(cut)]
  })
  return {
    ...{ OTIO_SCHEMA: 'Track.1', name: kind, kind, source_range: null },
    ...{ effects: [], markers: [], metadata: {}, children },
  }
}

export function otio(film: CutFilm): string {
  const hasSound = film.cuts.some((cut) => cut.hasSound)
  const timeline = {
    ...{ OTIO_SCHEMA: 'Timeline.1', name: film.name, global_start_time: null },
    metadata: { heirloom: { rate: ratioWords(film.rate), files: filesOf(film).length } },
    tracks: {
      ...{ OTIO_SCHEMA: 'Stack.1', name: 'tracks', source_range: null, effects: [], markers: [] },
      ...{ metadata: {}, children: [track(film, 'Video'), ...(hasSound ? [track(film, 'Audio')] : [])] },
    },
  }
  return `${JSON.stringify(timeline, null, 2)}\n`
}
