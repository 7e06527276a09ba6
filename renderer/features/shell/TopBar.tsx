// The top line: the program's name, its menus where the desktop has none for it, and the settings.
import { Settings } from 'lucide-react'
import {
  CommandName,
  commandKeys,
  keptByBrowsers,
  menuNames,
  menus,
} from '../../../electron/shared/words/commandNames.js'
import { actions } from '../../stores/actions.js'
import { editWords } from '../../stores/editWords.js'
import { useHost } from '../../stores/host.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button, IconButton } from '../../ui/Button.js'
import { keyWords } from '../../ui/keyWords.js'
import { MenuBar } from '../../ui/MenuBar.js'
import { ProjectName } from './ProjectName.js'
import { useRecentItems } from './recentItems.js'
import styles from './Shell.module.css'

/** Commands that mean something without a film. */
const always: readonly CommandName[] = [
  'open',
  'openSample',
  'newProject',
  'openProject',
  'saveProject',
  'saveProjectAs',
  'models',
  'settings',
  'jobs',
  'shortcuts',
  'showLog',
  'fullScreen',
]

/** Commands that need the film of the clip in hand. */
const needFilm: readonly CommandName[] = [
  ...(['markIn', 'markOut', 'split', 'preview', 'photo', 'snapshot', 'snapshotPair'] as const),
]

export function TopBar() {
  const { t } = useWords()
  const host = useHost((s) => s.connection?.host)
  return (
    <header className={styles.top}>
      <span className={styles.brand}>Heirloom</span>
      {host === 'browser' ? (
        <AppMenus />
      ) : (
        <Button kind="quiet" onClick={actions.open} title={keyWords(commandKeys.open?.[0])}>
          {t('command.open')}
        </Button>
      )}
      <span className={styles.spring} />
      <ProjectName />
      <span className={styles.spring} />
      <IconButton
        label={t('command.settings')}
        keys={keyWords(commandKeys.settings?.[0])}
        onClick={actions.settings}
      >
        <Settings />
      </IconButton>
    </header>
  )
}

function AppMenus() {
  const { t } = useWords()
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const isMissing = useSources((s) => clip !== undefined && s.missing[clip.sourceId] !== undefined)
  const past = useProject((s) => s.past)
  const future = useProject((s) => s.future)
  const words = editWords(t, { past, future })
  const hasSample = useHost((s) => s.info?.samplePath !== undefined)
  const isLooping = useSession((s) => s.isLooping)
  const mode = useSession((s) => s.compareMode)
  const recents = useRecentItems()
  const checked: Partial<Record<CommandName, boolean>> = {
    toggleLoop: isLooping,
    toggleEnhance: clip?.enhance.isEnabled ?? false,
    compareDivider: mode === 'divider',
    compareSide: mode === 'side',
    compareAb: mode === 'ab',
  }
  const isDisabled = (name: CommandName): boolean => {
    if (name === 'undo' || name === 'redo') return words[name] === null
    if (name === 'openSample') return !hasSample
    if (isMissing && needFilm.includes(name)) return true
    return clip === undefined && !always.includes(name)
  }
  const labelOf = (name: CommandName): string => {
    const own = name === 'undo' || name === 'redo' ? words[name] : null
    return own ?? t(`command.${name}`)
  }
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
                label: labelOf(name),
                keys: keptByBrowsers.includes(name) ? undefined : keyWords(commandKeys[name]?.[0]),
                isDisabled: isDisabled(name),
                isChecked: checked[name],
                onChoose: actions[name],
              },
          ),
          ...(menu === 'file' ? recents : []),
        ],
      }))}
    />
  )
}
