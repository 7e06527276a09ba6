// What to export, where to, and how, in the order people expect; what it will cost stands below before anything begins.
import { useEffect, useRef, useState } from 'react'
import { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Estimate } from '../../../electron/shared/contract/render.js'
import { OutputCheck } from '../../../electron/shared/contract/files.js'
import { isCombedUnsaid } from '../../../electron/shared/media/damage.js'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { isEnded } from '../../../electron/shared/contract/job.js'
import { containersOf } from '../../../electron/shared/contract/output.js'
import { Clip, CutList } from '../../../electron/shared/document/project.js'
import { nearest, say } from '../../../electron/shared/words/sentences.js'
import { useDamage } from '../../stores/damage.js'
import { useExportWish, wishExport } from '../../stores/exportWish.js'
import { askForPlace, checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { api, useHost } from '../../stores/host.js'
import { useJobs } from '../../stores/jobs.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useFilmRead } from '../../stores/reading.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { Dialog } from '../../ui/Dialog.js'
import { Fold } from '../../ui/Fold.js'
import { formatBytes, formatDuration, formatNumber } from '../../ui/format.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { Part } from '../../ui/Part.js'
import { obstacleOf } from '../../ui/place.js'
import { Select } from '../../ui/Select.js'
import { Switch } from '../../ui/Switch.js'
import {
  ExportChoice,
  choiceFrom,
  pathOf,
  projectFor,
  specOf,
  whatChoices,
  wishFrom,
  withCodec,
} from './output.js'
import styles from './Export.module.css'

export function ExportDialog() {
  const project = useProject((s) => s.project)
  const selected = useSession((s) => s.selectedClipId)
  const clip = clipOf(project, selected)
  return clip ? <ExportForm project={project} clip={clip} /> : null
}

const codecs = ['h264', 'h265', 'av1', 'prores', 'ffv1'] as const
const qualities = ['best', 'good', 'small'] as const

interface Facts {
  /** What was asked about, as text. */
  of?: string
  estimate?: Estimate
  check?: OutputCheck
  failure?: Failure
}

const textOf = (choice: ExportChoice): string => JSON.stringify([choice.what, specOf(choice)])

/** What the host says about the present choice; asked again a moment after each change. */
function useFacts(choice: ExportChoice | undefined, project: CutList, clip: Clip) {
  const [facts, setFacts] = useState<Facts>({})
  // A name that another export had is free again, or a film, when that has ended.
  const ended = useJobs((s) => s.jobs.filter((job) => job.kind === 'export' && isEnded(job)).length)
  useEffect(() => {
    if (!choice || choice.name.trim() === '') return
    let isCurrent = true
    const put = (part: Facts): void => {
      if (isCurrent) setFacts((known) => ({ ...known, ...part }))
    }
    const fail = (error: unknown): void => put({ failure: toFailure(error) })
    // Asked for side by side: the estimate may measure the computer first, the place is known at once.
    const ask = (): void => {
      const output = specOf(choice)
      const film = projectFor(choice.what, project, clip)
      setFacts({ of: textOf(choice) })
      api()
        .render.estimate({ project: film, output })
        .then((estimate) => put({ estimate }), fail)
      api()
        .files.checkOutput(output.path)
        .then((check) => put({ check }), fail)
    }
    const timer = setTimeout(ask, 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [choice, project, clip, ended])
  return facts
}

function ExportForm({ project, clip }: { project: CutList; clip: Clip }) {
  const { t, i18n } = useTranslation()
  // A film that came in while this page is open has no length to count on yet.
  const isRead = useFilmRead()
  const hasDialogs = useHost((s) => s.info?.hasDialogs ?? false)
  const hasSound = useSources((s) =>
    project.clips.some((c) => (s.sources[c.sourceId]?.audio.length ?? 0) > 0),
  )
  const [choice, setChoice] = useState<ExportChoice>()
  /** The choice before this one. */
  const told = useRef<ExportChoice>(undefined)
  const [isStarting, setStarting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const facts = useFacts(choice, project, clip)
  const sources = useSources((s) => s.sources)
  const damages = useDamage((s) => s.damages)

  useEffect(() => {
    const wish = useExportWish.getState()
    const begin = (path: string): void => {
      const film = useProject.getState().project
      const inHand = clipOf(film, useSession.getState().selectedClipId)
      if (inHand) setChoice(choiceFrom(wish, path, film, inHand))
      told.current = undefined
    }
    api()
      .files.suggestOutput(clip.sourceId, wish.container, nearest(i18n.language))
      .then(begin, (error: unknown) => setFailure(toFailure(error)))
  }, [clip.sourceId, i18n.language])

  useEffect(() => {
    if (choice && told.current) wishExport(wishFrom(told.current, choice, clip.sourceId))
    told.current = choice
  }, [choice, clip.sourceId])

  if (!choice)
    return (
      <Dialog title={t('export.title')} closeLabel={t('close')} onClose={closeDialog}>
        <p role="status">{failure ? sentenceOf(failure, i18n.language) : t('export.preparing')}</p>
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
      setFailure(toFailure(error))
      setStarting(false)
    }
  }

  const whats = whatChoices(project, clip)
  const combed = projectFor(choice.what, project, clip).sources.filter(({ id }) => {
    const [source, damage] = [sources[id], damages[id]]
    return source !== undefined && damage !== undefined && isCombedUnsaid(source, damage)
  })
  const check = checkWords(facts.check, i18n.language)
  const shown = failure ?? facts.failure
  const isReady =
    isRead &&
    obstacleOf(choice, check) === undefined &&
    !isStarting &&
    check !== undefined &&
    facts.of === textOf(choice) &&
    !facts.failure
  return (
    <Dialog
      title={t('export.title')}
      closeLabel={t('close')}
      onClose={closeDialog}
      onEnter={isReady ? () => void begin() : undefined}
      isWide
      footer={
        <>
          {shown && (
            <p className={styles.failure} role="alert">
              {sentenceOf(shown, i18n.language)}
            </p>
          )}
          <EstimateLine
            estimate={facts.estimate}
            hasFailed={facts.failure !== undefined}
            path={pathOf(choice)}
          />
          <Button onClick={closeDialog}>{t('cancel')}</Button>
          <Button kind="primary" size="large" disabled={!isReady} onClick={() => void begin()}>
            {t('export.begin')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {whats.length > 1 && (
          <Part title={t('export.what')}>
            <Choice
              label={t('export.what')}
              value={choice.what}
              onChange={(what) => change({ what })}
              options={whats.map((value) => ({
                value,
                label: t(`export.${value === 'film' && project.clips.length === 1 ? 'marked' : value}`),
              }))}
            />
          </Part>
        )}
        <NameAndPlace
          title={t('export.where')}
          words={placeWords(t, i18n, t('export.name'))}
          place={choice}
          ending={choice.container}
          check={check}
          onChange={change}
          askSystem={askForPlace(hasDialogs)}
          listFolder={listFolder}
          onFailure={(error) => setFailure(toFailure(error))}
        />
        <Part title={t('export.how')}>
          <Choice
            look="cards"
            label={t('export.how')}
            value={choice.quality}
            onChange={(quality) => change({ quality, mayOverwrite: choice.mayOverwrite })}
            options={qualities.map((value) => ({
              value,
              label: t(`export.quality.${value}`),
              note: t(`export.qualityNote.${value}`),
            }))}
          />
          {hasSound && (
            <Switch
              isOn={choice.hasAudio}
              onChange={(hasAudio) => change({ hasAudio, mayOverwrite: choice.mayOverwrite })}
            >
              {t('export.sound')}
            </Switch>
          )}
          <Fold title={t('export.details')}>
            <div className={styles.two}>
              <Select
                label={t('export.codec')}
                value={choice.codec}
                onChange={(codec) => change(withCodec(choice, codec))}
                options={codecs.map((value) => ({ value, label: t(`export.codecs.${value}`) }))}
              />
              <Select
                label={t('export.container')}
                value={choice.container}
                onChange={(container) => change({ container })}
                options={containersOf[choice.codec].map((value) => ({ value, label: value.toUpperCase() }))}
              />
            </div>
          </Fold>
        </Part>
        {combed.map(({ id, name }) => (
          <p key={id} className={styles.note}>
            {t('export.combed', { name })}
          </p>
        ))}
        {facts.estimate?.notes.map((note) => (
          <p key={say(note, i18n.language)} className={styles.note}>
            {say(note, i18n.language)}
          </p>
        ))}
      </div>
    </Dialog>
  )
}

interface EstimateProps {
  estimate: Estimate | undefined
  hasFailed: boolean
  path: string
}

/** "40 MB to 70 MB"; one size where both are written alike. */
function sizeWords({ bytes, bytesFrom, bytesTo }: Estimate, language: string, t: TFunction): string {
  const [from, to] = [bytesFrom ?? bytes, bytesTo ?? bytes].map((size) => formatBytes(language, size))
  return from === to ? t('export.about', { size: from }) : t('export.aboutRange', { from, to })
}

function EstimateLine({ estimate, hasFailed, path }: EstimateProps) {
  const { t, i18n } = useTranslation()
  const lng = i18n.language
  if (!estimate)
    return (
      <p className={styles.estimate} role="status">
        {hasFailed ? '' : t('export.preparing')}
      </p>
    )
  const facts = [
    `${estimate.width} × ${estimate.height}`,
    t('export.frames', { count: estimate.frames, frames: formatNumber(lng, estimate.frames) }),
    formatDuration(lng, estimate.seconds),
    sizeWords(estimate, lng, t),
  ]
  const isFull = estimate.freeBytes !== undefined && estimate.freeBytes < (estimate.bytesTo ?? estimate.bytes)
  return (
    <div className={styles.estimate} title={path} role="status">
      <p className={styles.facts}>{facts.join(' · ')}</p>
      <p>
        {estimate.workMs === undefined
          ? t('export.workUnknown')
          : t('export.work', { time: formatDuration(lng, Math.max(1, Math.round(estimate.workMs / 1000))) })}
        {estimate.freeBytes !== undefined &&
          ` ${t('export.free', { size: formatBytes(lng, estimate.freeBytes) })}`}
      </p>
      {isFull && <p className={styles.full}>{t('export.full')}</p>}
    </div>
  )
}
