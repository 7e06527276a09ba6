// The loudness of the sound along the timeline, drawn on a canvas.
import { useEffect, useRef } from 'react'
import { Waveform } from '../../../electron/shared/contract/sources.js'
import { FrameTable, Source } from '../../../electron/shared/media/source.js'
import { notifyAbout } from '../../stores/session.js'
import { usePreferences } from '../../stores/preferences.js'
import { loadWaveform, useSources } from '../../stores/sources.js'
import { filmedAt } from '../../stores/shownTimes.js'
import { useWords } from '../../stores/words.js'
import { useDensity } from '../../ui/size.js'
import { Scale, toSeconds } from './scale.js'
import styles from './Timeline.module.css'

function draw(
  canvas: HTMLCanvasElement,
  waveform: Waveform,
  place: (seconds: number) => number,
  scale: Scale,
  density: number,
): void {
  const { height } = canvas.getBoundingClientRect()
  canvas.width = Math.max(1, Math.round(scale.width * density))
  canvas.height = Math.max(1, Math.round(height * density))
  const context = canvas.getContext('2d')
  if (!context) return
  context.fillStyle = getComputedStyle(canvas).color
  const middle = canvas.height / 2
  const { peaks, peaksPerSecond } = waveform
  for (let x = 0; x < canvas.width; x++) {
    const from = Math.floor(place(toSeconds(scale, x / density)) * peaksPerSecond)
    const to = Math.max(from + 1, Math.floor(place(toSeconds(scale, (x + 1) / density)) * peaksPerSecond))
    let peak = 0
    for (let i = Math.max(0, from); i < Math.min(to, peaks.length); i++) peak = Math.max(peak, peaks[i] ?? 0)
    // Quiet sound is shown larger than it is, as ears hear it.
    const half = Math.max(density / 2, Math.sqrt(peak) * middle)
    context.fillRect(x, middle - half, 1, half * 2)
  }
}

interface Props {
  source: Source
  /** When its frames were filmed, and when the film shows them: the strip is in times of the film. */
  filmed: FrameTable
  shown: FrameTable
  scale: Scale
}

export function WaveformStrip({ source, filmed, shown, scale }: Props) {
  const { t } = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const density = useDensity()
  const waveform = useSources((s) => s.waveforms[source.id])
  const theme = usePreferences((s) => s.theme)
  const hasSound = source.audio.length > 0

  useEffect(() => {
    if (hasSound) loadWaveform(source.id).catch(notifyAbout('clip'))
  }, [source.id, hasSound])

  useEffect(() => {
    if (canvas.current && waveform && scale.width > 0)
      draw(canvas.current, waveform, (seconds) => filmedAt(filmed, shown, seconds), scale, density)
  }, [waveform, filmed, shown, scale, density, theme])

  if (!hasSound) return <div className={`${styles.wave} ${styles.silent}`}>{t('timeline.noSound')}</div>
  return <canvas ref={canvas} className={styles.wave} aria-hidden />
}
