// Where the shown project goes to and what it is called, where there is no system dialog for it.
import { useCallback, useEffect, useState } from 'react'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { projectEnding } from '../../../electron/shared/contract/project.js'
import { checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { useCheck } from '../../stores/outputCheck.js'
import { saveProjectIn, suggestedPath } from '../../stores/projectFiles.js'
import { closeDialog } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Dialog } from '../../ui/Dialog.js'
import { useEnter } from '../../ui/enter.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { NamedPlace, obstacleOf, splitPath } from '../../ui/place.js'
import { SaveFooter } from '../../ui/SaveFooter.js'
import { useSaving } from '../../ui/saving.js'
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

export function SaveProjectDialog() {
  const { t, language } = useWords()
  const [failure, setFailure] = useState<Failure>()
  const onFailure = useCallback((error: unknown) => setFailure(toFailure(error)), [])
  const [place, setPlace] = usePlace(onFailure)
  const [isSaving, save] = useSaving(saveProjectIn, closeDialog, onFailure)
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
      footer={
        <SaveFooter
          failure={place && said}
          words={{ cancel: t('cancel'), save: t('project.saveButton') }}
          onCancel={closeDialog}
          onSave={onSave}
        />
      }
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
