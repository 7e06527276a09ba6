// Values out of files, bounded before anything walks through them: depth, number of values, no keys that mean something to JavaScript.

export interface Bounds {
  depth: number
  values: number
}

export type Excess = 'too-deep' | 'too-many-values' | 'bad-key' | 'not-json'

interface Open {
  value: unknown
  depth: number
}

const childrenOf = (value: object): unknown[] => (Array.isArray(value) ? value : Object.values(value))

const isPlain = (value: object): boolean => {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const isScalar = (value: unknown): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value))

/** What is too much about a value, without recursion; undefined: plain JSON within bounds. */
export function excessOf(value: unknown, bounds: Bounds): Excess | undefined {
  const open: Open[] = [{ value, depth: 0 }]
  let values = 0
  for (let next = open.pop(); next; next = open.pop()) {
    if (++values > bounds.values) return 'too-many-values'
    if (isScalar(next.value)) continue
    if (typeof next.value !== 'object' || next.value === null || !isPlain(next.value)) return 'not-json'
    if (next.depth >= bounds.depth) return 'too-deep'
    if (Object.hasOwn(next.value, '__proto__')) return 'bad-key'
    const depth = next.depth + 1
    for (const child of childrenOf(next.value)) open.push({ value: child, depth })
  }
  return undefined
}
