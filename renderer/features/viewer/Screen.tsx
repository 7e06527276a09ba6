// The picture of one clip with all around it: what is compared, the film that plays, what is being waited for.
import { useCallback, useState } from 'react'
import { isEnded } from '../../../electron/shared/contract/job.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { FrameTable, Source } from '../../../electron/shared/media/source.js'
import { useFilmClock } from '../../stores/filmClock.js'
import { useJobs } from '../../stores/jobs.js'
import { useLaidOut } from '../../stores/laidOut.js'
import { useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Progress } from '../../ui/Progress.js'
import { ComparePanes } from './ComparePanes.js'
import { FilmPlayer } from './FilmPlayer.js'
import { PictureMenu } from './PictureMenu.js'
import { Transport } from './Transport.js'
import { ViewerBar } from './ViewerBar.js'
import { useComparison, useDecodedAhead, useGetReady } from './comparison.js'
import { pictureStyle } from './framing.js'
import styles from './Viewer.module.css'

export function Screen({ clip, source, table }: { clip: Clip; source: Source; table: FrameTable }) {
  const playhead = useSession((s) => Math.min(s.playhead, frameCount(table) - 1))
  const mode = useSession((s) => s.compareMode)
  const { shown, counted, parts, now } = useFilmClock(clip, table)
  const laidOut = useLaidOut(clip)
  const [hasFilm, setHasFilm] = useState(false)
  const [menuAt, setMenuAt] = useState<{ x: number; y: number }>()
  const closeMenu = useCallback(() => setMenuAt(undefined), [])
  const comparison = useComparison(clip, source, playhead)
  const [getReady, isLoading] = useGetReady(comparison, source, hasFilm)
  useDecodedAhead(comparison)
  const { isComparing, picture, framing } = comparison
  return (
    <>
      <ViewerBar isComparing={isComparing} clip={clip} picture={picture} film={framing?.film} />
      <div
        className={styles.panes}
        data-compare={isComparing ? mode : 'none'}
        onContextMenu={(event) => {
          event.preventDefault()
          setMenuAt({ x: event.clientX, y: event.clientY })
        }}
      >
        <ComparePanes comparison={comparison} playhead={playhead} hasFilm={hasFilm}>
          <FilmPlayer
            key={source.id}
            sourceId={source.id}
            table={table}
            shown={shown}
            parts={parts}
            laidOut={laidOut}
            playhead={playhead}
            getReady={getReady}
            onReady={setHasFilm}
            laid={pictureStyle(framing)}
          />
        </ComparePanes>
        <Awaited source={source} isLoading={isLoading} hasFilm={hasFilm} />
      </div>
      {menuAt && <PictureMenu at={menuAt} onClose={closeMenu} />}
      <Transport counted={counted} now={now} />
    </>
  )
}

interface AwaitedProps {
  source: Source
  isLoading: boolean
  hasFilm: boolean
}

/** Pictures that playing waits for, and the copy of the film that the window can play. */
function Awaited({ source, isLoading, hasFilm }: AwaitedProps) {
  const { t } = useWords()
  const isPlaying = useSession((s) => s.isPlaying)
  const jobId = useSources((s) => s.playables[source.id]?.jobId)
  const film = useJobs((s) => s.jobs.find((job) => job.id === jobId && !isEnded(job)))
  return (
    <>
      {isLoading && isPlaying && (
        <div className={styles.gettingReady} role="status">
          {t('preview.loading')}
        </div>
      )}
      {film && !hasFilm && (
        <div className={styles.gettingReady} role="status">
          <span>{t('viewer.gettingReady')}</span>
          <Progress
            label={t('viewer.gettingReady')}
            value={film.framesTotal > 0 ? film.framesDone / film.framesTotal : undefined}
          />
        </div>
      )}
    </>
  )
}
