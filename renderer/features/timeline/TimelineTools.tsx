// The tools above the strip: marks, cutting, removing, undo, zoom.
import { ReactNode } from 'react'
import { Maximize2, Redo2, Scissors, Trash2, Undo2, ZoomIn, ZoomOut } from 'lucide-react'
import { CommandName } from '../../../electron/shared/words/commandNames.js'
import { actions } from '../../stores/actions.js'
import { editWords } from '../../stores/editWords.js'
import { useKeys } from '../../stores/keys.js'
import { useProject } from '../../stores/project.js'
import { useWords } from '../../stores/words.js'
import { Button, IconButton } from '../../ui/Button.js'
import { keyWords } from '../../ui/keyWords.js'
import styles from './Timeline.module.css'

interface Props {
  hasClip: boolean
  /** The film of the clip could not be opened: the clip can be removed, and no more. */
  isMissing: boolean
}

export function TimelineTools({ hasClip, isMissing }: Props) {
  const { t } = useWords()
  const keys = useKeys()
  const past = useProject((s) => s.past)
  const future = useProject((s) => s.future)
  const { undo, redo } = editWords(t, { past, future })
  const canCut = hasClip && !isMissing
  const title = (name: CommandName): string | undefined =>
    isMissing ? t('missing.why') : keyWords(keys[name][0])
  const words = (name: CommandName, mark: string) => (
    <Button kind="quiet" size="small" disabled={!canCut} onClick={actions[name]} title={title(name)}>
      <span className={styles.mark} aria-hidden>
        {mark}
      </span>
      {t(`command.${name}`)}
    </Button>
  )
  const icon = (
    name: CommandName,
    picture: ReactNode,
    isDisabled: boolean,
    label: string = t(`command.${name}`),
  ) => (
    <IconButton label={label} keys={keyWords(keys[name][0])} disabled={isDisabled} onClick={actions[name]}>
      {picture}
    </IconButton>
  )
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('timeline.tools')}>
      {icon('undo', <Undo2 />, undo === null, undo ?? undefined)}
      {icon('redo', <Redo2 />, redo === null, redo ?? undefined)}
      <span className={styles.line} />
      {words('markIn', '[')}
      {words('markOut', ']')}
      <Button
        kind="quiet"
        size="small"
        icon={<Scissors />}
        disabled={!canCut}
        onClick={actions.split}
        title={title('split')}
      >
        {t('command.split')}
      </Button>
      {icon('delete', <Trash2 />, !hasClip)}
      <span className={styles.spring} />
      {icon('timelineZoomOut', <ZoomOut />, !canCut)}
      {icon('timelineZoomIn', <ZoomIn />, !canCut)}
      {icon('timelineZoomFit', <Maximize2 />, !canCut)}
    </div>
  )
}
