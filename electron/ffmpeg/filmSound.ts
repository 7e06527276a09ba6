// A range of sound as long as its frames are shown: as it is, stretched at the same pitch, or silent.
import { type Cut, type Range, cutChains } from './cutSound.js'

/** Seconds that a range lasts in the film. */
export const filmLength = ({ fromSeconds, toSeconds, filmSeconds }: Range): number =>
  filmSeconds ?? toSeconds - fromSeconds

/** How many times as fast it plays. */
export const tempoOf = (range: Range): number => (range.toSeconds - range.fromSeconds) / filmLength(range)

/** Its sound is worked on, so it cannot be copied. */
export const isRetimed = ({ filmSeconds, isSilent }: Range): boolean =>
  filmSeconds !== undefined || isSilent === true

/** They play alike, so that one after the other is one. */
export const playAlike = (a: Range, b: Range): boolean =>
  a.isSilent === b.isSilent && Math.abs(tempoOf(a) - tempoOf(b)) < 1e-9

/** Two ranges that follow each other, as one. */
export const together = (a: Range, b: Range): Range => ({
  ...{ ...a, toSeconds: b.toSeconds },
  ...(a.filmSeconds === undefined ? {} : { filmSeconds: filmLength(a) + filmLength(b) }),
})

/** Below a half the filter takes less than every second of its samples, and it is heard: rather twice, which every ffmpeg can do. */
const slowest = 0.5

/** So much of its first window is not heard, by the middle of the energy of clicks at half, a quarter and an eighth of the tempo. */
const lostWindow = 9 / 32

/** Samples that the filter lays over each other at a rate: a power of two, at least a 24th of a second. */
const tempoWindow = (rate: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, Math.floor(rate / 24))))

/**
 * Filters that change the tempo and not the pitch. Rubber Band would do it better, and is missing in most builds. Each loses a part of its first
 * window, measured with clicks: without as much silence before it all of the sound would be early, by as many times more as it is stretched.
 */
export function tempoFilters(tempo: number, rate: number): string {
  const steps: number[] = []
  let left = tempo
  for (; left < slowest; left /= slowest) steps.push(slowest)
  const silence = `adelay=${Math.round(lostWindow * tempoWindow(rate))}S:all=1`
  return [...steps, left].map((step) => `${silence},atempo=${step.toFixed(9)}`).join(',')
}

/** The filter chains of a range that end in [label], `samples` long in the film. */
export function soundChains(
  range: Range,
  cut: Cut,
  input: () => number,
  add: (args: string[]) => number,
): string[] {
  if (range.isSilent) return cutChains(range, { ...cut, form: `${cut.form},volume=0` }, input, add)
  if (range.filmSeconds === undefined) return cutChains(range, cut, input, add)
  const { label, samples, rate } = cut
  const own = { label: `${label}own`, samples: Math.round((range.toSeconds - range.fromSeconds) * rate) }
  return [
    ...cutChains(range, { ...cut, ...own }, input, add),
    `[${own.label}]${tempoFilters(tempoOf(range), rate)},apad=whole_len=${samples},asetpts=N,atrim=end_sample=${samples}[${label}]`,
  ]
}
