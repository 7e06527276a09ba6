// What was measured of frames between frames, as a table and beside its bars. Pure.
import { meanOf } from './differences.js'

const ways = ['blend', 'compensated', 'ours'] as const
export type Ways = (typeof ways)[number]
export type ByWay<T> = Record<Ways, T>

export const byWay = <T>(of: (way: Ways) => T): ByWay<T> => ({
  ...{ blend: of('blend'), compensated: of('compensated'), ours: of('ours') },
})

export interface Measured {
  /** PSNR of luma, dB, mean of the frames; of moving cells alone, where there are any. */
  all: ByWay<number>
  moving: ByWay<number | undefined>
  /** For a frame that was made; the filter's with the start of its process. */
  seconds: { compensated: number; ours: number }
  /** Shares of cells: made, and of all of them shown as in the nearer key. */
  need: number
  unsure: number
}

export interface MotionRow extends Measured {
  clip: string
  width: number
  height: number
  frames: number
}

/** Place by place. */
export function meanRow(rows: readonly Measured[]): Measured {
  const of = (pick: (row: Measured) => number): number => meanOf(rows.map(pick)) ?? NaN
  return {
    all: byWay((way) => of(({ all }) => all[way])),
    moving: byWay((way) => meanOf(rows.map(({ moving }) => moving[way]))),
    seconds: {
      ...{ compensated: of(({ seconds }) => seconds.compensated), ours: of(({ seconds }) => seconds.ours) },
    },
    ...{ need: of(({ need }) => need), unsure: of(({ unsure }) => unsure) },
  }
}

const digits = (value: number | undefined, places: number): string =>
  value === undefined ? '–' : value.toFixed(places)
const line = (values: readonly string[]): string => `| ${values.join(' | ')} |`
const cells = ({ all, moving, seconds, need, unsure }: Measured): string[] => [
  ...ways.map((way) => digits(all[way], 2)),
  ...ways.map((way) => digits(moving[way], 2)),
  ...[digits(1000 * seconds.compensated, 0), digits(1000 * seconds.ours, 0)],
  ...[digits(100 * need, 0), digits(100 * unsure, 1)],
]

/** Markdown. */
export function table(rows: readonly MotionRow[]): string {
  const head = [
    ...['clip', 'blend, dB', 'FFmpeg', 'ours', 'moving: blend', 'FFmpeg', 'ours'],
    ...['FFmpeg, ms', 'ours, ms', 'need, %', 'unsure, %'],
  ]
  return [
    ...[line(head), line(head.map(() => '---'))],
    ...rows.map((row) => line([`${row.clip} ${row.width}x${row.height}`, ...cells(row)])),
    line(['**mean**', ...cells(meanRow(rows))]),
  ].join('\n')
}

/** Each bar of these numbers, and whether it is met. */
export function bars(rows: readonly MotionRow[]): string[] {
  const { all, moving } = meanRow(rows)
  const under = rows.filter((row) => row.all.ours < row.all.blend).map(({ clip }) => clip)
  const times = meanOf(rows.map(({ seconds }) => seconds.compensated / seconds.ours)) ?? NaN
  const told = (what: string, value: string, isMet: boolean): string =>
    `${what}: ${value} (${isMet ? 'met' : 'not met'})`
  const gain = all.ours - all.compensated
  const overBlend = (moving.ours ?? NaN) - (moving.blend ?? NaN)
  return [
    told('over FFmpeg by at least 0.5 dB', `${gain.toFixed(2)} dB`, gain >= 0.5),
    told('over the blend on moving cells by at least 2 dB', `${overBlend.toFixed(2)} dB`, overBlend >= 2),
    told('on no clip under a blend', under.length === 0 ? 'none' : under.join(', '), under.length === 0),
    told('at least 10 times as fast as FFmpeg', `${times.toFixed(1)} times`, times >= 10),
  ]
}
