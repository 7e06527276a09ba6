// The desktop menu as data, from the same table as the window's own menus and keys. A chosen item is sent to the window
// by its command name; the few items the system does itself (copy, paste, quit) have roles.
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuState } from '../shared/contract/app.js'
import type { RecentProject } from '../shared/contract/project.js'
import {
  menuRecents,
  menuNames,
  menus,
  type CommandName,
  type MenuName,
} from '../shared/words/commandNames.js'
import type { Language } from '../shared/words/catalogue.js'
import { type Keys, keysWith } from '../shared/words/keys.js'
import { lookup } from '../shared/words/lookup.js'
import { projectLabel } from '../shared/words/projectLabel.js'

/** `$mod+Shift+z` -> `CmdOrCtrl+Shift+Z`. Keys without $mod stay the page's alone: a menu would take them from text fields. */
export function accelerator(command: CommandName, keys: Keys): string | undefined {
  const key = keys[command].find((candidate) => candidate.startsWith('$mod+'))
  return key
    ?.replace('$mod', 'CmdOrCtrl')
    .replace(/\+([a-z])$/, (_, letter: string) => `+${letter.toUpperCase()}`)
}

const ownItems: Partial<Record<MenuName, MenuItemConstructorOptions[]>> = {
  file: [{ type: 'separator' }, { role: 'quit' }],
  edit: [{ type: 'separator' }, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
}

/** Commands that are on or off. */
const switches: readonly CommandName[] = [
  ...([
    'toggleLoop',
    'toggleEnhance',
    'toggleClips',
    'toggleSettings',
    'compareDivider',
    'compareSide',
    'compareAb',
    'compareDifference',
  ] as const),
]

export interface MenuChoices {
  choose: (command: CommandName) => void
  /** A recent project. */
  open: (path: string) => void
}

export interface MenuContent {
  /** Of the window's commands, once it has told. */
  commands?: MenuState
  recent?: readonly RecentProject[]
}

export function menuTemplate(
  language: Language,
  { choose, open }: MenuChoices,
  isMac: boolean,
  { commands, recent = [] }: MenuContent = {},
): MenuItemConstructorOptions[] {
  const t = lookup(language)
  const keys = keysWith(commands?.keys)
  /** Undo and redo say what they take back, as in the window. */
  const own = (command: CommandName): string | null | undefined =>
    command === 'undo' || command === 'redo' ? commands?.words[command] : undefined
  const item = (command: CommandName | null): MenuItemConstructorOptions =>
    command === null
      ? { type: 'separator' }
      : {
          id: command,
          label: own(command) ?? t(`command.${command}`),
          enabled: !commands?.idle.includes(command),
          ...(switches.includes(command)
            ? { type: 'checkbox' as const, checked: commands?.on.includes(command) ?? false }
            : {}),
          accelerator: accelerator(command, keys),
          registerAccelerator: false, // shown here, heard by the page
          click: () => choose(command),
        }
  const recents = recent.slice(0, menuRecents).map((project) => ({
    label: projectLabel(project, recent, language).replaceAll('&', '&&'), // one alone would mark a key
    click: () => open(project.path),
  }))
  const more: Partial<Record<MenuName, MenuItemConstructorOptions[]>> = {
    file: recents.length > 0 ? [{ type: 'separator' }, ...recents] : [],
  }
  const template = menuNames.map((name) => ({
    id: name,
    label: t(`menu.${name}`),
    submenu: [...menus[name].map(item), ...(more[name] ?? []), ...(ownItems[name] ?? [])],
  }))
  return isMac ? [{ role: 'appMenu' }, ...template] : template
}
