// The app's end of the engine host: starts the child process, restarts it after a crash, sends tasks, hears progress.
// The launcher is an argument, because Electron starts utility processes and everybody else forks.

/** A started engine host, whatever started it. */
export interface EngineProcess {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, with the exit code or signal as a word. */
  onExit(listener: (reason: string) => void): void
  kill(): void
}
/** Starts `out/engine/host.js`; must give a new process on every call. */
export type LaunchEngine = (entry: string) => EngineProcess
