// A bounded queue between two stages of the pipeline: `put` waits while it is full, `take` while it is empty.

export interface Queue<T> {
  put(item: T): Promise<void>
  /** undefined once the queue was closed and is empty. */
  take(): Promise<T | undefined>
  /** No more items will come. */
  close(): void
  /** Everybody waiting, now or later, gets this error. */
  fail(error: unknown): void
}

export function createQueue<T>(limit: number): Queue<T> {
  const items: T[] = []
  let isClosed = false
  let failure: { error: unknown } | undefined
  let wake: (() => void)[] = []
  const changed = (): void => {
    const waiting = wake
    wake = []
    for (const resume of waiting) resume()
  }
  const change = (): Promise<void> => new Promise((resume) => wake.push(resume))
  const check = (): void => {
    if (failure) throw failure.error
  }
  return {
    async put(item) {
      check()
      while (items.length >= limit) {
        await change()
        check()
      }
      items.push(item)
      changed()
    },
    async take() {
      check()
      while (items.length === 0 && !isClosed) {
        await change()
        check()
      }
      const item = items.shift()
      changed()
      return item
    },
    close() {
      isClosed = true
      changed()
    },
    fail(error) {
      failure ??= { error }
      changed()
    },
  }
}
