// The menu of the picture itself: where the pointer was, what can be done with what is seen.
import { CommandName } from '../../../electron/shared/words/commandNames.js'
import { actions } from '../../stores/actions.js'
import { useKeys } from '../../stores/keys.js'
import { useWords } from '../../stores/words.js'
import { ContextMenu } from '../../ui/ContextMenu.js'
import { keyWords } from '../../ui/keyWords.js'

const commands: readonly CommandName[] = ['photo', 'snapshot', 'snapshotPair']

interface Props {
  at: { x: number; y: number }
  onClose: () => void
}

export function PictureMenu({ at, onClose }: Props) {
  const { t } = useWords()
  const keys = useKeys()
  const items = commands.map((name) => ({
    id: name,
    label: t(`command.${name}`),
    keys: keyWords(keys[name][0]),
    onChoose: actions[name],
  }))
  return <ContextMenu label={t('viewer.menu')} at={at} items={items} onClose={onClose} />
}
