// `heirloom keepsake restore` of several films: one after the other; one that fails is told and keeps none of the others from being made.
import { mkdir } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Host } from '../app/host/host.js'
import { failing, isCancelled, sentenceOf, toFailure } from '../shared/contract/errors.js'
import { systemReason } from '../shared/words/systemReason.js'
import type { EnhanceCommand } from './arguments.js'
import { enhance } from './enhance.js'
import type { Terminal } from './terminal.js'

interface Asked {
  films: readonly EnhanceCommand[]
  asJson: boolean
}

/** Makes the folder, where it is not there. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw failing(
      'output-not-writable',
      'restoreNoFolder',
      { folder, reason: systemReason(cause) },
      { cause },
    )
  })
}

/** Fails at the end where any of them did; cancelled, the rest is not begun. */
export async function restoreAll(
  host: Host,
  { films, asJson }: Asked,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const failed: string[] = []
  for (const film of films) {
    if (asJson) terminal.json({ type: 'film', input: film.input, output: film.output })
    try {
      await enhance(host, film, terminal, stop)
    } catch (error) {
      if (isCancelled(error)) throw error
      const failure = toFailure(error)
      failed.push(basename(film.input))
      if (asJson) terminal.json({ type: 'failed', ...failure, detail: undefined, trace: undefined })
      else terminal.warn(terminal.t('cli.failed', { sentence: sentenceOf(failure, terminal.language) }))
    }
  }
  if (asJson) terminal.json({ type: 'all', done: films.length - failed.length, failed: failed.length })
  const counts = { count: failed.length, total: films.length, names: failed }
  if (failed.length > 0) throw failing('some-failed', 'restoreSome', counts)
}
