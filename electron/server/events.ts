// Events on their way to one window. A window that reads slowly gets the newest state of a job instead of all of them,
// so that what waits is bounded by the number of jobs and never by how long a job runs.
import type { ApiEvent } from '../shared/api.js'

export interface EventQueue {
  push(event: ApiEvent): void
  shift(): ApiEvent | undefined
  readonly length: number
}

/** In order; a job's news takes the place of its older news that nobody has read yet. */
export function createEventQueue(): EventQueue {
  const events: ApiEvent[] = []
  return {
    push(event) {
      const older =
        event.type === 'job'
          ? events.findIndex((queued) => queued.type === 'job' && queued.job.id === event.job.id)
          : -1
      if (older >= 0) events[older] = event
      else events.push(event)
    },
    shift: () => events.shift(),
    get length() {
      return events.length
    },
  }
}
