// A project that is only read, without being opened: no list of recent projects learns of it, nothing is moved aside or put back.
import { basename, dirname } from 'node:path'
import { failing } from '../../shared/contract/errors.js'
import { type Project, currentFormat } from '../../shared/document/document.js'
import { systemReason } from '../../shared/words/systemReason.js'
import { readCopy } from './copies.js'
import { located } from './locations.js'

/** With its videos where they are now. Fails with `not-found`, `project-newer` and `project-corrupt`. */
export async function readProject(path: string): Promise<Project> {
  const copy = await readCopy(path)
  const values = { name: basename(path), folder: dirname(path) }
  switch (copy.state) {
    case 'whole': {
      const reach = { isAllowed: () => Promise.resolve(true), fingerprint: () => undefined }
      return located(copy.project, dirname(path), reach)
    }
    case 'none':
      throw failing('not-found', 'projectGone', values)
    case 'newer':
      throw failing('project-newer', 'projectNewer', {
        ...{ ...values, format: copy.format, known: currentFormat },
      })
    case 'unreadable': {
      const reason = systemReason(copy.cause)
      throw failing('project-corrupt', 'projectNotRead', { ...values, reason }, { cause: copy.cause })
    }
    case 'damaged':
      throw failing('project-corrupt', 'cutsUnreadable', values)
  }
}
