// Where the shown project goes to and what it is called, where there is no system dialog for it.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { OutputCheck } from '../../../electron/shared/contract/files.js'
import { projectEnding } from '../../../electron/shared/contract/project.js'
import { checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { api } from '../../stores/host.js'
import { saveProjectIn, suggestedPath } from '../../stores/projectFiles.js'
import { closeDialog } from '../../stores/session.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { NamedPlace, obstacleOf, splitPath } from '../../ui/place.js'
import styles from './Projects.module.css'

/** What is known of the file at a path; undefined while that is being asked. */
function useCheck(path: string | undefined, onFailure: (failure: Failure) => void): OutputCheck | undefined {
  const [check, setCheck] = useState<{ of: string; check: OutputCheck }>()
  useEffect(() => {
    if (path === undefined) return
    let isCurrent = true
    const timer = setTimeout(() => {
      api()
        .files.checkOutput(path)
        .then(
          (found) => isCurrent && setCheck({ of: path, check: found }),
          (error: unknown) => isCurrent && onFailure(toFailure(error)),
        )
    }, 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [path, onFailure])
  return check?.of === path ? check?.check : undefined
}

export function SaveProjectDialog() {
  const { t, i18n } = useTranslation()
  const [place, setPlace] = useState<NamedPlace>()
  const [failure, setFailure] = useState<Failure>()
  const [isSaving, setSaving] = useState(false)
  const path = place && `${place.folder}${place.name}.${projectEnding}`
  const check = checkWords(useCheck(path, setFailure), i18n.language)
  useEffect(() => {
    suggestedPath().then(
      (found) => setPlace({ ...splitPath(found), mayOverwrite: false }),
      (error: unknown) => setFailure(toFailure(error)),
    )
  }, [])
  // Leave to replace was given for another file.
  const change = (part: Partial<NamedPlace>): void => {
    setFailure(undefined)
    setPlace((now) => now && { ...now, mayOverwrite: false, ...part })
  }
  const isReady = place && check !== undefined && obstacleOf(place, check) === undefined && !isSaving
  const save = async (): Promise<void> => {
    if (!isReady || path === undefined) return
    setSaving(true)
    try {
      await saveProjectIn(path, place.mayOverwrite)
      closeDialog()
    } catch (error) {
      setFailure(toFailure(error))
      setSaving(false)
    }
  }
  return (
    <Dialog
      title={t('project.save')}
      closeLabel={t('close')}
      onClose={closeDialog}
      onEnter={isReady ? () => void save() : undefined}
      isWide
      footer={
        <>
          {failure && place && (
            <p className={styles.failure} role="alert">
              {sentenceOf(failure, i18n.language)}
            </p>
          )}
          <Button onClick={closeDialog}>{t('cancel')}</Button>
          <Button kind="primary" size="large" disabled={!isReady} onClick={() => void save()}>
            {t('project.saveButton')}
          </Button>
        </>
      }
    >
      <p className={styles.explain}>{t('project.saveWords')}</p>
      {place ? (
        <NameAndPlace
          title={t('project.where')}
          words={placeWords(t, i18n, t('project.name'))}
          place={place}
          ending={projectEnding}
          check={check}
          onChange={change}
          listFolder={listFolder}
          onFailure={(error) => setFailure(toFailure(error))}
        />
      ) : (
        <p role="status">{failure ? sentenceOf(failure, i18n.language) : t('export.preparing')}</p>
      )}
    </Dialog>
  )
}
