// What windows ask of the queue.
import type { Api } from '../../shared/contract/api.js'
import type { Jobs } from './jobs.js'

export const jobsHandlers = (jobs: Jobs): Api['jobs'] => ({
  list: () => Promise.resolve(jobs.list()),
  cancel: (id) => {
    jobs.cancel(id)
    return Promise.resolve(null)
  },
})
