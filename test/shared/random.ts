// Random numbers by seed, so that a failure can be run again by its name.

export interface Random {
  /** 0 <= x < 1 */
  unit(): number
  /** from <= n <= to, whole */
  whole(from: number, to: number): number
  pick<T>(from: readonly T[]): T
}

export function random(seed: number): Random {
  let state = seed >>> 0 || 1
  const unit = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const whole = (from: number, to: number): number => from + Math.floor(unit() * (to - from + 1))
  return { unit, whole, pick: (from) => from[whole(0, from.length - 1)]! }
}
