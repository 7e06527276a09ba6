// Where the pictures of a clip stand on the stage, which is the film's frame where they are of another size than the film.
import { CSSProperties, useMemo } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { Divider } from '../../stores/divider.js'
import { Framing, framingOf } from '../../stores/filmSize.js'
import { useProject } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'

/** Undefined where the picture is the frame. */
export function useFraming(clip: Clip): Framing | undefined {
  const film = useProject((s) => s.project)
  const sources = useSources((s) => s.sources)
  return useMemo(() => framingOf(clip, film, sources), [clip, film, sources])
}

const percent = (share: number): string => `${100 * share}%`
const limit = (share: number): number => Math.min(1, Math.max(0, share))

/** One side of a picture on the stage: where it begins, how long it is, and what of it is cut off before and behind; shares of the stage, then of the picture. */
interface Side {
  start: number
  length: number
  before: number
  behind: number
}

function sideOf({ film, placing: { scaled, part, at } }: Framing, isAcross: boolean): Side {
  const [side, axis] = isAcross ? (['width', 'x'] as const) : (['height', 'y'] as const)
  return {
    start: (at[axis] - part[axis]) / film[side],
    length: scaled[side] / film[side],
    before: part[axis] / scaled[side],
    behind: (scaled[side] - part[axis] - part[side]) / scaled[side],
  }
}

const whole: Side = { start: 0, length: 1, before: 0, behind: 0 }

/** How a picture is laid on the stage. `divider`: only what lies behind the line is seen. */
export function pictureStyle(framing: Framing | undefined, divider?: Divider): CSSProperties {
  const [across, down] = framing ? [sideOf(framing, true), sideOf(framing, false)] : [whole, whole]
  const begin = ({ start, length, before }: Side, isCutHere: boolean): number =>
    isCutHere && divider ? Math.max(before, limit((divider.position - start) / length)) : before
  const [left, top] = [
    begin(across, divider?.isVertical === true),
    begin(down, divider?.isVertical === false),
  ]
  const cuts = [top, across.behind, down.behind, left]
  return {
    ...(framing
      ? {
          ...{ left: percent(across.start), width: percent(across.length) },
          ...{ top: percent(down.start), height: percent(down.length) },
        }
      : {}),
    ...(divider || cuts.some((cut) => cut > 0) ? { clipPath: `inset(${cuts.map(percent).join(' ')})` } : {}),
  }
}
