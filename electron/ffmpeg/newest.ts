// A memory of so many answers: the oldest makes room.

/** Keeps a value; gives it back. */
export function keepNewest<K, V>(kept: Map<K, V>, most: number, key: K, value: V): V {
  kept.set(key, value)
  const [oldest] = kept.keys()
  if (kept.size > most && oldest !== undefined) kept.delete(oldest)
  return value
}
