// What the machine is doing; written only by events and by the list at the start.
import { create } from 'zustand'
import { JobId, JobState, ListedJob, isEnded, isListed } from '../../electron/shared/contract/job.js'

interface JobsState {
  /** In the order they were first heard of, of kinds that are listed. */
  jobs: ListedJob[]
  /** Ended jobs that the person has put away. */
  hidden: JobId[]
  /** Jobs that had ended when another project was opened: news of that one no more. */
  left: JobId[]
}

export const useJobs = create<JobsState>()(() => ({ jobs: [], hidden: [], left: [] }))

export function receiveJob(job: JobState): void {
  if (!isListed(job)) return
  useJobs.setState(({ jobs }) => ({
    jobs: jobs.some((j) => j.id === job.id) ? jobs.map((j) => (j.id === job.id ? job : j)) : [...jobs, job],
  }))
}

/** The list as the host knows it; events that came meanwhile win. */
export const receiveJobs = (list: readonly JobState[]): void =>
  useJobs.setState(({ jobs }) => ({
    jobs: [...list.filter(isListed).filter((job) => !jobs.some((j) => j.id === job.id)), ...jobs],
  }))

/** The list after a time in which events were missed: it is the newer one. */
export function refreshJobs(list: readonly JobState[]): void {
  const now = list.filter(isListed)
  useJobs.setState(({ jobs }) => ({
    // What the host does not know any more has ended long ago, or ended with it.
    jobs: jobs
      .flatMap((job) => now.find((j) => j.id === job.id) ?? (isEnded(job) ? [job] : []))
      .concat(now.filter((job) => !jobs.some((j) => j.id === job.id))),
  }))
}

export const hideEnded = (): void =>
  useJobs.setState(({ jobs }) => ({ hidden: jobs.filter(isEnded).map((job) => job.id) }))

/** What has ended by now is no news for what is opened next; the work list keeps it. */
export const leaveEnded = (): void =>
  useJobs.setState(({ jobs }) => ({ left: jobs.filter(isEnded).map((job) => job.id) }))
