// Which film of a file a command line means, and how its fields are read.
import type { Host } from '../app/host/host.js'
import { failing } from '../shared/contract/errors.js'
import { isStill, type Source, firstField, showsInterlacing } from '../shared/media/source.js'
import type { EnhanceCommand, PhotoCommand } from './arguments.js'

const chosen = { top: 'tff', bottom: 'bff', off: 'progressive' } as const

/** The file, opened with its fields read as asked. `check`: before its frames are looked at. */
export async function openWithFields(
  { api }: Host,
  { input, fields, track }: Pick<EnhanceCommand | PhotoCommand, 'input' | 'fields' | 'track'>,
  check: () => Promise<void> = () => Promise.resolve(),
): Promise<Source> {
  const main = await api.sources.open(input)
  await check()
  const source = track === undefined ? main : await api.sources.chooseFilm(main.id, track)
  if (fields === undefined) return source
  if (isStill(source)) throw failing('bad-argument', 'stillNoFields', { name: source.name })
  if (fields !== 'auto') return api.sources.readFields(source.id, chosen[fields])
  const counts = await api.sources.fieldCounts(source.id)
  return showsInterlacing(counts) ? api.sources.readFields(source.id, firstField(counts)) : source
}
