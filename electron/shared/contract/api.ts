// The contract: a table of requests in namespaces, each with its argument and result types, and one union of events.
// Main, server, CLI and the renderer's fake all implement `Api`; every door parses with these schemas.
import { z } from 'zod'
import { appRequests } from './app.js'
import { filesRequests } from './files.js'
import { JobState, jobsRequests } from './job.js'
import { ModelInfo, ModelWork, UnusableModel, modelsRequests } from './models.js'
import { Revision, projectRequests } from './project.js'
import { Coverage, UnfinishedExport, renderRequests } from './render.js'
import { sourcesRequests } from './sources.js'

export const requests = {
  app: appRequests,
  files: filesRequests,
  project: projectRequests,
  sources: sourcesRequests,
  render: renderRequests,
  jobs: jobsRequests,
  models: modelsRequests,
} as const

type Requests = typeof requests
export type Namespace = keyof Requests
interface Request {
  args: z.ZodType<unknown[]>
  result: z.ZodType
}
/** `sources.open` and so on. */
export type RequestName = { [N in Namespace]: `${N}.${keyof Requests[N] & string}` }[Namespace]

type Method<R> = R extends { args: z.ZodType<infer Args extends unknown[]>; result: z.ZodType<infer Result> }
  ? (...args: Args) => Promise<Result>
  : never
export type Api = {
  -readonly [N in Namespace]: { -readonly [Name in keyof Requests[N]]: Method<Requests[N][Name]> }
}

export const requestNames = Object.entries(requests).flatMap(([namespace, methods]) =>
  Object.keys(methods).map((method) => `${namespace}.${method}`),
) as [RequestName, ...RequestName[]]

/** The schemas of a request. */
export function requestOf(name: RequestName): Request {
  const [namespace, method] = partsOf(name)
  return (requests[namespace] as Record<string, Request>)[method] as Request
}

/** Its namespace and its name there. */
export const partsOf = (name: RequestName): [Namespace, string] => name.split('.') as [Namespace, string]

export const ApiEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: JobState }),
  /** One of them goes on, or was forgotten. */
  z.object({ type: z.literal('unfinished'), exports: z.array(UnfinishedExport) }),
  /** More of a source is finished than before, or less. */
  z.object({ type: z.literal('coverage'), coverage: Coverage }),
  /** The project in this file was saved, by this window or another. */
  z.object({ type: z.literal('project'), path: z.string(), revision: Revision }),
  /** The list of recent projects is another. */
  z.object({ type: z.literal('recentProjects') }),
  /** A model came or went. */
  z.object({
    ...{
      type: z.literal('models'),
      models: z.array(ModelInfo),
      photoModels: z.array(ModelInfo),
      unusable: z.array(UnusableModel),
    },
  }),
  z.object({ type: z.literal('modelWork'), work: ModelWork.nullable() }),
  /** A menu item of the desktop window was chosen; `command` is one of the renderer's command names. */
  z.object({ type: z.literal('menu'), command: z.string() }),
  /** Films and projects came in from outside (command line, dock, second start). */
  z.object({ type: z.literal('open'), paths: z.array(z.string()) }),
])
export type ApiEvent = z.infer<typeof ApiEvent>

/** The wire form of calls and answers, the same over Electron IPC and WebSocket. */
export const CallMessage = z.object({
  id: z.number().int(),
  name: z.enum(requestNames),
  args: z.array(z.unknown()),
})
export type CallMessage = z.infer<typeof CallMessage>
