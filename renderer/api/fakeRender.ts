// Work in the fake host: previews, exports and photos that go on when they are told to, and exports that were interrupted.
import { ApiEvent } from '../../electron/shared/contract/api.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import { Estimate, UnfinishedExport } from '../../electron/shared/contract/render.js'
import { ModelInfo } from '../../electron/shared/contract/models.js'
import { CutList, EnhanceSettings } from '../../electron/shared/document/project.js'
import { recipeOf } from '../../electron/shared/document/recipeKey.js'
import { secondsOf } from '../../electron/shared/media/frameTable.js'
import { Answers } from './fakeAnswers.js'
import { size, table } from './fakeFilm.js'

type Emit = (event: ApiEvent) => void
type NewJob = Pick<JobState, 'kind' | 'name' | 'framesTotal'> & Partial<JobState>

export interface FakeJobs {
  answers: Answers['jobs']
  /** Returns its id. */
  begin: (job: NewJob) => string
  /** Moves every running job on by some frames, as time would. */
  advance(frames: number): void
  /** Some unfinished job writes this file. */
  isInWork(path: string): boolean
}

const advanced = (job: JobState, count: number): JobState => {
  const framesDone = Math.min(job.framesTotal, job.framesDone + count)
  return {
    ...job,
    framesDone,
    elapsedMs: job.elapsedMs + count * 160,
    framesPerSecond: 6.2,
    speed: 0.21,
    leftMs: (job.framesTotal - framesDone) * 160,
    state: framesDone === job.framesTotal ? 'done' : 'running',
  }
}

export function fakeJobs(emit: Emit): FakeJobs {
  const jobs = new Map<string, JobState>()
  const put = (job: JobState): string => {
    jobs.set(job.id, job)
    emit({ type: 'job', job })
    return job.id
  }
  return {
    begin: (job) =>
      put({
        id: `${job.kind}-${jobs.size + 1}`,
        state: 'running',
        ...{ framesDone: 0, framesPerSecond: 0, speed: 0, elapsedMs: 0, notes: [] },
        ...job,
      }),
    advance(frames) {
      for (const job of jobs.values()) if (!isEnded(job)) put(advanced(job, frames))
    },
    isInWork: (path) => [...jobs.values()].some((job) => !isEnded(job) && job.outputPath === path),
    answers: {
      list: () => [...jobs.values()],
      cancel: (id) => {
        const job = jobs.get(id)
        if (!job) throw new AppError('not-found', 'That work is not in the list any more.')
        put({ ...job, state: 'cancelled' })
        return null
      },
    },
  }
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? path
const framesIn = (project: CutList): number => project.clips.reduce((sum, c) => sum + c.to - c.from, 0)

function estimate(project: CutList): Estimate {
  const scale = project.clips[0]?.enhance.isEnabled ? project.clips[0].enhance.scale : 1
  const frames = framesIn(project)
  return {
    width: size.width * scale,
    height: size.height * scale,
    frames,
    seconds: secondsOf(table, frames),
    workMs: frames * 160,
    isGuess: false,
    framesKept: 0,
    bytes: frames * 42_000,
    freeBytes: 81e9,
    notes: [],
  }
}

/** As on a computer of little memory: four times as large goes in parts. */
const inParts = {
  ...{ weights: 7e6, state: 4e8, cache: 1e8, activations: 1.4e9, total: 1.8e9, limit: 2e9, fits: true },
  ...{ host: 0, whole: 2.7e9, mode: 'parts' as const, rows: 2, columns: 2, speed: 0.84, sentence: '' },
}

export function fakeRender(
  interrupted: readonly UnfinishedExport[],
  models: readonly ModelInfo[],
  { begin }: FakeJobs,
  emit: Emit,
): Answers['render'] {
  let unfinished = [...interrupted]
  const keyOf = (enhance: EnhanceSettings): string => recipeOf(enhance, models) ?? 'none'
  const take = (id: string): UnfinishedExport => {
    const found = unfinished.find((one) => one.id === id)
    if (!found) throw new AppError('not-found', 'This export is not waiting to go on any more.')
    unfinished = unfinished.filter((one) => one !== found)
    emit({ type: 'unfinished', exports: unfinished })
    return found
  }
  return {
    preview: ({ sourceId, from, to, enhance }) => {
      const { width, height } = size
      const grid = { width: width * enhance.scale, height: height * enhance.scale }
      const preview = { sourceId, from, to, ...grid, recipe: keyOf(enhance) }
      return begin({ kind: 'preview', name: 'Preview', framesTotal: to - from, preview })
    },
    coverage: (sourceId, enhance) => ({
      sourceId,
      recipe: keyOf(enhance),
      pictures: [],
      kept: [],
      unsure: [],
    }),
    export: ({ project, output: { path } }) =>
      begin({ kind: 'export', name: nameOf(path), framesTotal: framesIn(project), outputPath: path }),
    unfinished: () => unfinished,
    resume: (id) => {
      const { name, path, framesDone, framesTotal } = take(id)
      return begin({ kind: 'export', name, framesDone, framesTotal, outputPath: path })
    },
    forget: (id) => (take(id), null),
    estimate: ({ project }) => estimate(project),
    fitKeepsake: ({ output: { keepsake } }) => ({ crf: 40, bytes: 0.95 * (keepsake?.mostBytes ?? 0) }),
    lookAtKeepsake: () => ({ id: '0'.repeat(32), width: 1280, height: 960 }),
    notes: () => [],
    memoryPlan: (_, { scale }) =>
      scale < 4 ? { state: 'untouched' as const } : { state: 'planned' as const, plan: inParts },
    photo: ({ output: { path } }) =>
      begin({ kind: 'photo', name: nameOf(path), framesTotal: 17, outputPath: path }),
  }
}
