// What to export, where to, and how, in the order people expect; what it will cost stands below before anything begins.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { wishExport } from '../../stores/exportWish.js'
import { askForPlace, checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { api, useHost } from '../../stores/host.js'
import { withoutPhotos } from '../../stores/photo.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useFilmRead } from '../../stores/reading.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { useEnter } from '../../ui/enter.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { PlaceCheck, obstacleOf } from '../../ui/place.js'
import { useExportChoice } from './choice.js'
import { HowPart, WhatPart } from './ChoiceParts.js'
import { EstimateLine } from './EstimateLine.js'
import { Fit, useFit, useLook } from './fit.js'
import { Facts, textOf, useFacts } from './facts.js'
import { SizeWords } from './KeepsakeChoice.js'
import { Notes } from './Notes.js'
import { ExportChoice, formOf, pathOf, projectFor, specOf } from './output.js'
import styles from './Export.module.css'

export function ExportDialog() {
  const all = useProject((s) => s.project)
  const sources = useSources((s) => s.sources)
  const project = useMemo(() => withoutPhotos(all, sources), [all, sources])
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
  const [choice, setChoice, takeFree] = useExportChoice(project, clip, onFailure)
  const fit = useFit(choice, project, clip)
  const look = useLook(choice, project, clip, fit)
  const crf = fit.found?.crf
  const facts = useFacts(choice, project, clip, crf)
  const check = checkWords(facts.check, language)
  const free = facts.check?.exists ? facts.check.freePath : undefined
  useEffect(() => {
    if (free !== undefined) takeFree(free)
  }, [free, takeFree])
  const [isStarting, begin] = useBeginning(project, clip, onFailure)
  const isKnown = choice !== undefined && isRead && isAnswered(textOf(choice, crf), facts, check)
  const isFree = isKnown && !isStarting && !facts.failure && obstacleOf(choice, check) === undefined
  const onBegin = isFree && !fit.isMissing ? () => void begin(choice, crf) : undefined
  // Nothing begins before what will be otherwise could be read.
  const [wish, takeBack] = useEnter(isKnown, facts.estimate?.notes.length === 0 ? onBegin : undefined)
  const enter = fit.isMissing ? fit.find : isKnown ? onBegin : wish
  const frame = { title: t('export.title'), closeLabel: t('close'), onClose: closeDialog }
  if (!choice)
    return (
      <Dialog {...frame} onEnter={enter}>
        <p role="status">{failure ? sentenceOf(failure, language) : t('export.preparing')}</p>
      </Dialog>
    )

  // Leave to replace was given for another file, and so was Enter.
  const change = (part: Partial<ExportChoice>): void => {
    takeBack()
    setFailure(undefined)
    setChoice((now) => now && { ...now, mayOverwrite: false, ...part })
  }
  const parts = { choice, project, clip, onChange: change }
  return (
    <Dialog
      {...frame}
      onEnter={isStarting ? undefined : enter}
      isWide
      beforeFooter={<Notes {...parts} facts={facts} />}
      footer={
        <Footer {...{ choice, facts, fit, onBegin }} failure={failure ?? fit.failure ?? facts.failure} />
      }
    >
      <div className={styles.form}>
        <WhatPart {...parts} />
        <WherePart choice={choice} check={check} onChange={change} onFailure={onFailure} />
        <HowPart {...parts} fit={fit} look={look} />
      </div>
    </Dialog>
  )
}

/** Begins the export and closes the page; what went wrong keeps it open. What of the film it was is wished again only now. */
function useBeginning(project: CutList, clip: Clip, onFailure: (error: unknown) => void) {
  const [isStarting, setStarting] = useState(false)
  const begin = async (choice: ExportChoice, crf: number | undefined): Promise<void> => {
    setStarting(true)
    try {
      const output = specOf(choice, crf)
      await api().render.export({ project: projectFor(choice.what, project, clip), output })
      wishExport({ named: undefined, what: choice.what })
      closeDialog()
    } catch (error) {
      onFailure(error)
      setStarting(false)
    }
  }
  return [isStarting, begin] as const
}

/** The host has answered about this very choice, with what the film will have otherwise; or it has failed. */
const isAnswered = (of: string, facts: Facts, check: PlaceCheck | undefined): boolean =>
  facts.of === of && check !== undefined && (facts.estimate !== undefined || facts.failure !== undefined)

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
      ending={formOf(choice).container}
      check={check}
      onChange={onChange}
      askSystem={askForPlace(hasDialogs)}
      listFolder={listFolder}
      onFailure={onFailure}
      beginsAtName
    />
  )
}

interface FooterProps {
  choice: ExportChoice
  facts: Facts
  fit: Fit
  failure: Failure | undefined
  /** Undefined while the export may not begin. */
  onBegin: (() => void) | undefined
}

function Footer({ choice, facts, fit, failure, onBegin }: FooterProps) {
  const { t, language } = useWords()
  return (
    <>
      {failure && (
        <p className={styles.failure} role="alert">
          {sentenceOf(failure, language)}
        </p>
      )}
      <EstimateLine
        estimate={facts.estimate}
        hasFailed={facts.failure !== undefined}
        path={pathOf(choice)}
        isSizeOpen={fit.isMissing}
      >
        <SizeWords keepsake={choice.keepsake} fit={fit} />
      </EstimateLine>
      <Button onClick={closeDialog}>{t('cancel')}</Button>
      <Button kind="primary" size="large" disabled={!onBegin} onClick={onBegin}>
        {t('export.begin')}
      </Button>
    </>
  )
}
