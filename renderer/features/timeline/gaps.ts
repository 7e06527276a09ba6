// What of a source no clip uses. Pure.

/** The parts of [0, frames) that no clip covers. */
export function gaps(ranges: readonly (readonly [number, number])[], frames: number): [number, number][] {
  const found: [number, number][] = []
  let at = 0
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > at) found.push([at, from])
    at = Math.max(at, to)
  }
  if (at < frames) found.push([at, frames])
  return found
}
