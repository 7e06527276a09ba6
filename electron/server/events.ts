// Events on their way to one window. A window that reads slowly gets the newest state of a job instead of all of them,
// so that what waits is bounded by the number of jobs and never by how long a job runs; the same for work on models.
import type { ApiEvent } from '../shared/contract/api.js'

export interface EventQueue {
  push(event: ApiEvent): void
  shift(): ApiEvent | undefined
  readonly length: number
}

/** News with the same key replaces older news; undefined: everything of this kind is to be heard. */
function keyOf(event: ApiEvent): string | undefined {
  if (event.type === 'job') return `job ${event.job.id}`
  return event.type === 'models' || event.type === 'modelWork' ? event.type : undefined
}

/** In order; a job's news takes the place of its older news that nobody has read yet. */
export function createEventQueue(): EventQueue {
  const events: ApiEvent[] = []
  return {
    push(event) {
      const key = keyOf(event)
      const older = key === undefined ? -1 : events.findIndex((queued) => keyOf(queued) === key)
      if (older >= 0) events[older] = event
      else events.push(event)
    },
    shift: () => events.shift(),
    get length() {
      return events.length
    },
  }
}
