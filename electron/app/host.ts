// Heirloom without a window: everything behind the contract. Electron's main process, the browser host and the CLI
// each make one Host and put a door in front of it. Paths that come through a door are checked against the grants.
import type { Api, ApiEvent } from '../shared/api.js'
import type { Route } from '../shared/routes.js'
import type { LaunchEngine } from '../engine/client.js'

export interface HostOptions {
  kind: 'electron' | 'browser' | 'cli'
  /** Preferences, recent files, the autosaved project. */
  dataFolder: string
  /** Finished segments, previews, proxies, measurements: may be emptied at any time while nothing runs. */
  cacheFolder: string
  /** Files and folders allowed from the start: command line, shared folders. Folders are what `listFolder` shows. */
  grants: { files: readonly string[]; folders: readonly string[] }
  /** How the engine host is started: `fork` when left out; Electron passes utilityProcess. */
  launchEngine?: LaunchEngine
  /** Native dialogs; without them `chooseSources` and `chooseOutput` fail with `not-allowed`. What they give is granted. */
  dialogs?: {
    chooseSources(): Promise<string[]>
    chooseOutput(suggestedName: string): Promise<string | null>
  }
  /** The system's file manager and default player, where there are any. */
  shell?: { reveal(path: string): Promise<void>; open(path: string): Promise<void> }
}

export interface ServeRequest {
  /** The Range header, as it came. */
  range?: string
  signal?: AbortSignal
}

export interface ServeAnswer {
  status: number
  headers: Record<string, string>
  /** A stream is pulled by whoever sends it on: that is the back-pressure. Cancel it when the reader has gone. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
}

export interface Host {
  /** The contract. Arguments must have been parsed with `requests[name].args` by the door. */
  readonly api: Api
  /** Every event goes to every listener; the return value stops listening. */
  on(listener: (event: ApiEvent) => void): () => void
  /** A person chose or dropped this file (or folder) at a door that can be sure of it. */
  grant(path: string): Promise<void>
  /** Files came in from outside: grants them and tells the windows. */
  openFromOutside(paths: readonly string[]): Promise<void>
  /** The bytes of a route. Failures are answers with status 4xx/5xx and a JSON Failure as body; it never throws. */
  serve(route: Route, request: ServeRequest): Promise<ServeAnswer>
  /** Cancels what runs, ends child processes, writes what is unsaved. */
  close(): Promise<void>
}

export declare function createHost(options: HostOptions): Promise<Host>
