// The viewer: the picture under the playhead, original and enhanced, in one or two panes. What is shown as enhanced is always
// this very frame made with the clip's present settings; where there is no such picture the original says so.
import { frameCount } from '../../../electron/shared/media/frameTable.js'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandName, commandKeys } from '../../../electron/shared/words/commandNames.js'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import { isEnded } from '../../../electron/shared/contract/job.js'
import { Clip } from '../../../electron/shared/document/project.js'
import { Source, FrameTable, displaySize } from '../../../electron/shared/media/source.js'
import { actions } from '../../stores/actions.js'
import { coverage, enhancedPicture, previewsOf } from '../../stores/compare.js'
import { Divider } from '../../stores/divider.js'
import { mediaUrl } from '../../stores/host.js'
import { useJobs } from '../../stores/jobs.js'
import { clipOf, useProject } from '../../stores/project.js'
import { usePreview } from '../../stores/preview.js'
import { setSession, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { Size } from '../../stores/view.js'
import { Button } from '../../ui/Button.js'
import { ContextMenu } from '../../ui/ContextMenu.js'
import { keyWords } from '../../ui/keyWords.js'
import { Progress } from '../../ui/Progress.js'
import { DividerHandle } from './DividerHandle.js'
import { FilmPlayer } from './FilmPlayer.js'
import { Pane } from './Pane.js'
import { PictureLayer } from './PictureLayer.js'
import { SideLabels } from './SideLabels.js'
import { Transport } from './Transport.js'
import { ViewerBar } from './ViewerBar.js'
import { enhanced, stills } from './pictures.js'
import styles from './Viewer.module.css'

/** What can be done with the picture itself. */
const pictureCommands: readonly CommandName[] = ['photo', 'snapshot', 'snapshotPair']

export function Viewer() {
  const { t, i18n } = useTranslation()
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
        <div className={styles.nothing}>
          {failure ? sentenceOf(failure, i18n.language) : t('viewer.loading')}
        </div>
      )}
    </section>
  )
}

/** A film whose frames are not all known yet: its picture is there, and it can be moved through when all of it has been read. */
function FirstPicture({ clip, source }: { clip: Clip; source: Source }) {
  const { t } = useTranslation()
  const playhead = useSession((s) => s.playhead)
  const picture = sizeOf(source, clip)
  const url = mediaUrl({ kind: 'frame', sourceId: source.id, frame: playhead })
  return (
    <>
      <ViewerBar isComparing={false} clip={clip} picture={picture} />
      <div className={styles.panes} data-compare="none">
        <Pane picture={picture} hasDivider={false} label={t('compare.original')}>
          {() => <PictureLayer pictures={stills} url={url} frame={playhead} name="original" />}
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
  const { t } = useTranslation()
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

/** The output grid. */
function sizeOf(source: Source, { enhance }: Clip): Size {
  const size = displaySize(source.video)
  const scale = enhance.isEnabled ? enhance.scale : 1
  return { width: size.width * scale, height: size.height * scale }
}

/** What of the enhanced picture is seen: what lies behind the line. */
const clipPathOf = ({ position, isVertical }: Divider): string =>
  isVertical ? `inset(0 0 0 ${position * 100}%)` : `inset(${position * 100}% 0 0 0)`

function Screen({ clip, source, table }: { clip: Clip; source: Source; table: FrameTable }) {
  const { t } = useTranslation()
  const jobs = useJobs((s) => s.jobs)
  const filmJob = useSources((s) => s.playables[source.id]?.jobId)
  const playhead = useSession((s) => Math.min(s.playhead, frameCount(table) - 1))
  const isPlaying = useSession((s) => s.isPlaying)
  const rate = useSession((s) => s.rate)
  const mode = useSession((s) => s.compareMode)
  const side = useSession((s) => s.side)
  const isHolding = useSession((s) => s.isHoldingOriginal)
  const [hasFilm, setHasFilm] = useState(false)
  const [originalFrame, setOriginalFrame] = useState<number>()
  const [isLoading, setLoading] = useState(false)
  const [menuAt, setMenuAt] = useState<{ x: number; y: number }>()
  const closeMenu = useCallback(() => setMenuAt(undefined), [])

  const previews = useMemo(
    () => (clip.enhance.isEnabled ? previewsOf(jobs, source.id, clip.enhance) : []),
    [jobs, source.id, clip.enhance],
  )
  // While another preview is about to take the place of one, the comparison stays, and says what is not there yet.
  const isAwaited = usePreview(({ wish, asked }) => (wish ?? asked)?.clipId === clip.id)
  const isComparing = previews.length > 0 || (isAwaited && clip.enhance.isEnabled)
  const made = enhancedPicture(previews, playhead)
  const enhancedUrl = made && mediaUrl({ kind: 'preview', jobId: made.jobId, frame: playhead })
  const picture = useMemo(() => sizeOf(source, clip), [source, clip])
  const stillUrl = mediaUrl({
    kind: 'frame',
    sourceId: source.id,
    frame: playhead,
    // The host enlarges with its own bicubic filter, so that both sides of a comparison lie on one grid.
    width: isComparing ? picture.width : undefined,
  })

  // Playing a finished preview begins when all of its pictures are there; the original's too where no film plays beside them.
  const getReady = useCallback(
    async (signal: AbortSignal): Promise<void> => {
      const { range } = useSession.getState()
      const covered = range && coverage(previews).find((c) => c.from === range.from && c.to === range.to)
      if (!range || covered?.state !== 'ready') return
      const frames = Array.from({ length: range.to - range.from }, (_, i) => range.from + i)
      const urls = frames.flatMap((frame) => {
        const one = enhancedPicture(previews, frame)
        return one ? [mediaUrl({ kind: 'preview', jobId: one.jobId, frame })] : []
      })
      const originals = frames.map((frame) =>
        mediaUrl({ kind: 'frame', sourceId: source.id, frame, width: picture.width }),
      )
      setLoading(true)
      await enhanced.loadAll(urls, signal)
      if (!hasFilm) await stills.loadAll(originals, signal)
      setLoading(false)
    },
    [previews, source.id, picture.width, hasFilm],
  )

  const film = jobs.find((job) => job.id === filmJob && !isEnded(job))
  const showsFilm = hasFilm && isPlaying
  // Enhanced pictures stand beside their own original only, not beside the one before.
  const isSameFrame = hasFilm || originalFrame === playhead
  const hasEnhanced = enhancedUrl !== undefined && isSameFrame
  const isOriginalOnly = !isComparing || isHolding || (mode === 'ab' && side === 'original')
  const [isEnhancedShown, setEnhancedShown] = useState<number>()
  const isWaiting = isComparing && !isOriginalOnly && !hasEnhanced

  useEffect(() => {
    // The next few pictures are decoded before they are due.
    if (!isPlaying || !made) return
    for (let frame = playhead + 1; frame <= playhead + 4; frame++) {
      const next = enhancedPicture(previews, frame)
      if (next)
        enhanced
          .ready(mediaUrl({ kind: 'preview', jobId: next.jobId, frame }))
          ?.decode()
          .catch(() => {
            // Dropped meanwhile; drawing it will decode it again.
          })
    }
  }, [isPlaying, made, playhead, previews])

  const original = (
    <PictureLayer
      pictures={stills}
      url={showsFilm ? undefined : stillUrl}
      frame={playhead}
      name="original"
      isKeeping={!hasFilm}
      isHidden={showsFilm}
      onShown={setOriginalFrame}
    />
  )
  const better = (line?: Divider) => (
    <PictureLayer
      pictures={enhanced}
      url={hasEnhanced ? enhancedUrl : undefined}
      frame={playhead}
      name="enhanced"
      isHidden={isOriginalOnly}
      clipPath={line && clipPathOf(line)}
      onShown={setEnhancedShown}
    />
  )
  const isSide = mode === 'side' && isComparing
  const hasDivider = mode === 'divider' && isComparing && !isHolding
  const labels = (
    <SideLabels
      mode={isSide ? 'side' : mode}
      isOriginalOnly={isOriginalOnly}
      isComparing={isComparing}
      isWaiting={isWaiting || (isComparing && !isOriginalOnly && isEnhancedShown !== playhead)}
    />
  )
  return (
    <>
      <ViewerBar isComparing={isComparing} clip={clip} picture={picture} />
      <div
        className={styles.panes}
        data-compare={isComparing ? mode : 'none'}
        onContextMenu={(event) => {
          event.preventDefault()
          setMenuAt({ x: event.clientX, y: event.clientY })
        }}
      >
        <Pane
          picture={picture}
          hasDivider={hasDivider}
          label={t(isComparing ? `compare.${mode}` : 'compare.original')}
          overlay={isSide ? undefined : labels}
        >
          {(line, middle) => (
            <>
              <FilmPlayer
                key={source.id}
                sourceId={source.id}
                table={table}
                playhead={playhead}
                getReady={getReady}
                onReady={setHasFilm}
              />
              {original}
              {!isSide && better(mode === 'divider' ? line : undefined)}
              {hasDivider && <DividerHandle divider={line} middle={middle} />}
            </>
          )}
        </Pane>
        {isSide && (
          <Pane picture={picture} hasDivider={false} label={t('compare.enhanced')} overlay={labels}>
            {() => (
              <>
                {/* While the film plays there is no still of each frame: an empty pane is better than a picture of before. */}
                <PictureLayer
                  pictures={stills}
                  url={showsFilm ? undefined : stillUrl}
                  frame={playhead}
                  name="original"
                />
                {better()}
              </>
            )}
          </Pane>
        )}
        {isSide && <span className={`${styles.label} ${styles.labelLeft}`}>{t('compare.original')}</span>}
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
      </div>
      {menuAt && (
        <ContextMenu
          label={t('viewer.menu')}
          at={menuAt}
          items={pictureCommands.map((name) => ({
            id: name,
            label: t(`command.${name}`),
            keys: keyWords(commandKeys[name]?.[0]),
            onChoose: actions[name],
          }))}
          onClose={closeMenu}
        />
      )}
      <Transport clip={clip} table={table} playhead={playhead} isPlaying={isPlaying} rate={rate} />
    </>
  )
}
