// Every command by its words: what is typed narrows the list, Enter does it. Found in English too, and by menu or key.
import { useEffect, useRef } from 'react'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { CommandName, menuNames, menus } from '../../../electron/shared/words/commandNames.js'
import { Keys } from '../../../electron/shared/words/keys.js'
import { Lookup, lookup } from '../../../electron/shared/words/lookup.js'
import { actions } from '../../stores/actions.js'
import { CommandState, useCommandStates } from '../../stores/commandState.js'
import { useKeys } from '../../stores/keys.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Dialog } from '../../ui/Dialog.js'
import { keyWords } from '../../ui/keyWords.js'
import styles from './Help.module.css'

interface Row extends CommandState {
  name: CommandName
  keys: string | undefined
  /** What it is found by. */
  found: string
}

const english = lookup('en')
const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

function groupsOf(states: Record<CommandName, CommandState>, all: Keys, t: Lookup) {
  const row = (name: CommandName, menu: string): Row => {
    const keys = keyWords(all[name][0])
    const found = fold([states[name].label, menu, english(`command.${name}`), keys].join(' '))
    return { ...states[name], name, keys, found }
  }
  return menuNames.map((menu) => {
    const label = t(`menu.${menu}`)
    const items = menus[menu].flatMap((name) => (name && name !== 'commands' ? row(name, label) : []))
    return { menu, label, items }
  })
}

/** Every word of what is typed, in any order. */
const isMeant = (row: Row, typed: string): boolean =>
  fold(typed)
    .split(/\s+/)
    .every((word) => row.found.includes(word))

function choose(row: Row): void {
  closeDialog()
  actions[row.name]()
}

/** The list closes behind what was chosen, too: that may have opened another dialog by then. */
function leave(): void {
  if (useSession.getState().dialog === 'commands') closeDialog()
}

export function CommandsDialog() {
  const { t } = useWords()
  const states = useCommandStates()
  const keys = useKeys()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <Dialog title={t('command.commands')} closeLabel={t('close')} onClose={closeDialog}>
      <Autocomplete.Root
        inline
        open
        autoHighlight="always"
        keepHighlight
        items={groupsOf(states, keys, t)}
        itemToStringValue={(row: Row) => row.label}
        filter={isMeant}
        onOpenChange={(isOpen) => isOpen || leave()}
      >
        <Autocomplete.Input
          ref={input}
          className={styles.search}
          placeholder={t('help.searchCommands')}
          aria-label={t('help.searchCommands')}
        />
        <Autocomplete.Empty>{t('help.noCommand')}</Autocomplete.Empty>
        <Autocomplete.List className={styles.commands}>
          {(group: ReturnType<typeof groupsOf>[number]) => (
            <Autocomplete.Group key={group.menu} items={group.items}>
              <Autocomplete.GroupLabel className={styles.commandMenu}>{group.label}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(row: Row) => <CommandRow key={row.name} row={row} />}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
    </Dialog>
  )
}

function CommandRow({ row }: { row: Row }) {
  const { t } = useWords()
  return (
    <Autocomplete.Item
      value={row}
      disabled={!row.isPossible}
      className={styles.command}
      onClick={() => choose(row)}
    >
      <span>{row.isOn ? t('help.isOn', { what: row.label }) : row.label}</span>
      {row.keys && <kbd>{row.keys}</kbd>}
    </Autocomplete.Item>
  )
}
