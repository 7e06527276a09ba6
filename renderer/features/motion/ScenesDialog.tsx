// Where scenes begin in the clip in hand: a picture of each, to be ticked off, and one step that cuts there.
import { useEffect, useState } from 'react'
import { Clip, Frame } from '../../../electron/shared/document/project.js'
import { secondsOf } from '../../../electron/shared/media/frameTable.js'
import { FrameTable, Source } from '../../../electron/shared/media/source.js'
import { formatTenths } from '../../../electron/shared/media/timecode.js'
import { Findings } from '../../stores/findings.js'
import { useFindings } from '../../stores/findingsInHand.js'
import { mediaUrl } from '../../stores/host.js'
import { clipOf, useProject } from '../../stores/project.js'
import { cutAtScenes, scenesIn } from '../../stores/scenes.js'
import { closeDialog, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { askForTiming } from '../../stores/timings.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Dialog } from '../../ui/Dialog.js'
import { Looked } from './Looking.js'
import styles from './Motion.module.css'

/** Of the clip in hand; goes with it, for another window may take it out. */
export function ScenesDialog() {
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const source = useSources((s) => clip && s.sources[clip.sourceId])
  const isGone = !clip || !source
  useEffect(() => {
    if (isGone) closeDialog()
  }, [isGone])
  return isGone ? null : <Scenes clip={clip} source={source} />
}

function Scenes({ clip, source }: { clip: Clip; source: Source }) {
  const { t } = useWords()
  const table = useSources((s) => s.tables[source.id])
  const found = useFindings(clip)
  const [left, setLeft] = useState<ReadonlySet<Frame>>(new Set())
  const isRead = table !== undefined
  useEffect(() => {
    if (isRead) void askForTiming(source.id)
  }, [isRead, source.id])
  const chosen = found ? scenesIn(clip, found).filter((frame) => !left.has(frame)) : []
  const cut = (): void => {
    if (chosen.length === 0) return
    closeDialog()
    cutAtScenes(clip, chosen)
  }
  return (
    <Dialog
      title={t('scenes.title', { name: clip.name })}
      closeLabel={t('close')}
      onClose={closeDialog}
      onEnter={cut}
      isWide
      footer={
        <>
          <Button onClick={closeDialog}>{t('cancel')}</Button>
          <Button kind="primary" disabled={chosen.length === 0} onClick={cut}>
            {chosen.length === 0 ? t('scenes.cutNowhere') : t('scenes.cut', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <Looked clip={clip} source={source}>
        {(all) => table && <Found {...{ clip, source, table, left, setLeft }} found={all} />}
      </Looked>
    </Dialog>
  )
}

interface FoundProps {
  clip: Clip
  source: Source
  table: FrameTable
  found: Findings
  /** Not to be cut at. */
  left: ReadonlySet<Frame>
  setLeft: (left: ReadonlySet<Frame>) => void
}

function Found({ clip, source, table, found, left, setLeft }: FoundProps) {
  const { t } = useWords()
  const frames = scenesIn(clip, found)
  if (frames.length === 0) return <p role="status">{t('scenes.none')}</p>
  const toggle = (frame: Frame): void => {
    const after = new Set(left)
    if (!after.delete(frame)) after.add(frame)
    setLeft(after)
  }
  const isAll = !frames.some((frame) => left.has(frame))
  return (
    <div className={styles.group}>
      <p role="status">{t('scenes.found', { count: frames.length })}</p>
      <Button size="small" onClick={() => setLeft(new Set(isAll ? frames : []))}>
        {t(isAll ? 'scenes.chooseNone' : 'scenes.chooseAll')}
      </Button>
      <ul className={styles.scenes}>
        {frames.map((frame) => (
          <li key={frame}>
            <label className={styles.scene}>
              <img
                src={mediaUrl({ kind: 'thumbnail', sourceId: source.id, frame, height: 144 })}
                alt=""
                loading="lazy"
                draggable={false}
              />
              <span>
                <input type="checkbox" checked={!left.has(frame)} onChange={() => toggle(frame)} />
                {formatTenths(secondsOf(table, frame))}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  )
}
