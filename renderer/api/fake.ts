// A host made of nothing: the whole Api over a drawn film, for tests and for looking at the window without a host
// (`vite --mode fake`). It plays by the contract, failures included; no file is touched.
import { Api, ApiEvent, Namespace } from '../../electron/shared/contract/api.js'
import { AppInfo, Preferences } from '../../electron/shared/contract/app.js'
import { UnfinishedExport } from '../../electron/shared/contract/render.js'
import { Damage } from '../../electron/shared/media/damage.js'
import { AppError } from '../../electron/shared/contract/errors.js'
import { durationOf, secondsOf } from '../../electron/shared/media/frameTable.js'
import { JobState, isEnded } from '../../electron/shared/contract/job.js'
import { DownloadOffer, FoundWeights, ModelInfo, ModelWork } from '../../electron/shared/contract/models.js'
import { Project } from '../../electron/shared/document/document.js'
import { CutList, settingsKeyOf } from '../../electron/shared/document/project.js'
import { rational } from '../../electron/shared/media/rational.js'
import { Route } from '../../electron/shared/contract/routes.js'
import {
  ChosenFields,
  Film,
  FrameTable,
  Source,
  Tagged,
  distilled,
  interpreted,
  isTakenApart,
  readOtherwise,
} from '../../electron/shared/media/source.js'
import { message } from '../../electron/shared/words/sentences.js'
import type { Connection } from './connect.js'
import { fakeProjects } from './fakeProjects.js'

const size = { width: 640, height: 480 }
const frames = 360

const table: FrameTable = {
  timeBase: rational(1001, 30000),
  frames: [{ start: 0, steps: [1], count: frames }],
  lastTicks: 1,
  start: 0,
  keyFrames: [{ start: 0, steps: [] }],
}

/** The same film, a picture for every field. */
const tableOfFields: FrameTable = {
  ...table,
  timeBase: rational(1001, 60000),
  frames: [{ start: 0, steps: [1], count: 2 * frames }],
}

/** A name's letters as the identity of its content. */
const idOf = (name: string): string =>
  [...name]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(16, '0')
    .slice(0, 32)

const tagged = (path: string): Tagged => ({
  index: 0,
  codec: 'h264',
  ...size,
  pixelFormat: 'yuv420p',
  bits: 8,
  chroma: '420',
  sampleAspect: rational(1),
  rotation: 0,
  isMirrored: false,
  fieldOrder: path.includes('tape') ? 'tff' : 'progressive',
  frameRate: rational(30000, 1001),
  isVariable: false,
  timeBase: rational(1, 30000),
  matrix: 'bt601',
  range: 'limited',
  siting: 'left',
})

const source = (path: string): Source => ({
  id: idOf(path),
  fingerprint: idOf(path),
  path,
  name: path.split('/').at(-1) ?? path,
  bytes: 8_400_000,
  modifiedMs: Date.UTC(2004, 5, 12),
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: durationOf(table),
  startSeconds: 0,
  tagged: tagged(path),
  interpretation: {},
  video: interpreted(tagged(path), {}),
  audio: [{ index: 1, codec: 'aac', channels: 2, sampleRate: 48000, roles: [] }],
  others: [],
  chapters: path.includes('chapters') ? [0, 4, 8].map((from) => ({ from, to: from + 4, title: '' })) : [],
  createdAt: '1994-07-16T15:04:00Z',
  tags: {},
  warnings: path.includes('odd') ? [message('noteTruncated')] : [],
  films: path.includes('several') ? films : undefined,
})

/** Tracks 0 and 2 of a file with several films; the one that opens by itself is the first. */
const films: Film[] = [
  { index: 0, codec: 'h264', ...size, seconds: durationOf(table) },
  {
    index: 2,
    codec: 'h264',
    width: 320,
    height: 240,
    seconds: durationOf(table) / 2,
    title: 'Behind the scenes',
  },
]

/** The file itself for its first film as it says itself; other films and other fields are sources of their own. */
const idIn = (path: string, track: number, fields: ChosenFields | undefined): string =>
  track === 0 && fields === undefined ? idOf(path) : idOf(`${track}${fields ?? ''}${path}`)

function filmOf(read: Source, track: number): Source {
  const { width, height } = films.find(({ index }) => index === track) ?? size
  const tagged = { ...read.tagged, width, height, index: track }
  const film = { ...read, tagged }
  return readOtherwise(film, idIn(read.path, track, undefined), {})
}

function withFields(read: Source, chosen: ChosenFields | null): Source {
  const { fields } = distilled(read.tagged, { fields: chosen ?? undefined })
  return readOtherwise(read, idIn(read.path, read.tagged.index, fields), fields ? { fields } : {})
}

/** Of the second film. */
const shortTable: FrameTable = { ...table, frames: [{ start: 0, steps: [1], count: frames / 2 }] }

const shippedModel: ModelInfo = {
  id: 'heirloom-s',
  name: 'Heirloom S',
  graph: 'heirloom-small',
  version: '0.1.0',
  hash: '9f2c4f6a1b7d'.padEnd(64, '0'),
  scales: [1, 2, 4],
  parameters: 1_750_000,
  contract: {
    does: 'enhance',
    time: { warmup: 16, lookahead: 8, chunk: 4, alignment: 1, out: [1, 1] },
    settings: {},
    arithmetic: ['fp32'],
  },
  hasStrength: false,
  licence: 'MIT',
  folder: '/heirloom/models/heirloom-s',
  bytes: 3_500_000,
  origin: { kind: 'shipped' },
}

const weights = (isKnown: boolean): FoundWeights['files'] =>
  [
    { name: 'diffusion_pytorch_model_streaming_dmd.safetensors', bytes: 5_676_070_392 },
    { name: 'LQ_proj_in.ckpt', bytes: 575_694_948 },
    { name: 'TCDecoder.ckpt', bytes: 189_018_333 },
    { name: 'posi_prompt.pth', bytes: 4_195_504 },
  ].map((file) => ({ ...file, hash: idOf(file.name).padEnd(64, '7').slice(0, 64), isKnown }))

const importedModel = (version: 'v1' | 'v1.1', from: string): ModelInfo => ({
  ...shippedModel,
  id: `flashvsr-${version}`,
  name: `FlashVSR ${version}`,
  graph: 'flashvsr',
  version,
  hash: '51c0ffee'.padEnd(64, '2'),
  scales: [2, 4],
  parameters: 1_752_180_000,
  licence: 'Apache-2.0',
  folder: `/heirloom/data/models/flashvsr-${version}`,
  bytes: 3_410_000_000,
  origin: { kind: 'folder', from, addedMs: Date.UTC(2026, 9, 4), files: weights(true) },
})

const offer = (version: 'v1' | 'v1.1', address: string): DownloadOffer => ({
  id: `flashvsr-${version}`,
  name: `FlashVSR ${version}`,
  version,
  licence: 'Apache-2.0',
  address,
  files: weights(version === 'v1.1').map(({ name, bytes, hash, isKnown }) => ({
    ...{ name, bytes, address: address + name },
    hash: isKnown ? hash : undefined,
  })),
  bytes: 6_444_979_177,
  fetchedBytes: 0,
  folder: `/heirloom/data/models/flashvsr-${version}`,
  needBytes: 9_944_979_177,
  keptBytes: 3_500_000_000,
  freeBytes: 81e9,
})

const damage: Damage = {
  noise: 0.4,
  blockiness: 0.2,
  blur: 0.3,
  combing: 0,
  position: 0.4,
  strength: 0.7,
}

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

/** A drawn picture of a frame; `isSharp` for enhanced ones. */
function drawing(frame: number, isSharp: boolean): string {
  const x = 60 + ((frame * 3) % 520)
  const blur = isSharp ? '' : '<filter id="b"><feGaussianBlur stdDeviation="2.4"/></filter>'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="960" viewBox="0 0 640 480">${blur}
<g${isSharp ? '' : ' filter="url(#b)"'}><rect width="640" height="480" fill="#9db8c6"/><circle cx="500" cy="90" r="46" fill="#f5d58c"/>
<path d="M0 250 L140 150 L260 240 L400 130 L640 260 V320 H0Z" fill="#6d8a72"/><rect y="300" width="640" height="180" fill="#4f7f95"/>
<g stroke="#86aebd" stroke-width="3"><path d="M40 340h90M220 372h120M420 345h80M90 420h160M360 436h190"/></g>
<g transform="translate(${x} 330)"><path d="M-60 0h120l-24 34h-72z" fill="#7d3f22"/><path d="M0-120v120M0-116l52 92h-52z" fill="#f4ead6" stroke="#3a2a1c" stroke-width="3"/></g>
<text x="24" y="462" font-family="monospace" font-size="26" fill="#fff">JUL 16 1994  ${String(frame).padStart(3, '0')}</text></g></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function addressOf(route: Route): string {
  switch (route.kind) {
    case 'frame':
    case 'thumbnail':
      return drawing(route.frame, false)
    case 'preview':
      return drawing(route.frame, true)
    default:
      return `/${route.kind}` // there is no film to play: pictures are shown instead
  }
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
  unfinished?: UnfinishedExport[]
}

type Answer<Method> = Method extends (...args: infer Args) => Promise<infer Result>
  ? (...args: Args) => Result
  : never
type Answers = { [N in Namespace]: { [Name in keyof Api[N]]: Answer<Api[N][Name]> } }

/** Plain answers as the promises that they are over the wire; what is thrown rejects. */
const asynchronous = (answers: Answers): Api =>
  Object.fromEntries(
    Object.entries(answers).map(([namespace, methods]) => [
      namespace,
      Object.fromEntries(Object.entries(methods).map(([name, answer]) => [name, promised(answer as Plain)])),
    ]),
  ) as unknown as Api

type Plain = (...args: unknown[]) => unknown
const promised =
  (answer: Plain): Plain =>
  (...args) =>
    new Promise((resolve) => resolve(answer(...args)))

export function createFake(options: FakeOptions = {}): Fake {
  const listeners = new Set<(event: ApiEvent) => void>()
  const jobs = new Map<string, JobState>()
  const opened = new Map<string, Source>()
  const remembered = (opening: Source): Source => (opened.set(opening.id, opening), opening)
  const saved: Project[] = []
  let models = [...(options.info?.models ?? info.models)]
  let work: ModelWork | null = null
  const putWork = (next: ModelWork | null): null => {
    work = next
    emit({ type: 'modelWork', work: next })
    return null
  }
  const putModels = (next: ModelInfo[]): null => {
    models = next
    emit({ type: 'models', models, unusable: options.info?.unusable ?? [] })
    return null
  }
  const beginWork = (kind: ModelWork['kind'], name: string, more: Partial<ModelWork> = {}): null =>
    putWork({
      ...{ kind, name, state: 'running', step: kind === 'download' ? 'fetch' : 'convert' },
      ...{ bytesDone: 0, bytesTotal: 6_444_979_177, bytesPerSecond: 0 },
      ...more,
    })
  const advanceWork = (): void => {
    if (work?.state !== 'running') return
    const bytesDone = Math.min(work.bytesTotal, work.bytesDone + 120e6)
    const isDone = bytesDone === work.bytesTotal
    if (isDone) putModels([...models, importedModel('v1.1', work.name)])
    putWork({
      ...{ ...work, bytesDone, bytesPerSecond: 120e6, leftMs: (work.bytesTotal - bytesDone) / 120e3 },
      ...(isDone ? { state: 'done', modelId: 'flashvsr-v1.1' } : {}),
    })
  }
  let unfinished = options.unfinished ?? []
  const take = (id: string): UnfinishedExport => {
    const found = unfinished.find((one) => one.id === id)
    if (!found) throw new AppError('not-found', 'This export is not waiting to go on any more.')
    unfinished = unfinished.filter((one) => one !== found)
    emit({ type: 'unfinished', exports: unfinished })
    return found
  }
  let preferences: Preferences = options.preferences ?? { language: 'system', theme: 'system' }
  const emit = (event: ApiEvent): void => listeners.forEach((listener) => listener(event))
  const put = (job: JobState): string => {
    jobs.set(job.id, job)
    emit({ type: 'job', job })
    return job.id
  }
  const begin = (job: Pick<JobState, 'kind' | 'name' | 'framesTotal'> & Partial<JobState>): string =>
    put({
      id: `${job.kind}-${jobs.size + 1}`,
      state: 'running',
      framesDone: 0,
      framesPerSecond: 0,
      speed: 0,
      elapsedMs: 0,
      notes: [],
      ...job,
    })
  const advance = (count: number): void => {
    advanceWork()
    for (const job of jobs.values()) {
      if (isEnded(job)) continue
      const framesDone = Math.min(job.framesTotal, job.framesDone + count)
      const elapsedMs = job.elapsedMs + count * 160
      put({
        ...job,
        framesDone,
        elapsedMs,
        framesPerSecond: 6.2,
        speed: 0.21,
        leftMs: (job.framesTotal - framesDone) * 160,
        state: framesDone === job.framesTotal ? 'done' : 'running',
      })
    }
  }
  const framesIn = (project: CutList): number => project.clips.reduce((sum, c) => sum + c.to - c.from, 0)
  const answers: Answers = {
    app: {
      info: () => ({ ...info, ...options.info, models }),
      preferences: () => preferences,
      setPreferences: (next) => {
        preferences = next
        return null
      },
      editWords: () => null,
      log: () => ({ path: '/data/log/heirloom.log', text: 'film: tape.avi', blanked: 'film: [name 1].avi' }),
      revealLog: () => null,
    },
    files: {
      chooseSources: () => [],
      chooseOutput: () => null,
      chooseFolder: () => null,
      chooseProject: () => null,
      chooseProjectOutput: () => null,
      list: (path) => ({ ...folder, path: path ?? '/films', parent: path ? '/films' : undefined }),
      checkOutput: (path) => ({
        exists: path.includes('exists'),
        isSource: false,
        isInWork: [...jobs.values()].some((job) => !isEnded(job) && job.outputPath === path),
        freePath: path.replace(/(\.\w+)$/, ' (2)$1'),
        freeBytes: 81e9,
      }),
      suggestPhoto: (_, frame, format) => `/films/Summer by the lake 1994 at 0-00-${frame}.${format}`,
      suggestOutput: (_, extension) => `/films/Summer by the lake 1994 (enhanced).${extension}`,
      suggestProject: () => '/films/Summer by the lake 1994.heirloom',
      reveal: () => null,
      openOutput: () => null,
    },
    models: {
      list: () => models,
      remove: (id) => putModels(models.filter((model) => model.id !== id)),
      inspect: (path) => {
        if (!/flash/i.test(path))
          throw new AppError(
            'weights-missing',
            `There are no FlashVSR files in ${path}. Choose another folder.`,
          )
        return {
          ...{ folder: path, isReady: false, isPublishedSize: true, parameters: 1_752_180_000 },
          version: /known/.test(path) ? ('v1.1' as const) : undefined,
          hint: /1\.1/.test(path) ? ('v1.1' as const) : undefined,
          ...{ files: weights(/known/.test(path)), bytes: 6_444_979_177, importedBytes: 3_410_000_000 },
        }
      },
      import: ({ folder: from }) => beginWork('import', from),
      offers: (address) => [
        offer('v1.1', address ?? 'https://models.example/FlashVSR-v1.1/'),
        offer('v1', address ?? 'https://models.example/FlashVSR/'),
      ],
      download: ({ id, address }) =>
        beginWork('download', 'FlashVSR v1.1', { ...work, state: 'running', download: { id, address } }),
      pause: () => putWork(work && { ...work, state: 'paused' }),
      discard: () => putWork(null),
      work: () => work,
      cancel: () => putWork(work && { ...work, state: 'cancelled' }),
    },
    sources: {
      inFolder: (path) => [`${path}/one.mp4`, `${path}/two.mp4`],
      recent: () => [
        { path: '/films/Grandpa tape 3.avi', name: 'Grandpa tape 3.avi', openedMs: Date.UTC(2026, 9, 2) },
      ],
      open: (path) => {
        if (!/\.(mp4|avi|mov|mkv)$/.test(path))
          throw new AppError(
            'not-a-video',
            `"${path}" is not a film. Nothing was changed. Choose another file.`,
          )
        return remembered(source(path))
      },
      fieldCounts: () => ({ top: 2, bottom: 60, whole: 4 }),
      readFields: (id, chosen) => {
        const read = opened.get(id)
        if (!read) throw new AppError('not-found', 'That film is not open any more.')
        return remembered(withFields(read, chosen))
      },
      chooseFilm: (id, track) => {
        const read = opened.get(id)
        if (!read) throw new AppError('not-found', 'That film is not open any more.')
        if (!read.films?.some(({ index }) => index === track))
          throw new AppError('no-video-stream', `There is no film at track ${track}.`)
        return remembered(filmOf(read, track))
      },
      frameTable: (id) => {
        const read = opened.get(id)
        if (read?.video.index === 2) return shortTable
        return read && isTakenApart(read) ? tableOfFields : table
      },
      waveform: () => ({
        peaksPerSecond: 50,
        peaks: Array.from({ length: 600 }, (_, i) =>
          Math.min(1, Math.abs(Math.sin(i / 9) * Math.sin(i / 41) * 0.8) + ((i * 7919) % 13) / 80),
        ),
      }),
      playable: () => ({ kind: 'pending' }),
      damage: () => ({ ...damage, ...options.damage }),
      cancelDamage: () => null,
    },
    project: fakeProjects(options.project ?? null, saved, emit),
    render: {
      preview: ({ sourceId, from, to, enhance }) =>
        begin({
          kind: 'preview',
          name: 'Preview',
          framesTotal: to - from,
          preview: {
            sourceId,
            from,
            to,
            width: size.width * enhance.scale,
            height: size.height * enhance.scale,
            settingsKey: settingsKeyOf(enhance),
          },
        }),
      export: ({ project, output }) =>
        begin({
          kind: 'export',
          name: output.path.split('/').at(-1) ?? output.path,
          framesTotal: framesIn(project),
          outputPath: output.path,
        }),
      unfinished: () => unfinished,
      resume: (id) => {
        const { name, path, framesDone, framesTotal } = take(id)
        return begin({ kind: 'export', name, framesDone, framesTotal, outputPath: path })
      },
      forget: (id) => (take(id), null),
      estimate: ({ project }) => {
        const scale = project.clips[0]?.enhance.isEnabled ? project.clips[0].enhance.scale : 1
        const count = framesIn(project)
        return {
          width: size.width * scale,
          height: size.height * scale,
          frames: count,
          seconds: secondsOf(table, count),
          workMs: count * 160,
          bytes: count * 42_000,
          freeBytes: 81e9,
          notes: [],
        }
      },
      notes: () => [],
      // As on a computer of little memory: four times as large goes in parts.
      memoryPlan: (_, { scale }) =>
        scale < 4
          ? { state: 'untouched' as const }
          : {
              state: 'planned' as const,
              plan: {
                ...{
                  weights: 7e6,
                  state: 4e8,
                  cache: 1e8,
                  activations: 1.4e9,
                  total: 1.8e9,
                  limit: 2e9,
                  fits: true,
                },
                ...{ host: 0, whole: 2.7e9, mode: 'parts', rows: 2, columns: 2, speed: 0.84, sentence: '' },
              },
            },
      photo: ({ output }) =>
        begin({
          kind: 'photo',
          name: output.path.split('/').at(-1) ?? output.path,
          framesTotal: 17,
          outputPath: output.path,
        }),
    },
    jobs: {
      list: () => [...jobs.values()],
      cancel: (id) => {
        const job = jobs.get(id)
        if (!job) throw new AppError('not-found', 'That work is not in the list any more.')
        put({ ...job, state: 'cancelled' })
        return null
      },
    },
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
    advance,
    emit,
  }
}

/** Stands where the real `connect` stands when the window is built in the mode `fake`: its work goes on by itself. */
export function connect(): Promise<Connection> {
  const fake = createFake()
  setInterval(() => fake.advance(1), 160)
  return Promise.resolve(fake)
}
