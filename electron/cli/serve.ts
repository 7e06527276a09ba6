// `heirloom serve`: the browser host, until it is told to stop.
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createHost } from '../app/host/host.js'
import { defaultFolders, root } from '../app/access/resources.js'
import { openInSystem, systemShell } from '../app/host/systemShell.js'
import { failing } from '../shared/contract/errors.js'
import { tidyInbox } from '../server/inbox.js'
import { startServer } from '../server/index.js'
import { keepLauncher } from '../server/launcher.js'
import type { Terminal } from './terminal.js'

export async function serve(
  command: { port: number; shared: string[]; project?: string; mayOpen: boolean },
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  for (const folder of command.shared) {
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false, // not there
    )
    if (!isFolder) throw failing('not-found', 'shareNoFolder', { folder })
  }
  const [{ project }, { t }] = [command, terminal]
  const isThere = await stat(project ?? '.').then(
    (found) => project === undefined || found.isFile(),
    () => false, // gone, or never there
  )
  if (project !== undefined && !isThere)
    throw failing('not-found', 'projectGone', { name: basename(project), folder: dirname(project) })
  // Its films lie beside it, or in folders that are shared too.
  const shared = project === undefined ? command.shared : [...command.shared, dirname(project)]
  const folders = defaultFolders()
  const inboxFolder = join(folders.dataFolder, 'inbox')
  const host = await createHost({
    kind: 'browser',
    ...folders,
    grants: { files: await tidyInbox(inboxFolder, folders), folders: shared },
    ...{ inboxFolder, project },
    shell: systemShell(),
  })
  try {
    const rendererFolder = join(root, 'out', 'renderer')
    const server = await startServer({ host, port: command.port, rendererFolder, inboxFolder })
    try {
      const address = (): string => server.address()
      const launcher = await keepLauncher(join(folders.dataFolder, 'doors'), server.port, address)
      server.onEnter(() => void launcher.renew().catch(() => undefined)) // a full disk: the page says that its key is used
      try {
        terminal.print(t('cli.serving', { address: address() }))
        terminal.print(t('cli.entrance', { launcher: pathToFileURL(launcher.path).href }))
        if (command.mayOpen && !(await openInSystem(launcher.path))) terminal.warn(t('cli.noBrowser'))
        if (!stop.aborted) await once(stop, 'abort')
      } finally {
        await launcher.remove()
      }
    } finally {
      await server.close()
    }
  } finally {
    await host.close()
  }
}
