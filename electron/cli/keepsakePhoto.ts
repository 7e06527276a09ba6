// `heirloom keepsake info` and `verify` of a photo: both read every byte of it.
import { basename } from 'node:path'
import type { Host } from '../app/host/host.js'
import { AppError, failing } from '../shared/contract/errors.js'
import type { FoundPhoto } from '../shared/media/keepsake/photo.js'
import { type Source, isStill } from '../shared/media/source.js'
import { drawnOnPhoto, photoProblem, photoRows } from '../shared/media/keepsake/photoFacts.js'
import { type Message, inEnglish, sayIn } from '../shared/words/sentences.js'
import type { PhotoCommand } from './arguments.js'
import { padTo } from './columns.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

export interface Asked {
  input: string
  asJson: boolean
}

const find = ({ api }: Host, { input }: Asked, stop: AbortSignal): Promise<FoundPhoto> =>
  unlessStopped(stop, () => api.sources.keepsakePhoto(input))

/** What a Keepsake photo is made of, and what is restored as a photo. */
export async function checkPhotoInput(
  { api }: Host,
  { input, keepsake, restoring }: PhotoCommand,
  source: Source,
): Promise<void> {
  const { name } = source
  if (keepsake && !isStill(source)) throw failing('bad-argument', 'keepsakePhotoFilm', { name })
  if (restoring && (await api.sources.keepsakePhoto(input)).state === 'none')
    throw failing('not-found', 'keepsakePhotoNone', { name })
}

const modelOf = ({ values }: Message): string => (typeof values['model'] === 'string' ? values['model'] : '')

/** Of a photo that is written with detail, its own note says how it is opened, which is without. */
export const notesBefore = ({ restoring }: PhotoCommand, { name, warnings }: Source): Message[] =>
  warnings.map((note) =>
    note.key === 'noteKeepsakePhoto' && restoring && restoring.detail > 0
      ? drawnOnPhoto(name, modelOf(note), restoring.detail)
      : note,
  )

/** What is to be known of it; what is wrong with it is said and is no failure. False: it is no Keepsake photo. */
export async function photoInfo(
  host: Host,
  asked: Asked,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<boolean> {
  const found = await find(host, asked, stop)
  if (found.state === 'none') return false
  if (asked.asJson) terminal.json(found)
  else if (found.state === 'there') {
    const { photoModels } = await unlessStopped(stop, () => host.api.app.info())
    const isHere = photoModels.some(({ weightsHash }) => weightsHash === found.info?.model.sha256)
    for (const [name, value] of photoRows(found, isHere, terminal))
      terminal.print(`${padTo(10, name)} ${value}`)
  } else {
    const problem = photoProblem(found, basename(asked.input))
    if (problem) terminal.warn(terminal.t('cli.note', { sentence: sayIn(terminal.language, problem) }))
  }
  return true
}

/** Fails with the place where something is not as it was written. False: it is no Keepsake photo. */
export async function photoVerify(
  host: Host,
  asked: Asked,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<boolean> {
  const found = await find(host, asked, stop)
  if (found.state === 'none') return false
  const name = basename(asked.input)
  if (asked.asJson) terminal.json(found)
  const problem = photoProblem(found, name)
  if (problem) throw new AppError('keepsake-photo-damaged', inEnglish(problem), { sentence: problem })
  if (!asked.asJson) terminal.print(terminal.t('keepsake.photoWhole', { name }))
  return true
}
