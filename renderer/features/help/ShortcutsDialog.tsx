// The keys of every command, by menu, with a field to search them. Each can be changed: the next keys that are pressed are the command's.
import { useState } from 'react'
import {
  CommandName,
  MenuName,
  isCommandName,
  menuNames,
  menus,
} from '../../../electron/shared/words/commandNames.js'
import { ChosenKeys, Keys } from '../../../electron/shared/words/keys.js'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { resetAllKeys, resetKeys, useKeys } from '../../stores/keys.js'
import { usePreferences } from '../../stores/preferences.js'
import { closeDialog } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { keyWords } from '../../ui/keyWords.js'
import { KeyChange } from './KeyChange.js'
import styles from './Help.module.css'

export function ShortcutsDialog() {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const [changing, setChanging] = useState<CommandName>()
  const keys = useKeys()
  const chosen = usePreferences((s) => s.keys)
  const wanted = search.trim().toLowerCase()
  const groups = groupsWith(wanted, keys, chosen, t)
  const changed = Object.keys(chosen ?? {}).filter(isCommandName).length
  return (
    <Dialog title={t('command.shortcuts')} closeLabel={t('close')} onClose={closeDialog} isWide>
      <input
        type="search"
        className={styles.search}
        placeholder={t('help.search')}
        aria-label={t('help.search')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {changed > 0 && (
        <p className={styles.changed}>
          {t('help.changed', { count: changed })}
          <Button size="small" onClick={resetAllKeys}>
            {t('help.resetAll')}
          </Button>
        </p>
      )}
      <div className={styles.groups}>
        {groups
          .filter((group) => group.rows.length > 0)
          .map((group) => (
            <Group key={group.menu} group={group} changing={changing} setChanging={setChanging} />
          ))}
        <MoreKeys />
      </div>
    </Dialog>
  )
}

interface Row {
  name: CommandName
  words: string
  keys: readonly string[]
  /** Not those that it came with. */
  isChosen: boolean
}

interface ShortcutGroup {
  menu: MenuName
  rows: readonly Row[]
}

/** The commands of each menu that are called, or have a key, like what is wanted. */
const groupsWith = (wanted: string, keys: Keys, chosen: ChosenKeys | undefined, t: Lookup): ShortcutGroup[] =>
  menuNames.map((menu) => ({
    menu,
    rows: menus[menu]
      .filter((name) => name !== null)
      .map((name) => ({
        name,
        words: t(`command.${name}`),
        isChosen: chosen?.[name] !== undefined,
        keys: keys[name]
          // Other layouts' ways to the same sign are not worth a line.
          .filter((key) => !/^Shift\+[+=/]$/.test(key))
          .map((key) => keyWords(key) ?? ''),
      }))
      .filter((row) => [row.words, ...row.keys].some((text) => text.toLowerCase().includes(wanted))),
  }))

interface GroupProps {
  group: ShortcutGroup
  changing: CommandName | undefined
  setChanging: (name: CommandName | undefined) => void
}

function Group({ group, changing, setChanging }: GroupProps) {
  const { t } = useWords()
  return (
    <section className={styles.group}>
      <h3>{t(`menu.${group.menu}`)}</h3>
      <ul className={styles.rows}>
        {group.rows.map((row) => (
          <li key={row.name} data-command={row.name}>
            <div className={styles.row}>
              <span>{row.words}</span>
              <span className={styles.keys}>
                {[...new Set(row.keys)].map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
                {changing !== row.name && (
                  <Button
                    kind="quiet"
                    size="small"
                    aria-label={t('help.changeOf', { name: row.words })}
                    onClick={() => setChanging(row.name)}
                  >
                    {t('help.change')}
                  </Button>
                )}
              </span>
            </div>
            {changing === row.name && (
              <KeyChange
                name={row.name}
                words={row.words}
                onReset={row.isChosen ? () => resetKeys(row.name) : undefined}
                onEnd={() => setChanging(undefined)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Keys that are no menu's. */
function MoreKeys() {
  const { t } = useWords()
  const keys = useKeys()
  const [stop, back, on] = [keys.shuttleStop[0], keys.shuttleBack[0], keys.shuttleForward[0]].map(keyWords)
  return (
    <section className={styles.group}>
      <h3>{t('help.more')}</h3>
      <ul className={styles.rows}>
        <li className={styles.row}>
          <span>{t('help.hold')}</span>
          <span className={styles.keys}>
            <kbd>\</kbd>
          </span>
        </li>
        {stop !== undefined && back !== undefined && on !== undefined && (
          <li className={styles.row}>
            <span>{t('help.frameByFrame')}</span>
            <span className={styles.keys}>
              <kbd>{`${stop}+${back}`}</kbd>
              <kbd>{`${stop}+${on}`}</kbd>
            </span>
          </li>
        )}
      </ul>
    </section>
  )
}
