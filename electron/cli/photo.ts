// `heirloom photo`: one moment of a film, or a picture file, through the same Api as the windows.
import type { Host } from '../app/host/host.js'
import { failing } from '../shared/contract/errors.js'
import { durationOf, frameAt } from '../shared/media/frameTable.js'
import { isStill } from '../shared/media/source.js'
import type { PhotoCommand } from './arguments.js'
import { checkName } from './before.js'
import { openWithFields } from './fields.js'
import { follow, tellBefore, tellDone } from './follow.js'
import { checkPhotoInput, notesBefore } from './keepsakePhoto.js'
import { settingsOf } from './settings.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

/** Resolves when the photo is there; `stop` cancels. */
export async function photo(
  host: Host,
  command: PhotoCommand,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const { api } = host
  const { at = 0, format, way, mayOverwrite, asJson, keepsake } = command
  const source = await unlessStopped(stop, () =>
    openWithFields(host, command, () => checkName(host, command)),
  )
  await unlessStopped(stop, () => checkPhotoInput(host, command, source))
  const table = await unlessStopped(stop, () => api.sources.frameTable(source.id))
  const seconds = durationOf(table)
  if (isStill(source) && command.at !== undefined)
    throw failing('bad-argument', 'stillNoMoments', { name: source.name })
  if (at >= seconds)
    throw failing('empty-range', 'momentBeyond', { at, name: source.name, seconds: seconds.toFixed(3) })
  const frame = frameAt(table, at)
  const path = command.output ?? (await api.files.suggestPhoto(source.id, frame, format, 'photo'))
  const enhance = await unlessStopped(stop, () => settingsOf(host, command, source))
  const request = {
    sourceId: source.id,
    frame,
    way,
    enhance,
    output: { path, format, mayOverwrite, ...(keepsake ? { keepsake } : {}) },
  }
  const before = tellBefore(terminal, notesBefore(command, source), asJson)
  const ended = await follow(host, terminal, asJson, stop, () => api.render.photo(request))
  tellDone(terminal, ended, path, asJson, before)
}
