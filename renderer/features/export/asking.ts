// What the host works out when a person asks, which takes seconds: given up when the question changes, or nobody waits for it any more.
import { useEffect, useState } from 'react'
import { Failure, isCancelled, toFailure } from '../../../electron/shared/contract/errors.js'

interface Answer<Found> {
  /** What was asked about, as text. */
  of: string
  found?: Found
  failure?: Failure
}

export interface Asking<Found> {
  isLooking: boolean
  found?: Found | undefined
  failure?: Failure | undefined
  /** Undefined where there is nothing to work out. */
  find?: (() => void) | undefined
  stop: () => void
}

/** `of`: the question as text; `ask`: undefined where there is none. `stop` stays the same from call to call. */
export function useAsking<Found>(
  of: string | undefined,
  ask: (() => Promise<Found>) | undefined,
  stop: () => void,
): Asking<Found> {
  const [known, setKnown] = useState<Answer<Found>>()
  const answer = known && known.of === of ? known : undefined
  // Nobody waits for it any more.
  useEffect(() => stop, [of, stop])
  const find = (): void => {
    if (!ask || of === undefined) return
    setKnown({ of })
    // Another answer may be waited for by now.
    const put = (next: Answer<Found> | undefined): void => setKnown((now) => (now?.of === of ? next : now))
    ask().then(
      (found) => put({ of, found }),
      (error: unknown) => put(isCancelled(error) ? undefined : { of, failure: toFailure(error) }),
    )
  }
  const { found, failure } = answer ?? {}
  const isLooking = answer !== undefined && found === undefined && !failure
  return { isLooking, found, failure, stop, find: ask && !answer ? find : undefined }
}
