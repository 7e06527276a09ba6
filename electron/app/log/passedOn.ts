// The last lines of the log, to be read and to be passed on.
import type { LogText } from '../../shared/contract/app.js'
import { blanked } from './blank.js'
import { textOf } from './entry.js'
import type { Log } from './log.js'

const lastEntries = 500

export async function readLog(log: Log, most = lastEntries): Promise<LogText> {
  const entries = (await log.read()).slice(-most)
  return { path: log.path, text: textOf(entries), blanked: textOf(blanked(entries)) }
}
