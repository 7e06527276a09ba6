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

// area -> areas it may import from, besides itself
const allowed: Record<string, readonly string[]> = {
  'electron/shared': [],
  'electron/ffmpeg': ['electron/shared'],
  'electron/engine': ['electron/shared', 'electron/ffmpeg'],
  'electron/app': ['electron/shared', 'electron/ffmpeg', 'electron/engine/client'],
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
    file.path !== 'electron/app/fetch.ts'
  )
    return 'the network belongs to app/fetch.ts and server'
  if (area === 'electron/shared' && name !== 'zod') return 'shared imports only itself and zod'
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
    if (!area) return []
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

/** Every broken rule of the native layers: model/ sees no backend, backends see no model/, src/ no Node, addon/ only heirloom.h. */
export function nativeViolations(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map((file) => file.path))
  return files.flatMap((file) =>
    includesOf(file).flatMap((name) => {
      const isBeside = paths.has(join(dirname(file.path), name))
      const rule = nativeRule(file.path, name, isBeside)
      return rule ? [`${file.path} includes ${name}: ${rule}`] : []
    }),
  )
}

function nativeRule(path: string, name: string, isBeside: boolean): string | undefined {
  if (path.startsWith('native/src/') && /(^|\/)(napi|node_api|uv)\.h$/.test(name))
    return 'src/ never sees Node'
  if (path.startsWith('native/src/model/') && /(^|\/)(cpu|cuda)\//.test(name))
    return 'model/ sees ops.h, never a backend'
  if (/^native\/src\/(cpu|cuda)\//.test(path) && /(^|\/)model\//.test(name))
    return 'backends never see model/'
  if (path.startsWith('native/src/cpu/') && /(^|\/)cuda\//.test(name)) return 'backends never see each other'
  if (path.startsWith('native/src/cuda/') && /(^|\/)cpu\//.test(name)) return 'backends never see each other'
  const isOutside = name.endsWith('.h') && !isBeside && !/^(napi|node_api|heirloom)\.h$/.test(name)
  if (path.startsWith('native/addon/') && isOutside) return 'addon/ sees only heirloom.h'
  return undefined
}
