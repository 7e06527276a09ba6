// One moment as a photo: what to expect, how large, what kind of file, where to. For a photo that was opened it is the way to save it.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OutputCheck } from '../../../electron/shared/contract/files.js'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { PhotoFormat, photoEndings } from '../../../electron/shared/contract/photo.js'
import { isStill, FrameTable, Source, displaySize } from '../../../electron/shared/media/source.js'
import { Clip, EnhanceSettings } from '../../../electron/shared/document/project.js'
import { nearest } from '../../../electron/shared/words/sentences.js'
import { formatTimecode } from '../../../electron/shared/media/timecode.js'
import { useSuggestion } from '../../stores/damage.js'
import { askForPlace, checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { api, mediaUrl, useHost } from '../../stores/host.js'
import { ShownLook, lookOptions, shownLook, withLook } from '../../stores/looks.js'
import { clipOf, useProject } from '../../stores/project.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { Dialog } from '../../ui/Dialog.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { Part } from '../../ui/Part.js'
import { NamedPlace, obstacleOf, splitPath } from '../../ui/place.js'
import styles from './Photo.module.css'

export function PhotoDialog() {
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const source = useSources((s) => clip && s.sources[clip.sourceId])
  const table = useSources((s) => clip && s.tables[clip.sourceId])
  return clip && source && table ? <PhotoForm clip={clip} source={source} table={table} /> : null
}

const scaleWords = { 1: 'same', 2: 'double', 4: 'fourfold' } as const
const height = 240

function PhotoForm({ clip, source, table }: { clip: Clip; source: Source; table: FrameTable }) {
  const { t, i18n } = useTranslation()
  const frame = useSession((s) => Math.min(s.playhead, frameCount(table) - 1))
  const hasDialogs = useHost((s) => s.info?.hasDialogs ?? false)
  const model = useHost((s) => s.info?.models.find((m) => m.id === clip.enhance.model))
  const [scale, setScale] = useState<EnhanceSettings['scale']>(
    clip.enhance.isEnabled ? clip.enhance.scale : 1,
  )
  const shown = shownLook(clip.enhance, useSuggestion(clip))
  const [look, setLook] = useState<ShownLook>(shown)
  const [format, setFormat] = useState<PhotoFormat>('png')
  const [place, setPlace] = useState<NamedPlace>()
  const [check, setCheck] = useState<{ of: string; check: OutputCheck }>()
  const [isStarting, setStarting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const still = isStill(source)
  const ending = photoEndings[format][0] ?? format
  const path = place && `${place.folder}${place.name}.${ending}`

  useEffect(() => {
    api()
      .files.suggestPhoto(clip.sourceId, frame, 'png', 'photo', nearest(i18n.language))
      .then(
        (found) => setPlace({ ...splitPath(found), mayOverwrite: false }),
        (error: unknown) => setFailure(toFailure(error)),
      )
  }, [clip.sourceId, frame, i18n.language])

  useEffect(() => {
    if (path === undefined) return
    let isCurrent = true
    const timer = setTimeout(() => {
      api()
        .files.checkOutput(path)
        .then(
          (found) => isCurrent && setCheck({ of: path, check: found }),
          (error: unknown) => isCurrent && setFailure(toFailure(error)),
        )
    }, 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [path])

  const title = t(still ? 'photo.titleStill' : 'photo.title')
  if (!place || path === undefined)
    return (
      <Dialog title={title} closeLabel={t('close')} onClose={closeDialog}>
        <p role="status">{failure ? sentenceOf(failure, i18n.language) : t('export.preparing')}</p>
      </Dialog>
    )

  // Leave to replace was given for another file.
  const change = (part: Partial<NamedPlace>): void => {
    setFailure(undefined)
    setPlace((now) => now && { ...now, mayOverwrite: false, ...part })
  }
  const save = async (): Promise<void> => {
    setStarting(true)
    try {
      await api().render.photo({
        ...{ sourceId: clip.sourceId, frame, way: 'moment' },
        enhance: { ...clip.enhance, scale, ...withLook(look) },
        output: { path, format, mayOverwrite: place.mayOverwrite },
      })
      closeDialog()
    } catch (error) {
      setFailure(toFailure(error))
      setStarting(false)
    }
  }

  const size = displaySize(source.video)
  const scales = clip.enhance.isEnabled ? (model?.scales ?? [1, 2, 4]) : [1]
  const known = checkWords(check?.of === path ? check.check : undefined, i18n.language)
  const isReady = known !== undefined && obstacleOf(place, known) === undefined && !isStarting
  return (
    <Dialog
      title={title}
      closeLabel={t('close')}
      onClose={closeDialog}
      onEnter={isReady ? () => void save() : undefined}
      isWide
      footer={
        <>
          {failure && (
            <p className={styles.failure} role="alert">
              {sentenceOf(failure, i18n.language)}
            </p>
          )}
          <Button onClick={closeDialog}>{t('cancel')}</Button>
          <Button kind="primary" size="large" disabled={!isReady} onClick={() => void save()}>
            {t('photo.save')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <div className={styles.head}>
          <img
            className={styles.picture}
            src={mediaUrl({ kind: 'thumbnail', sourceId: source.id, frame, height })}
            alt={t('photo.thisPicture')}
          />
          <div className={styles.words}>
            <strong>
              {still
                ? source.name
                : t('photo.moment', { name: source.name, time: formatTimecode(table, frame) })}
            </strong>
            <p>{t(still ? 'photo.expectStill' : 'photo.expect')}</p>
            {!clip.enhance.isEnabled && !still && <p>{t('photo.expectOff')}</p>}
          </div>
        </div>
        <Part title={t('photo.size')}>
          <Choice
            look="cards"
            label={t('photo.size')}
            value={scale}
            onChange={setScale}
            options={([1, 2, 4] as const)
              .filter((value) => scales.includes(value))
              .map((value) => ({
                value,
                label: t(`photo.${scaleWords[value]}`),
                note: t('photo.times', { width: size.width * value, height: size.height * value }),
              }))}
          />
        </Part>
        {clip.enhance.isEnabled && model?.looks && (
          <Part title={t('look.title')}>
            <Choice label={t('look.title')} value={look} onChange={setLook} options={lookOptions(t, shown)} />
          </Part>
        )}
        <Part title={t('photo.format')}>
          <Choice
            look="cards"
            label={t('photo.format')}
            value={format}
            onChange={(chosen) => {
              setFormat(chosen)
              change({})
            }}
            options={PhotoFormat.options.map((value) => ({
              value,
              label: t(`photo.formats.${value}`),
              note: t(`photo.formatNote.${value}`),
            }))}
          />
        </Part>
        <NameAndPlace
          title={t('photo.where')}
          words={placeWords(t, i18n, t('photo.name'))}
          place={place}
          ending={ending}
          check={known}
          onChange={change}
          askSystem={askForPlace(hasDialogs)}
          listFolder={listFolder}
          onFailure={(error) => setFailure(toFailure(error))}
        />
      </div>
    </Dialog>
  )
}
