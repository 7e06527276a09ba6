// `heirloom models add|remove|download`: the same work as the window's page of models, in a terminal.
import type { Host } from '../app/host/host.js'
import { type AppError, failing, fromFailure } from '../shared/contract/errors.js'
import type { ModelWork } from '../shared/contract/models.js'
import type { ModelsCommand } from './arguments.js'
import { describeModel, describeOffer, describeWork } from './describe.js'
import type { Terminal } from './terminal.js'

type Of<Name extends ModelsCommand['name']> = Extract<ModelsCommand, { name: Name }>

function report(terminal: Terminal, work: ModelWork, asJson: boolean): void {
  const { kind, state, step, file, bytesDone, bytesTotal, bytesPerSecond, leftMs } = work
  if (asJson)
    terminal.json({
      ...{ type: 'progress', kind, state, step, file, bytesDone, bytesTotal, bytesPerSecond, leftMs },
    })
  else if (state === 'running' && bytesTotal > 0) terminal.progress(describeWork(work, terminal))
}

/** Begins, tells how far it is, and resolves with the model that is there then. */
async function follow(
  host: Host,
  begin: () => Promise<unknown>,
  terminal: Terminal,
  options: { stop: AbortSignal; asJson: boolean; cancelled: () => AppError },
): Promise<string> {
  const { stop, asJson, cancelled } = options
  const cancel = (): void => void host.api.models.cancel()
  let settle: (work: ModelWork) => void
  let hasBegun = false
  const ended = new Promise<ModelWork>((resolve) => (settle = resolve))
  const leave = host.on((event) => {
    if (event.type !== 'modelWork' || !event.work) return
    report(terminal, event.work, asJson)
    // Until ours runs, what is told is what an earlier command left behind.
    if (event.work.state === 'running') hasBegun = true
    else if (hasBegun) settle(event.work)
  })
  stop.addEventListener('abort', cancel)
  try {
    await begin()
    if (stop.aborted) cancel()
    const work = await ended
    if (work.state === 'failed' && work.failure) throw fromFailure(work.failure)
    if (work.state !== 'done' || work.modelId === undefined) throw cancelled()
    return work.modelId
  } finally {
    stop.removeEventListener('abort', cancel)
    leave()
    terminal.endProgress()
  }
}

async function tellOf(host: Host, id: string, terminal: Terminal, asJson: boolean): Promise<void> {
  const model = (await host.api.models.list()).find((found) => found.id === id)
  if (!model) throw failing('not-found', 'modelGoneAgain', { id })
  if (asJson) terminal.json({ type: 'done', model })
  else terminal.print(describeModel(model, terminal))
}

export async function addModel(
  host: Host,
  { folder, version, asJson }: Of<'addModel'>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  await host.grant(folder)
  const id = await follow(host, () => host.api.models.import({ folder, version }), terminal, {
    ...{ stop, asJson, cancelled: () => failing('cancelled', 'importCancelled') },
  })
  await tellOf(host, id, terminal, asJson)
}

export async function removeModel(
  host: Host,
  { id, asJson }: Of<'removeModel'>,
  terminal: Terminal,
): Promise<void> {
  const { origin } = (await host.api.models.list()).find((model) => model.id === id) ?? {}
  await host.api.models.remove(id)
  if (asJson) terminal.json({ type: 'removed', id })
  else {
    terminal.print(terminal.t('cli.removed', { id }))
    if (origin?.kind === 'folder') terminal.print(terminal.t('cli.untouched', { folder: origin.from ?? '' }))
  }
}

export async function downloadModel(
  host: Host,
  { version, from, isAgreed, asJson }: Of<'downloadModel'>,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const offers = await host.api.models.offers(from ?? null)
  const offer = offers.find((candidate) => candidate.version === version)
  if (!offer) throw failing('not-found', 'downloadNoVersion', { version })
  terminal.warn(...describeOffer(offer, terminal))
  if (!isAgreed) {
    const answer = await terminal.ask(terminal.t('cli.offer.ask'), stop).catch(() => false) // Ctrl-C at the question is a no
    if (answer === undefined) throw failing('not-allowed', 'downloadUnasked')
    if (!answer) throw failing('cancelled', 'downloadRefused')
  }
  const request = { id: offer.id, address: offer.address, isAgreed: true as const }
  const id = await follow(host, () => host.api.models.download(request), terminal, {
    ...{ stop, asJson, cancelled: () => failing('cancelled', 'downloadCancelled') },
  })
  await tellOf(host, id, terminal, asJson)
}
