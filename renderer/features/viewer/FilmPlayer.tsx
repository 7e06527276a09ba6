// The moving film: a video element that follows the playhead while the film rests and leads it while the film plays. Where the
// window has no film to play yet, or plays backwards, a clock leads and pictures follow.
import { useEffect, useRef, useState } from 'react'
import { durationOf, frameAt, secondsOf } from '../../../electron/shared/media/frameTable.js'
import { FrameTable, SourceId } from '../../../electron/shared/media/source.js'
import { pause, reachedEnd } from '../../stores/actions.js'
import { mediaUrl } from '../../stores/host.js'
import { notifyAbout, setSession, useSession } from '../../stores/session.js'
import { loadPlayable, useSources } from '../../stores/sources.js'
import styles from './Viewer.module.css'

interface Props {
  sourceId: SourceId
  table: FrameTable
  playhead: number
  /** Resolves when the pictures that playing needs are there. */
  getReady: (signal: AbortSignal) => Promise<void>
  onReady: (isReady: boolean) => void
}

/** In the middle of a frame's time, where no rounding can fall into its neighbour. */
const middleOf = (table: FrameTable, frame: number): number =>
  (secondsOf(table, frame) + secondsOf(table, frame + 1)) / 2

export function FilmPlayer({ sourceId, table, playhead, getReady, onReady }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const playable = useSources((s) => s.playables[sourceId])
  const [readySrc, setReadySrc] = useState<string>()
  const isPlaying = useSession((s) => s.isPlaying)
  const rate = useSession((s) => s.rate)
  const volume = useSession((s) => s.volume)
  const isMuted = useSession((s) => s.isMuted)
  const src =
    playable && playable.kind !== 'pending'
      ? mediaUrl({ kind: playable.kind === 'file' ? 'media' : 'proxy', sourceId })
      : undefined
  const isReady = src !== undefined && readySrc === src
  const isLeading = isPlaying && rate > 0 && isReady

  useEffect(() => {
    loadPlayable(sourceId, false).catch(notifyAbout('clip'))
  }, [sourceId])

  useEffect(() => onReady(isReady), [isReady, onReady])

  useEffect(() => {
    if (!video.current) return
    video.current.volume = volume
    video.current.muted = isMuted
  }, [volume, isMuted])

  // At rest and backwards: go where the playhead is; while a jump is under way the newest wish waits.
  useEffect(() => {
    const element = video.current
    if (!element || !isReady || isLeading) return
    const seek = (): void => {
      element.currentTime = middleOf(table, playhead)
    }
    if (!element.seeking) return seek()
    element.addEventListener('seeked', seek, { once: true })
    return () => element.removeEventListener('seeked', seek)
  }, [isReady, isLeading, table, playhead])

  // Forwards with a film: every picture that the browser shows moves the playhead.
  useEffect(() => {
    const element = video.current
    if (!element || !isLeading) return
    const abort = new AbortController()
    let callback = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const jump = (): void => {
      element.currentTime = middleOf(table, useSession.getState().playhead)
    }
    const listen = (): void => {
      callback = element.requestVideoFrameCallback(onFrame)
    }
    const goOn = (): void => {
      reachedEnd()
      if (abort.signal.aborted) return
      jump()
      element.play().catch(pause)
      listen()
    }
    const onFrame = (_now: number, { mediaTime }: { mediaTime: number }): void => {
      const { range } = useSession.getState()
      const frame = frameAt(table, mediaTime)
      if (!range) return
      if (frame >= range.from && frame < range.to) setSession({ playhead: frame })
      if (frame < range.to - 1) return listen()
      // The last frame gets its time on screen as well.
      const restMs = Math.max(0, (secondsOf(table, range.to) - mediaTime) * 1000) / rate
      timer = setTimeout(goOn, frame >= range.to ? 0 : restMs)
    }
    const onEnded = (): void => {
      clearTimeout(timer)
      element.cancelVideoFrameCallback(callback)
      goOn()
    }
    element.addEventListener('ended', onEnded)
    void getReady(abort.signal).then(() => {
      if (abort.signal.aborted) return
      element.playbackRate = rate
      jump()
      element.play().catch(pause)
      listen()
    })
    return () => {
      abort.abort()
      clearTimeout(timer)
      element.cancelVideoFrameCallback(callback)
      element.removeEventListener('ended', onEnded)
      element.pause()
    }
  }, [isLeading, rate, table, getReady])

  // Without a film, and backwards: a clock.
  useEffect(() => {
    if (!isPlaying || isLeading) return
    const abort = new AbortController()
    let request = 0
    let begun: { now: number; seconds: number } | undefined
    const tick = (now: number): void => {
      const { range, playhead: at } = useSession.getState()
      if (!range) return
      begun ??= { now, seconds: secondsOf(table, at) }
      const seconds = begun.seconds + ((now - begun.now) / 1000) * rate
      const isOver =
        rate > 0 ? seconds >= secondsOf(table, range.to) : seconds <= secondsOf(table, range.from)
      if (isOver && rate < 0) {
        setSession({ playhead: range.from })
        return pause()
      }
      if (isOver) {
        begun = undefined
        reachedEnd()
      } else setSession({ playhead: frameAt(table, Math.min(seconds, durationOf(table))) })
      if (!abort.signal.aborted) request = requestAnimationFrame(tick)
    }
    void getReady(abort.signal).then(() => {
      if (!abort.signal.aborted) request = requestAnimationFrame(tick)
    })
    return () => {
      abort.abort()
      cancelAnimationFrame(request)
    }
  }, [isPlaying, isLeading, rate, table, getReady])

  const onCannotPlay = (): void => {
    if (playable?.kind !== 'file') return
    loadPlayable(sourceId, true).catch(notifyAbout('clip'))
  }

  return (
    <video
      ref={video}
      className={styles.picture}
      src={src}
      preload="auto"
      playsInline
      aria-hidden
      tabIndex={-1}
      style={{ visibility: isReady ? 'visible' : 'hidden' }}
      onLoadedData={(event) => {
        // Sound without a picture: the browser knows the container but not the codec.
        if (event.currentTarget.videoWidth === 0) onCannotPlay()
        else setReadySrc(src)
      }}
      onError={onCannotPlay}
    />
  )
}
