// Who may import whom (style.md), checked on the text of imports. `violations` is given files, so a planted one can be tried.
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

export interface SourceFile {
  /** Path from the project's root, forward slashes. */
  path: string
  text: string
}

const nodeModules = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)])

/** What every room of the app stands on. */
const below = ['electron/shared', 'electron/ffmpeg', 'electron/engine/client']

// area -> areas it may import from, besides itself
const allowed: Record<string, readonly string[]> = {
  'electron/shared/words': [],
  'electron/shared/media': ['electron/shared/words'],
  'electron/shared/document': ['electron/shared/media', 'electron/shared/words'],
  'electron/shared/interchange': [
    'electron/shared/document',
    'electron/shared/media',
    'electron/shared/words',
  ],
  'electron/shared/contract': [
    ...['electron/shared/interchange', 'electron/shared/document', 'electron/shared/media'],
    'electron/shared/words',
  ],
  'electron/shared/planning': ['electron/shared'],
  'electron/ffmpeg': ['electron/shared'],
  'electron/engine': ['electron/shared', 'electron/ffmpeg'],
  'electron/app/access': below,
  'electron/app/log': [...below, 'electron/app/access'],
  'electron/app/jobs': [...below, 'electron/app/access'],
  'electron/app/project': [...below, 'electron/app/access'],
  'electron/app/models': [...below, 'electron/app/access', 'electron/app/jobs'],
  'electron/app/sources': [...below, 'electron/app/access', 'electron/app/jobs', 'electron/app/models'],
  'electron/app/render': [
    ...[...below, 'electron/app/access', 'electron/app/jobs', 'electron/app/models', 'electron/app/sources'],
  ],
  'electron/app/host': [...below, 'electron/app'],
  'electron/main': ['electron/shared', 'electron/app'],
  'electron/server': ['electron/shared', 'electron/app'],
  'electron/cli': ['electron/shared', 'electron/app', 'electron/server'],
  'electron/preload': ['electron/shared'],
  'renderer/ui': [],
  'renderer/commands': ['electron/shared'],
  'renderer/api': ['electron/shared'],
  'renderer/stores': ['electron/shared', 'renderer/commands', 'renderer/api'],
  'renderer/features': [
    'electron/shared',
    'renderer/stores',
    'renderer/commands',
    'renderer/api',
    'renderer/ui',
  ],
  renderer: [
    'electron/shared',
    'renderer/stores',
    'renderer/commands',
    'renderer/api',
    'renderer/ui',
    'renderer/features',
  ],
}
const areas = Object.keys(allowed).sort((a, b) => b.length - a.length)
const areaOf = (path: string): string | undefined =>
  areas.find((area) => path === area || path.startsWith(`${area}/`))
const inside = (path: string, area: string): boolean =>
  path === area || path.startsWith(`${area}/`) || path.startsWith(`${area}.`)
const withoutExtension = (path: string): string => path.replace(/\.(js|ts|tsx|jsx)$/, '')
const featureOf = (path: string): string | undefined => /^renderer\/features\/([^/]+)\//.exec(path)?.[1]

const importsOf = (file: SourceFile): string[] =>
  ts.preProcessFile(file.text, true, true).importedFiles.map((imported) => imported.fileName)

function checkPackage(file: SourceFile, area: string, name: string): string | undefined {
  const isNode = nodeModules.has(name)
  if (name === 'electron' && !['electron/main', 'electron/preload'].includes(area))
    return 'only main and preload import electron'
  if (
    name.replace('node:', '') === 'child_process' &&
    !['electron/ffmpeg/run.ts', 'electron/engine/client.ts'].includes(file.path)
  )
    return 'child_process belongs to ffmpeg/run.ts and engine/client.ts'
  // No network unless asked: one module asks others, one folder answers; connections of any kind start nowhere else.
  if (
    /^(node:)?(http|https|http2|net|tls|dgram)$/.test(name) &&
    area !== 'electron/server' &&
    file.path !== 'electron/app/models/fetch.ts'
  )
    return 'the network belongs to app/models/fetch.ts and server'
  if (area.startsWith('electron/shared/') && name !== 'zod') return 'shared imports only itself and zod'
  if (area.startsWith('renderer') && isNode) return 'the renderer has no Node in it'
  return undefined
}

function checkPath(file: SourceFile, area: string, target: string): string | undefined {
  if (target.startsWith('test/')) return 'nothing imports test'
  if (target === 'electron/engine/addon' && area !== 'electron/engine')
    return 'the addon is reached through engine only'
  const targetArea = areaOf(target)
  if (!targetArea)
    return /\.(json|css|svg|png)$/.test(target) ? undefined : `${target} is outside every layer`
  const from = featureOf(file.path)
  const to = featureOf(`${target}/`) ?? featureOf(target)
  if (from && to && from !== to) return 'a feature does not import another feature'
  if (targetArea === area || (allowed[area] ?? []).some((permitted) => inside(target, permitted)))
    return undefined
  return `${area} may not import ${targetArea}`
}

function cycles(graph: Map<string, string[]>): string[] {
  const found: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push(`${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}: no cycles`)
      return
    }
    state.set(path, 'open')
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of graph.keys()) visit(path, [])
  return found
}

/** Every broken rule of the TypeScript layers, one line each. */
export function violations(files: readonly SourceFile[]): string[] {
  const graph = new Map<string, string[]>()
  const known = new Map(files.map((file) => [withoutExtension(file.path), file.path]))
  const found = files.flatMap((file) => {
    const area = areaOf(file.path)
    if (!area) return /^(electron|renderer)\//.test(file.path) ? [`${file.path} lies in no room`] : []
    const edges: string[] = []
    graph.set(file.path, edges)
    return importsOf(file).flatMap((name) => {
      if (!name.startsWith('.')) {
        const problem = checkPackage(file, area, name)
        return problem ? [`${file.path} imports ${name}: ${problem}`] : []
      }
      const target = withoutExtension(normalize(join(dirname(file.path), name)).replaceAll('\\', '/'))
      const resolved = known.get(target)
      if (resolved) edges.push(resolved)
      const problem = checkPath(file, area, target)
      return problem ? [`${file.path} imports ${name}: ${problem}`] : []
    })
  })
  return [...found, ...cycles(graph)]
}

const includesOf = (file: SourceFile): string[] =>
  [...file.text.matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)].map((match) => match[1] ?? '')

/** Rooms of native/src, and those that nothing in them may reach, by however many headers. */
const closedTo: Record<string, readonly string[]> = {
  ops: ['graphs', 'cpu', 'cuda', 'weights', 'planning', 'pixel'],
  graphs: ['cpu', 'cuda'],
  'graphs/flashvsr': ['graphs/small', 'graphs/estimator'],
  'graphs/small': ['graphs/flashvsr', 'graphs/estimator'],
  'graphs/estimator': ['graphs/flashvsr', 'graphs/small'],
  'graphs/motion': ['graphs/flashvsr', 'graphs/small', 'graphs/estimator', 'graphs/residual'],
  'graphs/residual': ['graphs/flashvsr', 'graphs/small', 'graphs/estimator', 'graphs/motion'],
  'graphs/parts': ['graphs/flashvsr', 'graphs/small', 'graphs/estimator', 'graphs/stream'],
  'graphs/stream': ['graphs/flashvsr', 'graphs/small', 'graphs/estimator', 'graphs/parts'],
  cpu: ['graphs', 'cuda'],
  cuda: ['graphs', 'cpu'],
  pixel: ['graphs', 'cuda'],
  registration: ['graphs', 'cuda'],
  grain: ['graphs', 'cuda'],
  entropy: ['graphs', 'cuda', 'planning', 'pixel'],
  weights: ['graphs', 'cpu', 'cuda', 'planning', 'pixel'],
  planning: ['graphs', 'cpu', 'cuda', 'weights', 'pixel'],
}
/** A room and the rooms around it. */
const roomsOf = (path: string): string[] =>
  Object.keys(closedTo).filter((room) => path.startsWith(`native/src/${room}/`))

/** Everything that a file includes, itself or through others, with the first step on the way there. */
function reached(graph: ReadonlyMap<string, string[]>, from: string): Map<string, string> {
  const by = new Map<string, string>()
  const visit = (path: string, first?: string): void => {
    for (const next of graph.get(path) ?? [])
      if (!by.has(next)) {
        by.set(next, first ?? next)
        visit(next, first ?? next)
      }
  }
  visit(from)
  return by
}

/** Every broken rule of the native layers: rooms keep to `closedTo`, src/ sees no Node, addon/ only heirloom.h; no cycles. */
export function nativeViolations(files: readonly SourceFile[]): string[] {
  const known = new Set(files.map((file) => file.path))
  const resolve = (from: string, name: string): string => {
    const beside = normalize(join(dirname(from), name)).replaceAll('\\', '/')
    const roots = ['native/src/', 'native/include/', 'native/emulator/'].map((root) => root + name)
    return (
      [beside, ...roots].find((path) => known.has(path)) ??
      (name.startsWith('.') ? beside : `native/src/${name}`)
    )
  }
  const graph = new Map(
    files.map((file) => [file.path, includesOf(file).map((name) => resolve(file.path, name))]),
  )
  const found = files.flatMap((file) => {
    const direct = includesOf(file).flatMap((name) => {
      const rule = nativeRule(file.path, name, resolve(file.path, name))
      return rule ? [`${file.path} includes ${name}: ${rule}`] : []
    })
    const closed = roomsOf(file.path).flatMap((room) => closedTo[room] ?? [])
    const rooms = [...reached(graph, file.path)].flatMap(([target, first]) =>
      roomsOf(target).some((room) => closed.includes(room))
        ? [`${file.path} reaches ${target} through ${first}`]
        : [],
    )
    return [...direct, ...rooms]
  })
  return [...found, ...cycles(graph)]
}

function nativeRule(path: string, name: string, target: string): string | undefined {
  if (path.startsWith('native/src/') && /(^|\/)(napi|node_api|uv)\.h$/.test(name))
    return 'src/ never sees Node'
  const isAllowed = /^(napi|node_api|heirloom)\.h$/.test(name) || target.startsWith('native/addon/')
  if (path.startsWith('native/addon/') && name.endsWith('.h') && (!isAllowed || name.startsWith('..')))
    return 'addon/ sees only heirloom.h'
  return undefined
}
