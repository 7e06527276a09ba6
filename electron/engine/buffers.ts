// Buffers of one picture's size that go round: taken, filled, given back. As many are made as are under way at the same time.

export interface Buffers {
  /** Holds anything until it is filled. */
  take(): Uint8Array
  /** A buffer with these bytes. */
  copy(bytes: Uint8Array): Uint8Array
  /** Nobody looks at it any more. */
  give(buffer: Uint8Array): void
}

export function createBuffers(bytes: number): Buffers {
  const spare: Uint8Array[] = []
  const take = (): Uint8Array => spare.pop() ?? new Uint8Array(bytes)
  return {
    take,
    copy(given) {
      const buffer = take()
      buffer.set(given)
      return buffer
    },
    give: (buffer) => void spare.push(buffer),
  }
}
