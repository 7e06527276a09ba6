// One moment as a photo: what to expect, how large, what kind of file, where to. For a photo that was opened it is the way to save it.
import { useCallback, useState } from 'react'
import { Failure, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import {
  PhotoFormat,
  PhotoRequest,
  photoEndings,
  photoQuality,
} from '../../../electron/shared/contract/photo.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { wholeRestore } from '../../../electron/shared/document/restoring.js'
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { isStill, FrameTable, Source } from '../../../electron/shared/media/source.js'
import { useSuggestion } from '../../stores/damage.js'
import { askForPlace, checkWords, listFolder, placeWords } from '../../stores/folders.js'
import { api, useHost } from '../../stores/host.js'
import { shownLook, withLook } from '../../stores/looks.js'
import { useCheck } from '../../stores/outputCheck.js'
import { clipOf, useProject } from '../../stores/project.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Dialog } from '../../ui/Dialog.js'
import { useEnter } from '../../ui/enter.js'
import { NameAndPlace } from '../../ui/NameAndPlace.js'
import { NamedPlace, PlaceCheck, obstacleOf } from '../../ui/place.js'
import { SaveFooter } from '../../ui/SaveFooter.js'
import { useSaving } from '../../ui/saving.js'
import { ChoiceParts, Head, PhotoChoice } from './PhotoParts.js'
import { useSuggestedPlace } from './place.js'
import styles from './Photo.module.css'

export function PhotoDialog() {
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const source = useSources((s) => clip && s.sources[clip.sourceId])
  const table = useSources((s) => clip && s.tables[clip.sourceId])
  return clip && source && table ? <PhotoForm clip={clip} source={source} table={table} /> : null
}

const ending = (format: PhotoFormat): string => photoEndings[format][0] ?? format

const pathOf = ({ folder, name }: NamedPlace, format: PhotoFormat): string =>
  `${folder}${name}.${ending(format)}`

interface Chosen {
  clip: Clip
  frame: number
  choice: PhotoChoice
  place: NamedPlace
}

function photoOf({ clip, frame, choice, place }: Chosen): PhotoRequest {
  const { scale, look, format, level, detail } = choice
  const { mayOverwrite } = place
  return {
    ...{ sourceId: clip.sourceId, frame, way: 'moment' },
    enhance:
      detail > 0
        ? { ...clip.enhance, ...wholeRestore, isEnabled: true, grain: false, strength: detail }
        : { ...clip.enhance, scale, ...withLook(look) },
    output: {
      ...{ path: pathOf(place, format), format, mayOverwrite },
      ...(format === 'hlm' ? { keepsake: { quality: photoQuality(level) } } : {}),
    },
  }
}

const firstChoice = ({ enhance }: Clip, look: PhotoChoice['look']): PhotoChoice => ({
  ...{ scale: enhance.isEnabled ? enhance.scale : 1, look },
  ...{ format: 'png', level: 3, detail: 0 },
})

const savePhoto = async (photo: PhotoRequest): Promise<void> => void (await api().render.photo(photo))

function PhotoForm({ clip, source, table }: { clip: Clip; source: Source; table: FrameTable }) {
  const { t, language } = useWords()
  const frame = useSession((s) => Math.min(s.playhead, frameCount(table) - 1))
  const shown = shownLook(clip.enhance, useSuggestion(clip))
  const [choice, setChoice] = useState(() => firstChoice(clip, shown))
  const [failure, setFailure] = useState<Failure>()
  const onFailure = useCallback((error: unknown) => setFailure(toFailure(error)), [])
  const [isStarting, save] = useSaving(savePhoto, closeDialog, onFailure)
  const [place, setPlace] = useSuggestedPlace(clip, frame, onFailure)
  const path = place && pathOf(place, choice.format)
  const check = checkWords(useCheck(path, onFailure), language)
  const isReady = place && check !== undefined && obstacleOf(place, check) === undefined && !isStarting
  const onSave = isReady ? () => void save(photoOf({ clip, frame, choice, place })) : undefined
  const [enter, takeBack] = useEnter(check !== undefined, onSave)
  const said = failure && sentenceOf(failure, language)
  const words = { cancel: t('cancel'), save: t('photo.save') }
  const heading = {
    title: t(isStill(source) ? 'photo.titleStill' : 'photo.title'),
    ...{ closeLabel: t('close'), onClose: closeDialog },
  }
  if (!place)
    return (
      <Dialog {...heading} onEnter={enter}>
        <p role="status">{said ?? t('export.preparing')}</p>
      </Dialog>
    )

  // Leave to replace was given for another file, and so was Enter.
  const change = (part: Partial<NamedPlace>): void => {
    takeBack()
    setFailure(undefined)
    setPlace((now) => now && { ...now, mayOverwrite: false, ...part })
  }
  const choose = (part: Partial<PhotoChoice>): void => {
    setChoice((now) => ({ ...now, ...part }))
    if (part.format) change({})
  }
  return (
    <Dialog
      {...heading}
      onEnter={isStarting ? undefined : enter}
      isWide
      footer={<SaveFooter failure={said} words={words} onCancel={closeDialog} onSave={onSave} />}
    >
      <div className={styles.form}>
        <Head clip={clip} source={source} table={table} frame={frame} />
        <ChoiceParts clip={clip} source={source} shown={shown} choice={choice} onChoose={choose} />
        <WherePart
          place={place}
          ending={ending(choice.format)}
          check={check}
          onChange={change}
          onFailure={onFailure}
        />
      </div>
    </Dialog>
  )
}

interface WhereProps {
  place: NamedPlace
  ending: string
  check: PlaceCheck | undefined
  onChange: (part: Partial<NamedPlace>) => void
  onFailure: (error: unknown) => void
}

function WherePart(props: WhereProps) {
  const { t, language } = useWords()
  const hasDialogs = useHost((s) => s.info?.hasDialogs ?? false)
  return (
    <NameAndPlace
      {...props}
      title={t('photo.where')}
      words={placeWords({ t, language }, t('photo.name'))}
      askSystem={askForPlace(hasDialogs)}
      listFolder={listFolder}
      beginsAtName
    />
  )
}
