// What a command line says about the fields of its file.
import type { Host } from '../app/host.js'
import { AppError } from '../shared/errors.js'
import { isStill } from '../shared/photo.js'
import { type Source, firstField, isWoven } from '../shared/source.js'
import type { EnhanceCommand, PhotoCommand } from './arguments.js'

const chosen = { top: 'tff', bottom: 'bff', off: 'progressive' } as const

/** The file, opened with its fields read as asked. */
export async function openWithFields(
  { api }: Host,
  { input, fields }: Pick<EnhanceCommand | PhotoCommand, 'input' | 'fields'>,
): Promise<Source> {
  const source = await api.openSource(input)
  if (fields === undefined) return source
  if (isStill(source))
    throw new AppError('bad-argument', `"${source.name}" is a photo: it has no fields. Leave --fields out.`)
  if (fields !== 'auto') return api.readFields(source.id, chosen[fields])
  const counts = await api.fieldCounts(source.id)
  return isWoven(counts) ? api.readFields(source.id, firstField(counts)) : source
}
