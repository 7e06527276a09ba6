// The film's clips in playing order: picture, name, facts in words, and what is odd about the file.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { ReactNode, useRef } from 'react'
import { ChevronDown, ChevronUp, Plus, Trash2, TriangleAlert } from 'lucide-react'
import { isUntaggedInterlaced } from '../../../electron/shared/media/damage.js'
import { Failure, sentenceOf } from '../../../electron/shared/contract/errors.js'
import { isStill } from '../../../electron/shared/media/source.js'
import { Clip, SourceReference } from '../../../electron/shared/document/project.js'
import { say } from '../../../electron/shared/words/sentences.js'
import { actions } from '../../stores/actions.js'
import { useKeys } from '../../stores/keys.js'
import { selectClipById } from '../../stores/scene.js'
import { useDamage } from '../../stores/damage.js'
import { sizesIn } from '../../stores/filmSize.js'
import { mediaUrl } from '../../stores/host.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { lastingOf } from '../../stores/speeds.js'
import { reloadSource, useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button, IconButton } from '../../ui/Button.js'
import { keyWords } from '../../ui/keyWords.js'
import { usePieces } from '../../ui/pieces.js'
import { FilmChoice } from './FilmChoice.js'
import { clipSeconds, factsOf } from './facts.js'
import { KeepsakeFacts } from './KeepsakeFacts.js'
import { formatDate, formatDuration } from '../../ui/format.js'
import styles from './Clips.module.css'

/** `sizeChoice`: of the film. */
export function ClipList({ sizeChoice }: { sizeChoice: ReactNode }) {
  const { t } = useWords()
  const keys = useKeys()
  const project = useProject((s) => s.project)
  const selected = useSession((s) => s.selectedClipId)
  const opening = useSession((s) => s.opening)
  const chosen = clipOf(project, selected)
  const list = useRef<HTMLUListElement>(null)
  const hands = usePieces(list, {
    ids: project.clips.map(({ id }) => id),
    chosen: chosen?.id,
    choose: selectClipById,
    along: 'column',
  })
  return (
    <section className={styles.list} aria-label={t('clips.label')}>
      <header className={styles.header}>
        <h2>{t('clips.label')}</h2>
        <Button size="small" icon={<Plus />} onClick={actions.open} title={keyWords(keys.open[0])}>
          {t('clips.add')}
        </Button>
      </header>
      <FilmSize>{sizeChoice}</FilmSize>
      <ul ref={list} className={styles.items} {...hands}>
        {project.clips.map((clip, index) => (
          <ClipItem
            key={clip.id}
            clip={clip}
            reference={project.sources.find((s) => s.id === clip.sourceId)}
            isChosen={clip.id === chosen?.id}
            isFirst={index === 0}
            isLast={index === project.clips.length - 1}
          />
        ))}
        {opening.map((name) => (
          <li key={name} className={styles.opening} role="status">
            {t('clips.opening', { name })}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Said where the clips have several sizes, or the film one of its own. */
function FilmSize({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const project = useProject((s) => s.project)
  const sources = useSources((s) => s.sources)
  if (!project.size && sizesIn(project, sources).length < 2) return null
  return (
    <div className={styles.filmSize}>
      <p>{t(project.size ? 'clips.sizeChosen' : 'clips.sizeOfFirst')}</p>
      {children}
    </div>
  )
}

interface ItemProps {
  clip: Clip
  reference: SourceReference | undefined
  isChosen: boolean
  isFirst: boolean
  isLast: boolean
}

function ClipItem({ clip, reference, isChosen, isFirst, isLast }: ItemProps) {
  const { t } = useWords()
  const source = useSources((s) => s.sources[clip.sourceId])
  const failure = useSources((s) => s.missing[clip.sourceId])
  return (
    <li className={`${styles.item} ${isChosen ? styles.chosen : ''}`} data-piece={clip.id}>
      <button
        type="button"
        className={styles.face}
        data-face
        aria-pressed={isChosen}
        tabIndex={isChosen ? 0 : -1}
        onClick={() => selectClipById(clip.id)}
      >
        <Face clip={clip} />
      </button>
      <Warnings clip={clip} />
      {source && <KeepsakeFacts source={source} />}
      {source?.films && <FilmChoice clip={clip} source={source} films={source.films} />}
      {failure && reference && (
        <Button size="small" onClick={() => void reloadSource(reference)}>
          {t('clips.tryAgain')}
        </Button>
      )}
      {isChosen && <Tools isFirst={isFirst} isLast={isLast} />}
    </li>
  )
}

/** Picture, length, name, and what is known of the file. */
function Face({ clip }: { clip: Clip }) {
  const { t, language } = useWords()
  const source = useSources((s) => s.sources[clip.sourceId])
  const table = useSources((s) => s.tables[clip.sourceId])
  const failure = useSources((s) => s.missing[clip.sourceId])
  const document = useProject((s) => s.document)
  const isPhoto = source !== undefined && isStill(source)
  const isPart = table !== undefined && (clip.from > 0 || clip.to < frameCount(table))
  return (
    <>
      <span className={styles.picture}>
        {source && (
          <img
            src={mediaUrl({ kind: 'thumbnail', sourceId: clip.sourceId, frame: clip.from, height: 144 })}
            alt=""
            draggable={false}
          />
        )}
        {table && !isPhoto && (
          <span className={styles.length}>{formatDuration(language, lastingOf(document, clip, table))}</span>
        )}
      </span>
      <span className={styles.name}>{clip.name}</span>
      {source && table && <span className={styles.facts}>{factsOf(source, table, language, t)}</span>}
      {isPhoto && <span className={styles.facts}>{t('clips.photoUse')}</span>}
      {source && !table && !failure && (
        <span className={styles.facts} role="status">
          {t('viewer.loading')}
        </span>
      )}
      {source?.createdAt && (
        <span className={styles.facts}>
          {t('clips.filmed', { date: formatDate(language, new Date(source.createdAt)) })}
        </span>
      )}
      {isPart && (
        <span className={styles.facts}>
          {t('clips.part', { length: formatDuration(language, clipSeconds(clip, table)) })}
        </span>
      )}
    </>
  )
}

/** It may be there for who opens it: of a path that is not shared not even that is told. */
const isElsewhere = ({ code }: Failure): boolean => code === 'source-vanished' || code === 'not-allowed'

/** What is wrong with a clip or odd about its file. */
function Warnings({ clip }: { clip: Clip }) {
  const { t, language } = useWords()
  const source = useSources((s) => s.sources[clip.sourceId])
  const table = useSources((s) => s.tables[clip.sourceId])
  const failure = useSources((s) => s.missing[clip.sourceId])
  const isCombed = useDamage(({ damages }) => {
    const damage = damages[clip.sourceId]
    return source !== undefined && damage !== undefined && isUntaggedInterlaced(source, damage)
  })
  const said = [...(source?.warnings ?? []), ...(table?.notes ?? [])]
  const warnings = [
    ...(failure ? [sentenceOf(failure, language)] : []),
    ...(failure && isElsewhere(failure) ? [t('clips.openElsewhere')] : []),
    ...said.map((warning) => say(warning, language)),
    ...(isCombed ? [t('clips.combed')] : []),
  ]
  return warnings.map((words) => (
    <p key={words} className={styles.warning}>
      <TriangleAlert aria-hidden />
      <span>{words}</span>
    </p>
  ))
}

function Tools({ isFirst, isLast }: { isFirst: boolean; isLast: boolean }) {
  const { t } = useWords()
  const keys = useKeys()
  return (
    <div className={styles.tools}>
      {!(isFirst && isLast) && (
        <>
          <IconButton
            label={t('command.moveEarlier')}
            keys={keyWords(keys.moveEarlier[0])}
            disabled={isFirst}
            onClick={actions.moveEarlier}
          >
            <ChevronUp />
          </IconButton>
          <IconButton
            label={t('command.moveLater')}
            keys={keyWords(keys.moveLater[0])}
            disabled={isLast}
            onClick={actions.moveLater}
          >
            <ChevronDown />
          </IconButton>
        </>
      )}
      <IconButton label={t('command.delete')} keys={keyWords(keys.delete[0])} onClick={actions.delete}>
        <Trash2 />
      </IconButton>
    </div>
  )
}
