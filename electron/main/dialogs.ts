// The system's dialogs over our window.
import { existsSync } from 'node:fs'
import { BrowserWindow, dialog } from 'electron'
import type { Dialogs } from '../app/access/handlers.js'
import { failing } from '../shared/contract/errors.js'
import { isProjectName, projectEnding } from '../shared/contract/project.js'
import { filmEndings } from '../shared/media/fileNames.js'
import type { Language } from '../shared/words/catalogue.js'
import { lookup } from '../shared/words/lookup.js'

// eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Electron makes them itself
export const shownWindow = (): BrowserWindow | undefined => BrowserWindow.getAllWindows()[0]

function showOver<Answer>(show: (window: BrowserWindow) => Promise<Answer>): Promise<Answer> {
  const window = shownWindow()
  if (!window) throw failing('internal', 'windowGone')
  return show(window)
}

export function createDialogs(language: () => Language): Dialogs {
  const projects = () => [{ name: lookup(language())('shell.projects'), extensions: [projectEnding] }]

  /** Not every system adds the ending, and one that does not has asked about another file. */
  async function chooseProjectOutput(suggested: string): Promise<string | null> {
    const chosen = await showOver((window) =>
      dialog.showSaveDialog(window, {
        ...{ defaultPath: suggested, filters: projects() },
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      }),
    )
    if (chosen.canceled || !chosen.filePath) return null
    if (isProjectName(chosen.filePath)) return chosen.filePath
    const path = `${chosen.filePath}.${projectEnding}`
    return existsSync(path) ? chooseProjectOutput(path) : path
  }

  return {
    async chooseSources() {
      const t = lookup(language())
      const filters = [
        { name: t('shell.films'), extensions: filmEndings },
        { name: t('shell.allFiles'), extensions: ['*'] },
      ]
      const chosen = await showOver((window) =>
        dialog.showOpenDialog(window, { properties: ['openFile', 'multiSelections'], filters }),
      )
      return chosen.canceled ? [] : chosen.filePaths
    },
    async chooseOutput(suggestedName) {
      const chosen = await showOver((window) =>
        // The window asks before it replaces a file; asking twice would only teach people to say yes.
        dialog.showSaveDialog(window, { defaultPath: suggestedName, properties: ['createDirectory'] }),
      )
      return chosen.canceled || !chosen.filePath ? null : chosen.filePath
    },
    async chooseFolder() {
      const chosen = await showOver((window) =>
        dialog.showOpenDialog(window, { properties: ['openDirectory'] }),
      )
      return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
    },
    async chooseProject() {
      const chosen = await showOver((window) =>
        dialog.showOpenDialog(window, { properties: ['openFile'], filters: projects() }),
      )
      return chosen.canceled ? null : (chosen.filePaths[0] ?? null)
    },
    chooseProjectOutput,
  }
}
