// `heirloom log`: where the log is, and its last lines. Starts nothing, so that the log says nothing of this.
import { defaultFolders } from '../app/access/resources.js'
import { createLog, logFolder } from '../app/log/log.js'
import { readLog } from '../app/log/passedOn.js'
import type { Terminal } from './terminal.js'

const lastEntries = 100

export async function showLog(isBlanked: boolean, terminal: Terminal): Promise<void> {
  const { path, text, blanked } = await readLog(
    createLog(logFolder(defaultFolders().dataFolder)),
    lastEntries,
  )
  terminal.warn(text === '' ? terminal.t('cli.logEmpty', { path }) : path)
  if (text !== '') terminal.print(...(isBlanked ? blanked : text).split('\n'))
}
