// The whole film as a thin bar: every clip in playing order, as long as it lasts. Shown once there is more than one.
import { useEffect, useRef, useState } from 'react'
import { Clip } from '../../../electron/shared/document/project.js'
import { isStill } from '../../../electron/shared/media/source.js'
import { selectClipById } from '../../stores/actions.js'
import { clipOf, useProject } from '../../stores/project.js'
import { useSession } from '../../stores/session.js'
import { lastingOf } from '../../stores/speeds.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { formatDuration } from '../../ui/format.js'
import { usePieces } from '../../ui/pieces.js'
import styles from './Timeline.module.css'

export function FilmOrder() {
  const count = useProject((s) => s.project.clips.length)
  if (count < 2) return null
  return (
    <>
      <Order />
      <SpokenOrder />
    </>
  )
}

interface Moved {
  name: string
  place: number
  count: number
}

/** The clip that stands elsewhere after an edit that only changed the order: the one in hand, if it is among them. */
function movedIn(
  now: readonly Clip[],
  before: readonly Clip[],
  chosen: string | undefined,
): Moved | undefined {
  const known = new Set(before.map(({ id }) => id))
  if (now.length !== before.length || !now.every(({ id }) => known.has(id))) return undefined
  const others = now.filter(({ id }, i) => id !== before[i]?.id)
  const moved = others.find(({ id }) => id === chosen) ?? others[0]
  return moved && { name: moved.name, place: now.indexOf(moved) + 1, count: now.length }
}

/** For screen readers: what stands where after a swap, be it by a key, a menu or undoing. */
function SpokenOrder() {
  const { t } = useWords()
  const [moved, setMoved] = useState<Moved>()
  useEffect(
    () =>
      useProject.subscribe(({ project }, before) => {
        if (project.clips === before.project.clips) return
        setMoved(movedIn(project.clips, before.project.clips, useSession.getState().selectedClipId))
      }),
    [],
  )
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {moved && t('timeline.moved', { ...moved })}
    </div>
  )
}

function Order() {
  const { t, language } = useWords()
  const document = useProject((s) => s.document)
  const clips = useProject((s) => s.project.clips)
  const selected = useSession((s) => s.selectedClipId)
  const chosen = useProject((s) => clipOf(s.project, selected)?.id)
  const tables = useSources((s) => s.tables)
  const sources = useSources((s) => s.sources)
  const list = useRef<HTMLDivElement>(null)
  const hands = usePieces(list, {
    ids: clips.map(({ id }) => id),
    chosen,
    choose: selectClipById,
    along: 'row',
  })
  return (
    <div
      ref={list}
      role="listbox"
      aria-orientation="horizontal"
      aria-label={t('timeline.order')}
      className={styles.order}
      {...hands}
    >
      {clips.map((clip, index) => {
        const table = tables[clip.sourceId]
        const seconds = table && lastingOf(document, clip, table)
        const name = `${index + 1}. ${clip.name}`
        const source = sources[clip.sourceId]
        const isPhoto = source !== undefined && isStill(source)
        const length =
          seconds === undefined || isPhoto ? '' : t('clips.comma') + formatDuration(language, seconds)
        return (
          <button
            key={clip.id}
            type="button"
            role="option"
            data-piece={clip.id}
            data-face
            aria-selected={clip.id === chosen}
            aria-label={name + length}
            title={name + length}
            tabIndex={clip.id === chosen ? 0 : -1}
            className={styles.orderClip}
            style={{ flexGrow: seconds ?? 1 }}
            onClick={() => selectClipById(clip.id)}
          >
            {name}
          </button>
        )
      })}
    </div>
  )
}
