// The export of a film of several files. Knows nothing of tests, so that a process of its own can ask for it.
import type { Host } from '../../electron/app/host/host.js'
import type { ExportRequest } from '../../electron/shared/contract/render.js'
import { type Clip, type CutList, defaultEnhance } from '../../electron/shared/document/project.js'
import { frameCount } from '../../electron/shared/media/frameTable.js'

/** All of each file, one after the other; `clips`: what is otherwise. */
export async function requestOf(
  host: Host,
  inputs: readonly string[],
  output: ExportRequest['output'],
  clips: readonly Partial<Clip>[] = [],
  size?: CutList['size'],
): Promise<ExportRequest> {
  const project: CutList = { sources: [], clips: [], ...(size ? { size } : {}) }
  for (const [i, input] of inputs.entries()) {
    const { id, path, name } = await host.api.sources.open(input)
    const frames = frameCount(await host.api.sources.frameTable(id))
    const enhance = { ...defaultEnhance, isEnabled: false }
    project.sources.push({ id, path, name, frames })
    project.clips.push({ ...{ id: `c${i}`, sourceId: id, name, from: 0, to: frames, enhance }, ...clips[i] })
  }
  return { project, output }
}
