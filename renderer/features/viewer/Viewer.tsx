// The viewer: the picture under the playhead, original and enhanced, in one or two panes. What is shown as enhanced is always
// this very frame made with the clip's present settings; where there is no such picture the original says so.
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source } from '../../../electron/shared/media/source.js'
import { mediaUrl } from '../../stores/host.js'
import { clipOf, useProject } from '../../stores/project.js'
import { setSession, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Progress } from '../../ui/Progress.js'
import { Pane } from './Pane.js'
import { PictureLayer } from './PictureLayer.js'
import { Screen } from './Screen.js'
import { ViewerBar } from './ViewerBar.js'
import { sizeOf } from './comparison.js'
import { pictureStyle, useFraming } from './framing.js'
import { stills } from './pictures.js'
import styles from './Viewer.module.css'

export function Viewer() {
  const { t, language } = useWords()
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const source = useSources((s) => clip && s.sources[clip.sourceId])
  const table = useSources((s) => clip && s.tables[clip.sourceId])
  const failure = useSources((s) => clip && s.missing[clip.sourceId])
  return (
    <section className={styles.viewer} aria-label={t('viewer.label')} data-full-screen>
      <Awaited />
      {clip && source && table ? (
        <Screen clip={clip} source={source} table={table} />
      ) : clip && source && !failure ? (
        <FirstPicture clip={clip} source={source} />
      ) : (
        <div className={styles.nothing}>{failure ? sentenceOf(failure, language) : t('viewer.loading')}</div>
      )}
    </section>
  )
}

/** A film whose frames are not all known yet: its picture is there, and it can be moved through when all of it has been read. */
function FirstPicture({ clip, source }: { clip: Clip; source: Source }) {
  const { t } = useWords()
  const playhead = useSession((s) => s.playhead)
  const picture = sizeOf(source, clip)
  const framing = useFraming(clip)
  const url = mediaUrl({ kind: 'frame', sourceId: source.id, frame: playhead })
  return (
    <>
      <ViewerBar isComparing={false} clip={clip} picture={picture} film={framing?.film} />
      <div className={styles.panes} data-compare="none">
        <Pane picture={picture} framing={framing} hasDivider={false} label={t('compare.original')}>
          {() => (
            <PictureLayer
              pictures={stills}
              url={url}
              frame={playhead}
              name="original"
              laid={pictureStyle(framing)}
            />
          )}
        </Pane>
        <div className={styles.gettingReady} role="status">
          <span>{t('viewer.reading')}</span>
          <Progress label={t('viewer.reading')} />
        </div>
      </div>
    </>
  )
}

/** A dialog was asked for, and some film is still being read. */
function Awaited() {
  const { t } = useWords()
  const awaited = useSession((s) => s.awaited)
  if (!awaited) return null
  return (
    <div className={`${styles.gettingReady} ${styles.awaited}`} role="status">
      <span>{t(awaited === 'photo' ? 'viewer.photoAwaited' : 'viewer.exportAwaited')}</span>
      <Button size="small" kind="quiet" onClick={() => setSession({ awaited: undefined })}>
        {t('cancel')}
      </Button>
    </div>
  )
}
