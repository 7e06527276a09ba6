// The top line: the program's name, its menus where the desktop has none for it, and the settings.
import { Settings } from 'lucide-react'
import { menuNames, menus } from '../../../electron/shared/words/commandNames.js'
import { actions } from '../../stores/actions.js'
import { useCommandStates } from '../../stores/commandState.js'
import { useHost } from '../../stores/host.js'
import { useKeys } from '../../stores/keys.js'
import { useWords } from '../../stores/words.js'
import { Button, IconButton } from '../../ui/Button.js'
import { keyWords } from '../../ui/keyWords.js'
import { MenuBar } from '../../ui/MenuBar.js'
import { ProjectName } from './ProjectName.js'
import { useRecentItems } from './recentItems.js'
import styles from './Shell.module.css'

export function TopBar() {
  const { t } = useWords()
  const keys = useKeys()
  const host = useHost((s) => s.connection?.host)
  return (
    <header className={styles.top}>
      <span className={styles.brand}>Heirloom</span>
      {host === 'browser' ? (
        <AppMenus />
      ) : (
        <Button kind="quiet" onClick={actions.open} title={keyWords(keys.open[0])}>
          {t('command.open')}
        </Button>
      )}
      <span className={styles.spring} />
      <ProjectName />
      <span className={styles.spring} />
      <IconButton label={t('command.settings')} keys={keyWords(keys.settings[0])} onClick={actions.settings}>
        <Settings />
      </IconButton>
    </header>
  )
}

function AppMenus() {
  const { t } = useWords()
  const keys = useKeys()
  const states = useCommandStates()
  const recents = useRecentItems()
  return (
    <MenuBar
      label={t('menuBar')}
      menus={menuNames.map((menu) => ({
        id: menu,
        label: t(`menu.${menu}`),
        items: [
          ...menus[menu].map(
            (name) =>
              name && {
                id: name,
                label: states[name].label,
                keys: keyWords(keys[name][0]),
                isDisabled: !states[name].isPossible,
                isChecked: states[name].isOn,
                onChoose: actions[name],
              },
          ),
          ...(menu === 'file' ? recents : []),
        ],
      }))}
    />
  )
}
