// Where the shown project goes to and what it is called, where there is no system dialog for it.
import { useCallback, useEffect, useState } from 'react'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { projectEnding } from '../../../electron/shared/contract/project.js'
import { checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { useCheck } from '../../stores/outputCheck.js'
import { saveProjectIn, suggestedPath } from '../../stores/projectFiles.js'
import { closeDialog } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { useEnter } from '../../ui/enter.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { NamedPlace, obstacleOf, splitPath } from '../../ui/place.js'
import styles from './Projects.module.css'

/** Where the project could go to, undefined until that is known; another name or place is one that nobody has given leave to replace. */
function usePlace(onFailure: (error: unknown) => void) {
  const [place, setPlace] = useState<NamedPlace>()
  useEffect(() => {
    suggestedPath().then((found) => setPlace({ ...splitPath(found), mayOverwrite: false }), onFailure)
  }, [onFailure])
  const change = (part: Partial<NamedPlace>): void =>
    setPlace((now) => now && { ...now, mayOverwrite: false, ...part })
  return [place, change] as const
}

/** Saves and closes the page; what went wrong keeps it open. */
function useSaving(onFailure: (error: unknown) => void) {
  const [isSaving, setSaving] = useState(false)
  const save = async (path: string, mayOverwrite: boolean): Promise<void> => {
    setSaving(true)
    try {
      await saveProjectIn(path, mayOverwrite)
      closeDialog()
    } catch (error) {
      onFailure(error)
      setSaving(false)
    }
  }
  return [isSaving, save] as const
}

export function SaveProjectDialog() {
  const { t, language } = useWords()
  const [failure, setFailure] = useState<Failure>()
  const onFailure = useCallback((error: unknown) => setFailure(toFailure(error)), [])
  const [place, setPlace] = usePlace(onFailure)
  const [isSaving, save] = useSaving(onFailure)
  const path = place && `${place.folder}${place.name}.${projectEnding}`
  const check = checkWords(useCheck(path, onFailure), language)
  const isReady = place && check !== undefined && obstacleOf(place, check) === undefined && !isSaving
  const onSave = isReady && path !== undefined ? () => void save(path, place.mayOverwrite) : undefined
  const [enter, takeBack] = useEnter(check !== undefined, onSave)
  const change = (part: Partial<NamedPlace>): void => {
    takeBack()
    setFailure(undefined)
    setPlace(part)
  }
  const said = failure && sentenceOf(failure, language)
  return (
    <Dialog
      title={t('project.save')}
      closeLabel={t('close')}
      onClose={closeDialog}
      onEnter={place && !isSaving ? enter : undefined}
      isWide
      footer={<Footer failure={place && said} onSave={onSave} />}
    >
      <p className={styles.explain}>{t('project.saveWords')}</p>
      {place ? (
        <NameAndPlace
          title={t('project.where')}
          words={placeWords({ t, language }, t('project.name'))}
          place={place}
          ending={projectEnding}
          check={check}
          onChange={change}
          listFolder={listFolder}
          onFailure={onFailure}
          beginsAtName
        />
      ) : (
        <p role="status">{said ?? t('export.preparing')}</p>
      )}
    </Dialog>
  )
}

function Footer({ failure, onSave }: { failure: string | undefined; onSave: (() => void) | undefined }) {
  const { t } = useWords()
  return (
    <>
      {failure !== undefined && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <Button onClick={closeDialog}>{t('cancel')}</Button>
      <Button kind="primary" size="large" disabled={!onSave} onClick={onSave}>
        {t('project.saveButton')}
      </Button>
    </>
  )
}
