// What is said of a job that is under way.
import { expect, test } from 'vitest'
import type { Lookup } from '../../electron/shared/words/lookup.js'
import type { JobState } from '../../electron/shared/contract/job.js'
import { progressWords } from '../../renderer/features/jobs/words.js'
import { receiveJob, receiveJobs, refreshJobs, useJobs } from '../../renderer/stores/jobs.js'

const job = (over: Partial<JobState>): JobState => ({
  ...{ id: 'a', kind: 'export', name: 'a.mp4', state: 'running', notes: [] },
  ...{ framesDone: 4, framesTotal: 100, framesPerSecond: 2, speed: 0.1, elapsedMs: 2000, ...over },
})
const t = ((key: string) => key) as unknown as Lookup

test('an export tells its pace, unless a preview or a photo goes first', () => {
  const film = job({})
  const words = (jobs: JobState[]): string => progressWords(film, jobs, 'en', t)
  expect(words([film])).toContain('jobs.rate')
  expect(progressWords(job({ leftMs: 5000 }), [], 'en', t)).toBe(
    'jobs.frames · jobs.rate · jobs.elapsed · jobs.left',
  )
  for (const kind of ['preview', 'photo'] as const) {
    expect(words([film, job({ id: 'b', kind })])).toBe('jobs.aside')
    expect(words([film, job({ id: 'b', kind, state: 'done' })])).toContain('jobs.rate')
  }
})

test('the list holds what makes something for a person; looks and measurements are told elsewhere', () => {
  const film = job({})
  const look = job({ id: 'b', kind: 'damage' })
  receiveJobs([look, film])
  receiveJob(look)
  refreshJobs([look, film])
  expect(useJobs.getState().jobs).toEqual([film])
})
