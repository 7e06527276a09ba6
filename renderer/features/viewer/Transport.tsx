// Under the picture: the time of the film and how long it is, the buttons of a player, the sound.
import { useId, useLayoutEffect, useRef, useState } from 'react'
import {
  ChevronLeft,
  ChevronRight,
  Maximize,
  Pause,
  Play,
  Repeat,
  SkipBack,
  SkipForward,
  Volume2,
  VolumeX,
} from 'lucide-react'
import { CommandName } from '../../../electron/shared/words/commandNames.js'
import { FrameTable } from '../../../electron/shared/media/source.js'
import { formatTimecode, parseTimecode } from '../../../electron/shared/media/timecode.js'
import { actions } from '../../stores/actions.js'
import { useKeys } from '../../stores/keys.js'
import { useFilmFrame } from '../../stores/standing.js'
import { goToTyped } from '../../stores/steps.js'
import { formatLength } from '../../stores/filmTime.js'
import { setSession, useSession } from '../../stores/session.js'
import { useWords } from '../../stores/words.js'
import { lead, leadBack } from '../../stores/wayBack.js'
import { IconButton } from '../../ui/Button.js'
import { keyWords } from '../../ui/keyWords.js'
import styles from './Viewer.module.css'

interface Props {
  /** The frames of the source of the clip in hand, and which of them is looked at. */
  counted: FrameTable
  now: number
}

export function Transport({ counted, now }: Props) {
  const { t } = useWords()
  const keys = useKeys()
  const isPlaying = useSession((s) => s.isPlaying)
  const rate = useSession((s) => s.rate)
  const isLooping = useSession((s) => s.isLooping)
  const button = (name: CommandName, icon: React.ReactNode, isOn?: boolean, className?: string) => (
    <IconButton
      label={t(`command.${name}`)}
      keys={keyWords(keys[name][0])}
      isOn={isOn}
      className={className}
      onClick={actions[name]}
    >
      {icon}
    </IconButton>
  )
  return (
    <div className={styles.transport} role="toolbar" aria-label={t('viewer.transport')}>
      <div className={styles.transportSide}>
        <Time counted={counted} now={now} />
        {isPlaying && rate !== 1 && <span className={styles.rate}>{rate}×</span>}
      </div>
      <div className={styles.transportMiddle}>
        {button('goToStart', <SkipBack />)}
        {button('previousFrame', <ChevronLeft />)}
        <IconButton
          label={t(isPlaying ? 'viewer.pause' : 'viewer.play')}
          keys={keyWords(keys.playPause[0])}
          className={styles.play}
          onClick={actions.playPause}
        >
          {isPlaying ? <Pause /> : <Play />}
        </IconButton>
        {button('nextFrame', <ChevronRight />)}
        {button('goToEnd', <SkipForward />)}
        {button('toggleLoop', <Repeat />, isLooping)}
      </div>
      <div className={`${styles.transportSide} ${styles.transportEnd}`}>
        <Volume />
        {button('fullScreen', <Maximize />)}
      </div>
    </div>
  )
}

/** Of the film; where it does not show what is looked at, of the source, which is said. */
function Time({ counted, now }: Props) {
  const { t } = useWords()
  const { film, frame } = useFilmFrame()
  if (frame === undefined)
    return (
      <>
        <TimeField table={counted} now={now} isOutside />
        <span className={styles.notInFilm}>{t('viewer.notInFilm')}</span>
      </>
    )
  const length = formatLength(film)
  return (
    <>
      <TimeField table={film.table} now={frame} />
      <span className={styles.filmLength} title={t('viewer.length', { time: length })} data-testid="length">
        {`/ ${length}`}
      </span>
    </>
  )
}

interface TimeProps {
  table: FrameTable
  /** Which of its frames is looked at. */
  now: number
  isOutside?: boolean
}

function TimeField(props: TimeProps) {
  const { t } = useWords()
  const isEditing = useSession((s) => s.isEditingTime)
  // While a time is typed the button is gone: it gets the focus back that it had.
  const [hadFocus, setHadFocus] = useState(false)
  if (isEditing) return <TimeEdit {...props} onLost={() => setHadFocus(false)} />
  return (
    <button
      type="button"
      className={`${styles.time} ${props.isOutside ? styles.outside : ''}`}
      title={t(props.isOutside ? 'viewer.notInFilmTitle' : 'viewer.timeTitle')}
      autoFocus={hadFocus}
      onBlur={() => setHadFocus(false)}
      onClick={() => {
        setHadFocus(true)
        setSession({ isEditingTime: true })
      }}
      data-testid="time"
    >
      {formatTimecode(props.table, props.now)}
    </button>
  )
}

/** `onLost`: the focus has gone somewhere else by itself. */
function TimeEdit({ table, now, onLost }: TimeProps & { onLost: () => void }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)
  const wrongId = useId()
  const place = useRef<HTMLSpanElement>(null)
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (place.current && input.current) lead(place.current, input.current)
  }, [])
  const end = (): void => setSession({ isEditingTime: false })
  const isReadable = (): boolean => text.trim() === '' || parseTimecode(table, text, now) !== undefined
  const isLeaving = useRef(false)
  const leave = (): void => {
    isLeaving.current = true
    leadBack()
    end()
  }
  const accept = (): void => {
    if (text.trim() === '' || goToTyped(text)) return leave()
    setWrong(true)
  }
  return (
    <span ref={place} className={styles.timeEdit}>
      <input
        ref={input}
        className={styles.time}
        aria-label={t('viewer.timeTitle')}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? wrongId : undefined}
        placeholder={formatTimecode(table, now)}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setWrong(false)
        }}
        // What cannot be read stays to be corrected.
        onBlur={() => {
          if (isLeaving.current) return
          onLost()
          if (isReadable()) end()
          else setWrong(true)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') accept()
          if (event.key === 'Escape') leave()
          event.stopPropagation()
        }}
      />
      {isWrong && (
        <span id={wrongId} className={styles.timeWrong} role="alert">
          {t('viewer.timeWrong', { text: text.trim() })}
        </span>
      )}
    </span>
  )
}

function Volume() {
  const { t } = useWords()
  const keys = useKeys()
  const volume = useSession((s) => s.volume)
  const isMuted = useSession((s) => s.isMuted)
  const isSilent = isMuted || volume === 0
  return (
    <>
      <IconButton
        label={t(isSilent ? 'viewer.soundOn' : 'viewer.soundOff')}
        keys={keyWords(keys.toggleMute[0])}
        onClick={actions.toggleMute}
      >
        {isSilent ? <VolumeX /> : <Volume2 />}
      </IconButton>
      <input
        type="range"
        className={styles.volume}
        aria-label={t('viewer.volume')}
        min={0}
        max={1}
        step={0.05}
        value={isMuted ? 0 : volume}
        onChange={(event) => setSession({ volume: Number(event.target.value), isMuted: false })}
      />
    </>
  )
}
