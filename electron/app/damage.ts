// What a source suffers from: asked of the engine once, by a few pictures from its course.
import type { Engine } from '../engine/client.js'
import type { Damage } from '../shared/damage.js'
import type { SourceId } from '../shared/source.js'
import type { Media } from './media.js'
import { estimatorFolder } from './resources.js'

export async function damageOf(engine: Engine, media: Media, id: SourceId): Promise<Damage> {
  const source = await media.source(id)
  await media.table(id) // the task reads it from its file
  return engine.run({ kind: 'damage', source, tablePath: await media.tablePath(id), folder: estimatorFolder })
}
