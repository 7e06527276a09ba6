// What a large model means on a computer without a graphics card that it can use, before anything is spent on it.
import { isLarge, secondsPerMinute, worksOnProcessor } from '../../../electron/shared/planning/cost.js'
import { useHost } from '../../stores/host.js'
import { useWords } from '../../stores/words.js'
import { formatDuration } from '../../ui/format.js'
import styles from './Models.module.css'

/** A tape, enlarged twice. */
const tape = { width: 1440, height: 1152, framesPerSecond: 25 }

export function SlowNote({ parameters }: { parameters: number }) {
  const { t, language } = useWords()
  const devices = useHost((s) => s.info?.devices ?? [])
  if (!isLarge({ parameters }) || !worksOnProcessor('auto', devices)) return null
  const threads = devices[0]?.threads ?? 1
  const hours = Math.max(1, Math.round(secondsPerMinute(parameters, threads, tape) / 3600))
  return <p className={styles.note}>{t('models.slow', { time: formatDuration(language, hours * 3600) })}</p>
}
