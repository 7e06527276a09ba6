// One export in a process of its own, whose memory memory.mjs watches: films one behind the other, each enhanced or as it is. Prints how it ended.
import { join } from 'node:path'
import { createHost } from '../../electron/app/host/host.js'
import { isEnded } from '../../electron/shared/contract/job.js'
import { type CutList, defaultEnhance } from '../../electron/shared/document/project.js'
import { frameCount } from '../../electron/shared/media/frameTable.js'

const [folder = '', scale = '2', ...paths] = process.argv.slice(2)
const host = await createHost({
  kind: 'cli',
  dataFolder: join(folder, 'data'),
  cacheFolder: join(folder, 'cache'),
  grants: { files: [], folders: [folder] },
})
const enhance = scale === '2' ? defaultEnhance : { ...defaultEnhance, isEnabled: false }
const project: CutList = { sources: [], clips: [] }
for (const [n, path] of paths.entries()) {
  const { id, name } = await host.api.sources.open(path)
  const frames = frameCount(await host.api.sources.frameTable(id))
  if (!project.sources.some((source) => source.id === id)) project.sources.push({ id, path, name, frames })
  project.clips.push({ id: `clip-${n}`, sourceId: id, name, from: 0, to: frames, enhance })
}
const output = { path: join(folder, 'film.mp4'), container: 'mp4', codec: 'h264', quality: 'good' } as const
const ended = new Promise<string>((resolve) =>
  host.on((event) => {
    if (event.type === 'job' && isEnded(event.job))
      resolve(`${event.job.state}, ${event.job.framesDone} frames`)
  }),
)
await host.api.render.export({ project, output: { ...output, hasAudio: true, mayOverwrite: true } })
console.log(await ended)
await host.close()
