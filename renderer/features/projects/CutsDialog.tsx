// The page on which a film's cuts are saved for another editor: in which format, what does not go along, where to.
import { useCallback, useEffect, useState } from 'react'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { CutFormat } from '../../../electron/shared/interchange/formats.js'
import { Message, say } from '../../../electron/shared/words/sentences.js'
import { cutNotes, saveCuts, suggestedCuts } from '../../stores/cuts.js'
import { askForPlace, checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { useHost } from '../../stores/host.js'
import { useCheck } from '../../stores/outputCheck.js'
import { closeDialog } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { Choice } from '../../ui/Choice.js'
import { Dialog } from '../../ui/Dialog.js'
import { useEnter } from '../../ui/enter.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { Part } from '../../ui/Part.js'
import { NamedPlace, obstacleOf, splitPath } from '../../ui/place.js'
import { SaveFooter } from '../../ui/SaveFooter.js'
import { useSaving } from '../../ui/saving.js'
import styles from './Projects.module.css'

type OnFailure = (error: unknown) => void

/** Where the file could go to, undefined until that is known. A name of ours is a free one for each format; a person's own stays. */
function usePlace(format: CutFormat, onFailure: OnFailure) {
  const [place, setPlace] = useState<NamedPlace>()
  const [isOwn, setOwn] = useState(false)
  useEffect(() => {
    if (isOwn) return
    let isCurrent = true
    suggestedCuts(format).then(
      (found) => isCurrent && setPlace({ ...splitPath(found), mayOverwrite: false }),
      (error: unknown) => isCurrent && onFailure(error),
    )
    return () => {
      isCurrent = false
    }
  }, [format, isOwn, onFailure])
  const change = (part: Partial<NamedPlace>): void => {
    setOwn(true)
    setPlace((now) => now && { ...now, mayOverwrite: false, ...part })
  }
  return [place, change] as const
}

/** What does not go along in this format; undefined until the host has said it. */
function useNotes(format: CutFormat, onFailure: OnFailure): readonly Message[] | undefined {
  const [known, setKnown] = useState<{ of: CutFormat; notes: readonly Message[] }>()
  useEffect(() => {
    let isCurrent = true
    cutNotes(format).then(
      (notes) => isCurrent && setKnown({ of: format, notes }),
      (error: unknown) => isCurrent && onFailure(error),
    )
    return () => {
      isCurrent = false
    }
  }, [format, onFailure])
  return known?.of === format ? known.notes : undefined
}

export function CutsDialog() {
  const { t, language } = useWords()
  const [format, setFormat] = useState<CutFormat>('otio')
  const [failure, setFailure] = useState<Failure>()
  const onFailure = useCallback((error: unknown) => setFailure(toFailure(error)), [])
  const [place, setPlace] = usePlace(format, onFailure)
  const notes = useNotes(format, onFailure)
  const [isSaving, save] = useSaving(saveCuts, closeDialog, onFailure)
  const path = place && `${place.folder}${place.name}.${format}`
  const check = checkWords(useCheck(path, onFailure), language)
  const isReady = place && check !== undefined && obstacleOf(place, check) === undefined && !isSaving
  const onSave = isReady && path !== undefined ? () => void save(format, path, place.mayOverwrite) : undefined
  const [enter, takeBack] = useEnter(check !== undefined, onSave)
  const anew = (): void => {
    takeBack()
    setFailure(undefined)
  }
  const choose = (chosen: CutFormat): void => {
    anew()
    setFormat(chosen)
    // Leave to replace was given for another file.
    if (place?.mayOverwrite) setPlace({})
  }
  return (
    <Dialog
      title={t('cuts.title')}
      closeLabel={t('close')}
      onClose={closeDialog}
      onEnter={isSaving ? undefined : enter}
      isWide
      footer={
        <SaveFooter
          failure={failure && sentenceOf(failure, language)}
          words={{ cancel: t('cancel'), save: t('cuts.save') }}
          onCancel={closeDialog}
          onSave={onSave}
        />
      }
    >
      <p className={styles.explain}>{t('cuts.words')}</p>
      <div className={styles.form}>
        <FormatPart format={format} notes={notes} onChoose={choose} />
        {place && (
          <Where
            {...{ place, format, check, onFailure }}
            onChange={(part) => {
              anew()
              setPlace(part)
            }}
          />
        )}
      </div>
    </Dialog>
  )
}

interface FormatProps {
  format: CutFormat
  notes: readonly Message[] | undefined
  onChoose: (format: CutFormat) => void
}

function FormatPart({ format, notes, onChoose }: FormatProps) {
  const { t, language } = useWords()
  return (
    <>
      <Part title={t('cuts.format')}>
        <Choice
          label={t('cuts.format')}
          look="cards"
          value={format}
          options={CutFormat.options.map((value) => ({
            ...{ value, label: t(`cuts.${value}`), note: t(`cuts.${value}Words`) },
          }))}
          onChange={onChoose}
        />
      </Part>
      {notes && (
        <Part title={t('cuts.lost')}>
          {notes.length === 0 ? (
            <p>{t('cuts.allGoes')}</p>
          ) : (
            <ul className={styles.notes}>
              {notes.map((note) => (
                <li key={note.key}>{say(note, language)}</li>
              ))}
            </ul>
          )}
        </Part>
      )}
    </>
  )
}

interface WhereProps {
  place: NamedPlace
  format: CutFormat
  check: ReturnType<typeof checkWords>
  onChange: (part: Partial<NamedPlace>) => void
  onFailure: OnFailure
}

function Where({ place, format, check, onChange, onFailure }: WhereProps) {
  const { t, language } = useWords()
  const hasDialogs = useHost((s) => s.info?.hasDialogs ?? false)
  return (
    <NameAndPlace
      title={t('cuts.where')}
      words={placeWords({ t, language }, t('cuts.name'))}
      place={place}
      ending={format}
      check={check}
      onChange={onChange}
      askSystem={askForPlace(hasDialogs)}
      listFolder={listFolder}
      onFailure={onFailure}
    />
  )
}
