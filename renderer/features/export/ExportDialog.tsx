// What to export, where to, and how, in the order people expect; what it will cost stands below before anything begins.
import { useCallback, useState } from 'react'
import { isUntaggedInterlaced } from '../../../electron/shared/media/damage.js'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { say } from '../../../electron/shared/words/sentences.js'
import { useDamage } from '../../stores/damage.js'
import { wishExport } from '../../stores/exportWish.js'
import { askForPlace, checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { api, useHost } from '../../stores/host.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useFilmRead } from '../../stores/reading.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { PlaceCheck, obstacleOf } from '../../ui/place.js'
import { useExportChoice } from './choice.js'
import { HowPart, WhatPart } from './ChoiceParts.js'
import { EstimateLine } from './EstimateLine.js'
import { Facts, textOf, useFacts } from './facts.js'
import { ExportChoice, pathOf, projectFor, specOf } from './output.js'
import styles from './Export.module.css'

export function ExportDialog() {
  const project = useProject((s) => s.project)
  const selected = useSession((s) => s.selectedClipId)
  const clip = clipOf(project, selected)
  return clip ? <ExportForm project={project} clip={clip} /> : null
}

function ExportForm({ project, clip }: { project: CutList; clip: Clip }) {
  const { t, language } = useWords()
  // A film that came in while this page is open has no length to count on yet.
  const isRead = useFilmRead()
  const [failure, setFailure] = useState<Failure>()
  const onFailure = useCallback((error: unknown) => setFailure(toFailure(error)), [])
  const [choice, setChoice] = useExportChoice(clip, onFailure)
  const [isStarting, setStarting] = useState(false)
  const facts = useFacts(choice, project, clip)
  const check = checkWords(facts.check, language)
  const frame = { title: t('export.title'), closeLabel: t('close'), onClose: closeDialog }
  if (!choice)
    return (
      <Dialog {...frame}>
        <p role="status">{failure ? sentenceOf(failure, language) : t('export.preparing')}</p>
      </Dialog>
    )

  // Leave to replace was given for another file.
  const change = (part: Partial<ExportChoice>): void => {
    setFailure(undefined)
    setChoice((now) => now && { ...now, mayOverwrite: false, ...part })
  }
  const begin = async (): Promise<void> => {
    setStarting(true)
    try {
      await api().render.export({ project: projectFor(choice.what, project, clip), output: specOf(choice) })
      wishExport({ named: undefined })
      closeDialog()
    } catch (error) {
      onFailure(error)
      setStarting(false)
    }
  }
  const isReady = isRead && !isStarting && isAnswered(choice, facts, check)
  const onBegin = isReady ? () => void begin() : undefined
  const footer = <Footer choice={choice} facts={facts} failure={failure ?? facts.failure} onBegin={onBegin} />
  const parts = { choice, project, clip, onChange: change }
  return (
    <Dialog {...frame} onEnter={onBegin} isWide footer={footer}>
      <div className={styles.form}>
        <WhatPart {...parts} />
        <WherePart choice={choice} check={check} onChange={change} onFailure={onFailure} />
        <HowPart {...parts} />
        <Notes {...parts} facts={facts} />
      </div>
    </Dialog>
  )
}

/** The host has answered about this very choice, and nothing stands in its way. */
const isAnswered = (choice: ExportChoice, facts: Facts, check: PlaceCheck | undefined): boolean =>
  check !== undefined &&
  obstacleOf(choice, check) === undefined &&
  facts.of === textOf(choice) &&
  !facts.failure

interface WhereProps {
  choice: ExportChoice
  check: PlaceCheck | undefined
  onChange: (part: Partial<ExportChoice>) => void
  onFailure: (error: unknown) => void
}

function WherePart({ choice, check, onChange, onFailure }: WhereProps) {
  const { t, language } = useWords()
  const hasDialogs = useHost((s) => s.info?.hasDialogs ?? false)
  return (
    <NameAndPlace
      title={t('export.where')}
      words={placeWords({ t, language }, t('export.name'))}
      place={choice}
      ending={choice.container}
      check={check}
      onChange={onChange}
      askSystem={askForPlace(hasDialogs)}
      listFolder={listFolder}
      onFailure={onFailure}
    />
  )
}

/** Of the sources that are exported, those whose fields nobody has spoken of; then what the estimate has to say. */
function Notes({
  choice,
  project,
  clip,
  facts,
}: {
  choice: ExportChoice
  project: CutList
  clip: Clip
  facts: Facts
}) {
  const { t, language } = useWords()
  const sources = useSources((s) => s.sources)
  const damages = useDamage((s) => s.damages)
  const combed = projectFor(choice.what, project, clip).sources.filter(({ id }) => {
    const [source, damage] = [sources[id], damages[id]]
    return source !== undefined && damage !== undefined && isUntaggedInterlaced(source, damage)
  })
  return (
    <>
      {combed.map(({ id, name }) => (
        <p key={id} className={styles.note}>
          {t('export.combed', { name })}
        </p>
      ))}
      {facts.estimate?.notes.map((note) => (
        <p key={say(note, language)} className={styles.note}>
          {say(note, language)}
        </p>
      ))}
    </>
  )
}

interface FooterProps {
  choice: ExportChoice
  facts: Facts
  failure: Failure | undefined
  /** Undefined while the export may not begin. */
  onBegin: (() => void) | undefined
}

function Footer({ choice, facts, failure, onBegin }: FooterProps) {
  const { t, language } = useWords()
  return (
    <>
      {failure && (
        <p className={styles.failure} role="alert">
          {sentenceOf(failure, language)}
        </p>
      )}
      <EstimateLine estimate={facts.estimate} hasFailed={facts.failure !== undefined} path={pathOf(choice)} />
      <Button onClick={closeDialog}>{t('cancel')}</Button>
      <Button kind="primary" size="large" disabled={!onBegin} onClick={onBegin}>
        {t('export.begin')}
      </Button>
    </>
  )
}
