// What was found of a clip's frames, in a sentence or two, with the places; or that they are being looked at.
import { Clip } from '../../../electron/shared/document/project.js'
import { secondsOf } from '../../../electron/shared/media/frameTable.js'
import { Ratio, toNumber } from '../../../electron/shared/media/rational.js'
import { FrameTable, Source } from '../../../electron/shared/media/source.js'
import { formatTenths } from '../../../electron/shared/media/timecode.js'
import { Lookup } from '../../../electron/shared/words/lookup.js'
import { goTo } from '../../stores/scene.js'
import { Findings as Found } from '../../stores/findings.js'
import { unevenRate } from '../../stores/motion.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Fold } from '../../ui/Fold.js'
import { formatNumber } from '../../ui/format.js'
import { Looked } from './Looking.js'
import styles from './Motion.module.css'

export function Findings({ clip, source }: { clip: Clip; source: Source }) {
  return (
    <Looked clip={clip} source={source}>
      {(found) => <Told clip={clip} found={found} />}
    </Looked>
  )
}

function Told({ clip, found }: { clip: Clip; found: Found }) {
  const { t, language } = useWords()
  const table = useSources((s) => s.tables[clip.sourceId])
  return (
    <>
      <p className={styles.found} role="status" data-found>
        {sentences(found, unevenRate(clip.sourceId), t, language).join(language === 'ja' ? '' : ' ')}
      </p>
      {table && <Places found={found} table={table} />}
    </>
  )
}

const rateWords = (rate: Ratio, language: string): string => formatNumber(language, toNumber(rate), 2)

function rhythm(found: Found, t: Lookup, language: string): string {
  const { filmed, repeats, single, frames } = found
  const words = (rate: Ratio): string => rateWords(rate, language)
  const stored = words(found.stored)
  const share = formatNumber(language, Math.round((100 * repeats.length) / Math.max(1, frames)))
  if (repeats.length === 0) return t('motion.whole', { stored })
  if (repeats.length === single.length) return t('motion.single', { stored, count: repeats.length })
  const rates = filmed.map(words).join(t('clips.comma'))
  return t(filmed.length > 1 ? 'motion.mixed' : 'motion.repeats', { filmed: rates, stored, share })
}

/** `uneven`: at which it was filmed, though not all of its frames are there. */
const sentences = (found: Found, uneven: Ratio | undefined, t: Lookup, language: string): string[] => [
  rhythm(uneven ? { ...found, stored: uneven } : found, t, language),
  ...(uneven ? [t('motion.uneven', { stored: rateWords(found.stored, language) })] : []),
  ...(found.torn.length > 0 ? [t('motion.torn', { count: found.torn.length })] : []),
  ...(found.lost.length > 0 ? [t('motion.lost', { count: found.lost.length })] : []),
]

/** So many places of a kind are listed; of more only the number. */
const mostPlaces = 24

interface Group {
  title: string
  frames: readonly number[]
}

function Places({ found, table }: { found: Found; table: FrameTable }) {
  const { t, language } = useWords()
  const groups: Group[] = [
    ...found.changes.map(({ frame, rate }) => ({
      title: t('motion.from', { rate: formatNumber(language, toNumber(rate), 2) }),
      frames: [frame],
    })),
    { title: t('motion.singlePlaces'), frames: found.single },
    { title: t('motion.tornPlaces'), frames: found.torn },
    { title: t('motion.lostPlaces'), frames: found.lost },
    { title: t('motion.cutPlaces'), frames: found.cuts },
  ].filter(({ frames }) => frames.length > 0)
  if (groups.length === 0) return null
  return (
    <Fold title={t('motion.places')}>
      {groups.map((group, i) => (
        <PlaceGroup key={i} {...group} table={table} />
      ))}
    </Fold>
  )
}

function PlaceGroup({ title, frames, table }: Group & { table: FrameTable }) {
  const { t } = useWords()
  const left = frames.length - mostPlaces
  return (
    <section className={styles.group} aria-label={title}>
      <h4>{title}</h4>
      <div className={styles.places}>
        {frames.slice(0, mostPlaces).map((frame) => (
          <Button key={frame} size="small" onClick={() => goTo(frame)}>
            {formatTenths(secondsOf(table, frame))}
          </Button>
        ))}
        {left > 0 && <span className={styles.soft}>{t('motion.more', { count: left })}</span>}
      </div>
    </section>
  )
}
