// What is drawn on a film that is a Keepsake: detail by a share, where its part names a model that is here, and its grain.
import type { Clip, EnhanceSettings } from '../../../electron/shared/document/project.js'
import { drawerOf, restored, wholeRestore } from '../../../electron/shared/document/restoring.js'
import { say } from '../../../electron/shared/words/sentences.js'
import { useHost } from '../../stores/host.js'
import { useKeepsakes } from '../../stores/keepsakes.js'
import { useWords } from '../../stores/words.js'
import { formatPercent } from '../../ui/format.js'
import { Note } from '../../ui/Note.js'
import { Slider } from '../../ui/Slider.js'
import { Switch } from '../../ui/Switch.js'
import styles from './Enhance.module.css'

/** Whether anything can be drawn on a clip's film. */
export function useCanRestore({ sourceId, enhance }: Clip): boolean {
  const models = useHost((s) => s.info?.models) ?? []
  const found = useKeepsakes((s) => s.found[sourceId])
  const wanted = { ...enhance, ...wholeRestore, isEnabled: true }
  return found !== undefined && restored(wanted, found, models, '').enhance.isEnabled
}

interface Props {
  clip: Clip
  onChange: (change: Partial<EnhanceSettings>) => void
}

export function RestoreChoice({ clip, onChange }: Props) {
  const { t, language } = useWords()
  const models = useHost((s) => s.info?.models) ?? []
  const found = useKeepsakes((s) => s.found[clip.sourceId])
  if (!found) return null
  const { enhance, name } = clip
  const { notes } = restored(enhance, found, models, name)
  return (
    <div className={styles.group}>
      {drawerOf(found, models) && (
        <Slider
          label={t('enhance.keepsake.detail')}
          value={enhance.strength ?? 1}
          words={(value) => formatPercent(language, value)}
          onCommit={(strength) => onChange({ strength })}
        />
      )}
      <Switch isOn={enhance.grain ?? false} onChange={(grain) => onChange({ grain })}>
        {t('enhance.keepsake.grain')}
      </Switch>
      {notes.map((note) => (
        <Note key={note.key}>{say(note, language)}</Note>
      ))}
      <p className={styles.soft}>{t('enhance.keepsake.others')}</p>
    </div>
  )
}
