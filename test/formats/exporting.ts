// A process that exports a film of several files, as a window asks for it, until it is ended: FOLDER OUTPUT FILE...
import { dirname, join } from 'node:path'
import { createHost } from '../../electron/app/host/host.js'
import { requestOf } from './filmRequest.js'

const [home = '', path = '', ...inputs] = process.argv.slice(2)
const host = await createHost({
  ...{ kind: 'browser', dataFolder: join(home, 'data'), cacheFolder: join(home, 'cache') },
  grants: { files: [], folders: [dirname(path)] },
})
const output = {
  container: 'mp4',
  codec: 'h264',
  quality: 'best',
  hasAudio: true,
  mayOverwrite: false,
} as const
await host.api.render.export(await requestOf(host, inputs, { path, ...output }))
