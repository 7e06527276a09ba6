// A host made of nothing: the whole Api over a drawn film, for tests and for looking at the window without a host
// (`vite --mode fake`). It plays by the contract, failures included; no file is touched.
import { ApiEvent } from '../../electron/shared/contract/api.js'
import { AppInfo, Preferences } from '../../electron/shared/contract/app.js'
import { UnfinishedExport } from '../../electron/shared/contract/render.js'
import { Project } from '../../electron/shared/document/document.js'
import { Damage } from '../../electron/shared/media/damage.js'
import { Timing } from '../../electron/shared/media/timing.js'
import type { Connection } from './connect.js'
import { Answers, asynchronous } from './fakeAnswers.js'
import { addressOf } from './fakeFilm.js'
import { fakeModels, shippedModel } from './fakeModels.js'
import { fakeProjects } from './fakeProjects.js'
import { FakeJobs, fakeJobs, fakeRender } from './fakeRender.js'
import { fakeSources } from './fakeSources.js'

const info: AppInfo = {
  version: '0.0.0',
  host: 'browser',
  hasDialogs: false,
  canReveal: false,
  devices: [
    {
      id: 'cpu',
      name: 'This computer’s processor',
      simd: 'avx2',
      threads: 2,
      memoryBytes: 8e9,
      precisions: ['fp32'],
    },
  ],
  models: [shippedModel],
  photoModels: [],
  unusable: [],
  samplePath: '/films/Summer by the lake 1994.mp4',
}

const folder = {
  path: '/films',
  entries: [
    { name: 'Christmas', path: '/films/Christmas', isFolder: true, bytes: 0 },
    { name: 'FlashVSR-v1.1', path: '/films/FlashVSR-v1.1', isFolder: true, bytes: 0 },
    {
      name: 'Summer by the lake 1994.mp4',
      path: '/films/Summer by the lake 1994.mp4',
      isFolder: false,
      bytes: 8.4e6,
    },
    { name: 'Grandpa tape 3.avi', path: '/films/Grandpa tape 3.avi', isFolder: false, bytes: 2.1e9 },
  ],
}

export interface Fake extends Connection {
  /** Everything saved so far, the newest last. */
  saved: Project[]
  /** Moves every running job on by some frames, as time would. */
  advance(frames: number): void
  emit(event: ApiEvent): void
}

interface FakeOptions {
  project?: Project | null
  preferences?: Preferences
  info?: Partial<AppInfo>
  damage?: Partial<Damage>
  timing?: Partial<Timing>
  unfinished?: UnfinishedExport[]
}

const fakeFiles = (jobs: FakeJobs): Answers['files'] => ({
  chooseSources: () => [],
  chooseOutput: () => null,
  chooseFolder: () => null,
  chooseProject: () => null,
  chooseProjectOutput: () => null,
  list: (path) => ({ ...folder, path: path ?? '/films', parent: path ? '/films' : undefined }),
  checkOutput: (path) => ({
    exists: path.includes('exists'),
    isSource: false,
    isInWork: jobs.isInWork(path),
    freePath: path.replace(/(\.\w+)$/, ' (2)$1'),
    freeBytes: 81e9,
  }),
  suggestPhoto: (_, frame, format) => `/films/Summer by the lake 1994 at 0-00-${frame}.${format}`,
  suggestOutput: (_, extension, done, _language, path = '', name = '') => {
    const own = path.replace(/^.*\/|\.\w+$/g, '') || 'Summer by the lake 1994'
    return `/films/${name || own} (${done}).${extension}`
  },
  suggestProject: () => '/films/Summer by the lake 1994.heirloom',
  reveal: () => null,
  openOutput: () => null,
})

function fakeApp(about: () => AppInfo, begun: Preferences | undefined): Answers['app'] {
  let preferences: Preferences = begun ?? { language: 'system', theme: 'system' }
  return {
    info: about,
    preferences: () => preferences,
    setPreferences: (next) => {
      preferences = next
      return null
    },
    menuState: () => null,
    log: () => ({ path: '/data/log/heirloom.log', text: 'film: tape.avi', blanked: 'film: [name 1].avi' }),
    revealLog: () => null,
  }
}

export function createFake(options: FakeOptions = {}): Fake {
  const listeners = new Set<(event: ApiEvent) => void>()
  const emit = (event: ApiEvent): void => listeners.forEach((listener) => listener(event))
  const saved: Project[] = []
  const about = { ...info, ...options.info }
  const models = fakeModels(about.models, about.unusable, emit)
  const jobs = fakeJobs(emit)
  const answers: Answers = {
    app: fakeApp(() => ({ ...about, models: models.list() }), options.preferences),
    files: fakeFiles(jobs),
    models: models.answers,
    sources: fakeSources(options.damage ?? {}, options.timing ?? {}),
    project: fakeProjects(options.project ?? null, saved, emit),
    render: fakeRender(options.unfinished ?? [], about.models, jobs, emit),
    jobs: jobs.answers,
  }
  return {
    api: asynchronous(answers),
    on: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mediaUrl: addressOf,
    host: 'browser',
    upload: (file) => Promise.resolve(`/films/${file.name}`),
    saved,
    advance: (frames) => {
      models.advance()
      jobs.advance(frames)
    },
    emit,
  }
}

/** Stands where the real `connect` stands when the window is built in the mode `fake`: its work goes on by itself. */
export function connect(): Promise<Connection> {
  const fake = createFake()
  setInterval(() => fake.advance(1), 160)
  return Promise.resolve(fake)
}
