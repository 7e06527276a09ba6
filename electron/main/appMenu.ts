// The desktop menu as it is now: its language, how the window's commands stand, the recent projects. Made anew when any of them changes.
import { Menu, app, nativeTheme } from 'electron'
import type { Host } from '../app/host/host.js'
import type { Api } from '../shared/contract/api.js'
import type { Preferences } from '../shared/contract/app.js'
import type { Language } from '../shared/words/catalogue.js'
import { nearest } from '../shared/words/sentences.js'
import { shownWindow } from './dialogs.js'
import { type MenuContent, menuTemplate } from './menu.js'

const toWords = (preferences: Preferences): Language =>
  nearest(preferences.language === 'system' ? app.getLocale() : preferences.language)

export interface AppMenu {
  /** What windows ask of Heirloom, heard by the menu. */
  requests: Api['app']
  language: () => Language
  /** Shows it for the first time, and from then on whenever it changes. */
  start(): Promise<void>
}

export function createAppMenu(host: () => Host): AppMenu {
  let language: Language = 'en'
  let state: MenuContent = {}
  const send = (event: object): void => shownWindow()?.webContents.send('heirloom:event', event)
  const choices = {
    choose: (command: string): void => {
      send({ type: 'menu', command })
      show({}) // Electron has moved a tick by itself: the window says where it is
    },
    open: (path: string): void => send({ type: 'open', paths: [path] }),
  }
  // Made anew: the words of an item cannot be changed.
  const show = (more: MenuContent): void => {
    state = { ...state, ...more }
    const template = menuTemplate(language, choices, process.platform === 'darwin', state)
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  const apply = (preferences: Preferences): void => {
    language = toWords(preferences)
    nativeTheme.themeSource = preferences.theme
    show({})
  }
  const showRecent = async (): Promise<void> => show({ recent: await host().api.project.recent() })
  return {
    language: () => language,
    get requests(): Api['app'] {
      const { app } = host().api
      return {
        ...app,
        async setPreferences(preferences) {
          await app.setPreferences(preferences)
          apply(preferences)
          return null
        },
        menuState(commands) {
          show({ commands })
          return Promise.resolve(null)
        },
      }
    },
    async start() {
      apply(await host().api.app.preferences())
      host().on((event) => {
        if (event.type === 'recentProjects') void showRecent().catch(() => undefined) // the list of before stays
      })
      await showRecent().catch(() => undefined) // a list to choose from, no more
    },
  }
}
