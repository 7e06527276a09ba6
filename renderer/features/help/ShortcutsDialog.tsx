// Every key that does something, by menu, with a field to search them.
import { useState } from 'react'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import {
  CommandName,
  MenuName,
  commandKeys,
  keptByBrowsers,
  menuNames,
  menus,
} from '../../../electron/shared/words/commandNames.js'
import { useHost } from '../../stores/host.js'
import { closeDialog } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Dialog } from '../../ui/Dialog.js'
import { keyWords } from '../../ui/keyWords.js'
import styles from './Help.module.css'

export function ShortcutsDialog() {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const isBrowser = useHost((s) => s.connection?.host === 'browser')
  const wanted = search.trim().toLowerCase()
  const groups = groupsWith(wanted, isBrowser, t)
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
      <div className={styles.groups}>
        {groups
          .filter((group) => group.rows.length > 0)
          .map((group) => (
            <Group key={group.menu} group={group} />
          ))}
        <MoreKeys />
      </div>
    </Dialog>
  )
}

interface ShortcutGroup {
  menu: MenuName
  rows: readonly { name: CommandName; words: string; keys: readonly string[] }[]
}

/** The commands of each menu that have keys and are called, or have a key, like what is wanted. */
const groupsWith = (wanted: string, isBrowser: boolean, t: Lookup): ShortcutGroup[] =>
  menuNames.map((menu) => ({
    menu,
    rows: menus[menu]
      .filter((name) => name !== null && !(isBrowser && keptByBrowsers.includes(name)))
      .flatMap((name) => (name && commandKeys[name] ? [{ name, keys: commandKeys[name] }] : []))
      .map(({ name, keys }) => ({
        name,
        words: t(`command.${name}`),
        // Other layouts' ways to the same sign are not worth a line.
        keys: keys.filter((key) => !/^Shift\+[+=/]$/.test(key)).map((key) => keyWords(key) ?? ''),
      }))
      .filter(({ words, keys }) => [words, ...keys].some((text) => text.toLowerCase().includes(wanted))),
  }))

function Group({ group }: { group: ShortcutGroup }) {
  const { t } = useWords()
  return (
    <section className={styles.group}>
      <h3>{t(`menu.${group.menu}`)}</h3>
      <dl>
        {group.rows.map((row) => (
          <div key={row.name} className={styles.row}>
            <dt>{row.words}</dt>
            <dd>
              {[...new Set(row.keys)].map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Keys that are no menu's. */
function MoreKeys() {
  const { t } = useWords()
  return (
    <section className={styles.group}>
      <h3>{t('help.more')}</h3>
      <dl>
        <div className={styles.row}>
          <dt>{t('help.hold')}</dt>
          <dd>
            <kbd>\</kbd>
          </dd>
        </div>
        <div className={styles.row}>
          <dt>{t('help.frameByFrame')}</dt>
          <dd>
            <kbd>K+J</kbd>
            <kbd>K+L</kbd>
          </dd>
        </div>
      </dl>
    </section>
  )
}
