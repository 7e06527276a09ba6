// Heirloom without a window. Exit codes: 0 done, 1 failed (one sentence on stderr), 2 wrong arguments, 130 cancelled.
import { resolve } from 'node:path'
import { type Host, createHost } from '../app/host/host.js'
import { defaultFolders, version } from '../app/access/resources.js'
import { type Failure, fromFailure, isCancelled, sentenceOf, toFailure } from '../shared/contract/errors.js'
import { inEnglish, nearest, sayIn } from '../shared/words/sentences.js'
import { type Command, type EnhanceCommand, type PhotoCommand, parseCommand } from './arguments.js'
import { cuts } from './cuts.js'
import { describeDamage, describeDevice, describeModel, describeSource } from './describe.js'
import { enhance } from './enhance.js'
import { openWithFields } from './fields.js'
import { help } from './help.js'
import { keepsakeInfo, keepsakeVerify } from './keepsake.js'
import { showLog } from './log.js'
import { addModel, downloadModel, removeModel } from './models.js'
import { UsageError } from './options.js'
import { photo } from './photo.js'
import { prepareFolder, restoreAll } from './restoreAll.js'
import { serve } from './serve.js'
import { listenForStop, unlessStopped } from './stop.js'
import { createTerminal } from './terminal.js'
import { timing } from './timing.js'

const terminal = createTerminal(nearest(new Intl.DateTimeFormat().resolvedOptions().locale))
const { language, t } = terminal
const stop = new AbortController()

async function withHost(files: readonly string[], work: (host: Host) => Promise<void>): Promise<void> {
  const host = await createHost({ kind: 'cli', ...defaultFolders(), grants: { files, folders: [] } })
  try {
    await work(host)
  } finally {
    await host.close()
  }
}

async function list(command: { name: 'devices' | 'models'; asJson: boolean }, host: Host): Promise<void> {
  const about = await host.api.app.info()
  if (command.name === 'devices' && about.engineFailure !== undefined) throw fromFailure(about.engineFailure)
  const models = [...about.models, ...about.photoModels]
  const items = command.name === 'devices' ? about.devices : models
  if (command.asJson) terminal.json(items)
  else if (command.name === 'devices')
    about.devices.forEach((device) => terminal.print(describeDevice(device, terminal)))
  else if (models.length === 0) terminal.warn(t('cli.noModel'))
  else models.forEach((model) => terminal.print(describeModel(model, terminal)))
  // For programs there stays one list on the output; a person is told beside it.
  if (command.name === 'models')
    for (const { id, failure } of about.unusable)
      terminal.warn(t('cli.notUsed', { id, sentence: sentenceOf(failure, language) }))
}

async function probe(command: Extract<Command, { name: 'probe' }>, host: Host): Promise<void> {
  const film = { input: resolve(command.input), track: command.track }
  const source = await unlessStopped(stop.signal, () => openWithFields(host, film))
  const damage = command.hasEstimate
    ? await unlessStopped(stop.signal, () => host.api.sources.damage(source.id))
    : undefined
  if (command.asJson) terminal.json({ ...source, warnings: source.warnings.map(inEnglish), damage })
  else
    terminal.print(
      ...describeSource(source, terminal),
      ...(damage ? describeDamage(damage, source, terminal) : []),
    )
}

/** What a command reads and writes, by whole names. */
function withFiles<C extends { input: string; output?: string }>(
  command: C,
  work: (host: Host, command: C) => Promise<void>,
): Promise<void> {
  const input = resolve(command.input)
  if (command.output === undefined) return withHost([input], (host) => work(host, { ...command, input }))
  const output = resolve(command.output)
  return withHost([input, output], (host) => work(host, { ...command, input, output }))
}

/** A film or a photo. */
const make = (command: EnhanceCommand | PhotoCommand): Promise<void> =>
  withFiles(command, (host, named) =>
    'format' in named
      ? photo(host, named, terminal, stop.signal)
      : enhance(host, named, terminal, stop.signal),
  )

async function restoreInto(command: Extract<Command, { name: 'restoreAll' }>): Promise<void> {
  await prepareFolder(resolve(command.folder))
  const films = command.films.map((film) => ({
    ...{ ...film, input: resolve(film.input), output: resolve(film.output ?? '') },
  }))
  const files = films.flatMap(({ input, output }) => [input, output])
  return withHost(files, (host) => restoreAll(host, { ...command, films }, terminal, stop.signal))
}

async function perform(command: Command): Promise<void> {
  switch (command.name) {
    case 'help':
      return terminal.print(...help(terminal))
    case 'version':
      return terminal.print(version())
    case 'devices':
    case 'models':
      return withHost([], (host) => unlessStopped(stop.signal, () => list(command, host)))
    case 'addModel': {
      const folder = resolve(command.folder)
      return withHost([], (host) => addModel(host, { ...command, folder }, terminal, stop.signal))
    }
    case 'removeModel':
      return withHost([], (host) => removeModel(host, command, terminal))
    case 'downloadModel':
      return withHost([], (host) => downloadModel(host, command, terminal, stop.signal))
    case 'probe':
      return withHost([resolve(command.input)], (host) => probe(command, host))
    case 'keepsake info':
    case 'keepsake verify': {
      const input = resolve(command.input)
      const tell = command.name === 'keepsake info' ? keepsakeInfo : keepsakeVerify
      return withHost([input], (host) => tell(host, { ...command, input }, terminal, stop.signal))
    }
    case 'cuts': {
      const [input, output] = [resolve(command.input), resolve(command.output)]
      return cuts({ ...command, input, output }, withHost, terminal, stop.signal)
    }
    case 'timing': {
      const input = resolve(command.input)
      return withHost([input], (host) => timing(host, { ...command, input }, terminal, stop.signal))
    }
    case 'smooth':
    case 'slowmo':
    case 'repair':
    case 'tempo':
    case 'unique':
    case 'enhance':
    case 'keepsake':
    case 'keepsake restore':
    case 'photo':
      return make(command)
    case 'restoreAll':
      return restoreInto(command)
    case 'log':
      return showLog(command.isBlanked, terminal)
    case 'serve':
      return serve(
        {
          ...command,
          shared: command.shared.map((folder) => resolve(folder)),
          project: command.project === undefined ? undefined : resolve(command.project),
        },
        terminal,
        stop.signal,
      )
  }
}

/** What is sure after being cancelled; a command that knows more says it itself. */
function cancelledWords(failure: Failure, command: Command | undefined): string {
  const isPlain = failure.sentence?.key === 'cancelled'
  const isWriting = command !== undefined && 'mayOverwrite' in command
  return isPlain && isWriting ? t('cancelledUnwritten') : sentenceOf(failure, language)
}

async function main(words: readonly string[]): Promise<number> {
  let command: Command | undefined
  try {
    command = parseCommand(words)
    listenForStop(stop)
    await perform(command)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      const { message, sentence } = error
      if (words.includes('--json')) terminal.json({ type: 'failed', code: 'bad-argument', message, sentence })
      terminal.warn(t('cli.wrong', { sentence: sayIn(language, error.sentence) }))
      return 2
    }
    const failure = toFailure(error)
    if (command && 'asJson' in command && command.asJson)
      terminal.json({
        type: isCancelled(error) ? 'cancelled' : 'failed',
        ...failure,
        detail: undefined,
        trace: undefined,
      })
    if (isCancelled(error)) {
      terminal.warn(cancelledWords(failure, command))
      return 130
    }
    terminal.warn(t('cli.failed', { sentence: sentenceOf(failure, language) }))
    if (process.env.HEIRLOOM_DEBUG)
      terminal.warn(...(JSON.stringify(failure.detail, null, 2) ?? '').split('\n'))
    return 1
  }
}

const code = await main(process.argv.slice(2))
// Reading may still be under way when it was cancelled: nobody waits for it, and its children go with this process.
if (code === 130) process.exit(code)
process.exitCode = code
