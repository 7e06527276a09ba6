// The moving film: a video element that follows the playhead while the film rests and leads it while the film plays. Where the
// window has no film to play yet, or plays backwards, a clock leads and pictures follow.
import { CSSProperties, useEffect, useRef, useState } from 'react'
import { FrameTable, SourceId } from '../../../electron/shared/media/source.js'
import { mediaUrl } from '../../stores/host.js'
import { notifyAbout, useSession } from '../../stores/session.js'
import { LaidOut } from '../../stores/laidOut.js'
import { SpedPart, isSilentAt, speedAt } from '../../stores/shownTimes.js'
import { loadPlayable, useSources } from '../../stores/sources.js'
import { GetReady, follow, playByClock, playFilm } from './playing.js'
import styles from './Viewer.module.css'

interface Props {
  sourceId: SourceId
  table: FrameTable
  /** The same frames at the times of the film, and the parts that it plays at another speed. */
  shown: FrameTable
  parts: readonly SpedPart[]
  /** What it shows by the clip's motion. */
  laidOut: LaidOut | undefined
  playhead: number
  getReady: GetReady
  onReady: (isReady: boolean) => void
  /** How it is laid on the stage. */
  laid: CSSProperties
}

export function FilmPlayer(props: Props) {
  const { sourceId, table, shown, parts, laidOut, playhead, getReady, onReady, laid } = props
  const video = useRef<HTMLVideoElement>(null)
  const { src, onCannotPlay } = usePlayable(sourceId)
  const [readySrc, setReadySrc] = useState<string>()
  const isPlaying = useSession((s) => s.isPlaying)
  const rate = useSession((s) => s.rate)
  const volume = useSession((s) => s.volume)
  const isMuted = useSession((s) => s.isMuted) || isSilentAt(parts, playhead)
  const isReady = src !== undefined && readySrc === src
  const isLeading = isPlaying && rate > 0 && isReady

  useEffect(() => onReady(isReady), [isReady, onReady])

  useEffect(() => {
    if (!video.current) return
    video.current.volume = volume
    video.current.muted = isMuted
  }, [volume, isMuted])

  useEffect(() => {
    const element = video.current
    if (!element || !isReady || isLeading) return
    return follow(element, table, playhead)
  }, [isReady, isLeading, table, playhead])

  // Forwards with a film the film leads; without one, and backwards, a clock.
  useEffect(() => {
    const element = video.current
    if (!element || !isPlaying) return
    const film = { table, shown, laidOut, speed: (frame: number): number => rate * speedAt(parts, frame) }
    return isLeading ? playFilm(element, film, getReady) : playByClock(film, rate, getReady)
  }, [isPlaying, isLeading, rate, table, shown, parts, laidOut, getReady])

  return (
    <video
      ref={video}
      className={styles.picture}
      src={src}
      preload="auto"
      playsInline
      aria-hidden
      tabIndex={-1}
      style={{ ...laid, visibility: isReady ? 'visible' : 'hidden' }}
      onLoadedData={(event) => {
        // Sound without a picture: the browser knows the container but not the codec.
        if (event.currentTarget.videoWidth === 0) onCannotPlay()
        else setReadySrc(src)
      }}
      onError={onCannotPlay}
    />
  )
}

/** The address of what the window can play of a source, undefined until there is something; and what to do where it cannot. */
function usePlayable(sourceId: SourceId) {
  const playable = useSources((s) => s.playables[sourceId])
  useEffect(() => {
    loadPlayable(sourceId, false).catch(notifyAbout('clip'))
  }, [sourceId])

  const src =
    playable && playable.kind !== 'pending'
      ? mediaUrl({ kind: playable.kind === 'file' ? 'media' : 'proxy', sourceId })
      : undefined
  const onCannotPlay = (): void => {
    if (playable?.kind !== 'file') return
    loadPlayable(sourceId, true).catch(notifyAbout('clip'))
  }
  return { src, onCannotPlay }
}
