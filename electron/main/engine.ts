// How Electron starts an engine host: as a utility process, because the run-as-node fuse is off in what we ship.
import { utilityProcess } from 'electron'
import type { HostOptions } from '../app/host/host.js'

/** One that was told to end, before it is made to. */
const killDeadlineMs = 1000

export const launchEngine: NonNullable<HostOptions['launchEngine']> = (entry, env) => {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Heirloom engine', env })
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => {
      child.kill()
      // One that has been stopped hears nothing but this.
      setTimeout(() => child.pid !== undefined && process.kill(child.pid, 'SIGKILL'), killDeadlineMs).unref()
    },
  }
}
