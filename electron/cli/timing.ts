// `heirloom timing`: in what rhythm a film shows its frames, by the frames themselves.
import type { Host } from '../app/host/host.js'
import { failing } from '../shared/contract/errors.js'
import { durationOf, frameCount, secondsOf } from '../shared/media/frameTable.js'
import { toNumber } from '../shared/media/rational.js'
import { type FrameTable, type Source, isStill } from '../shared/media/source.js'
import {
  type Cadence,
  type CadenceSection,
  type RateSection,
  type Timing,
  filmedShare,
  repeatsIn,
} from '../shared/media/timing.js'
import type { Locale } from '../shared/words/lookup.js'
import { inEnglish, sayIn } from '../shared/words/sentences.js'
import { padTo } from './columns.js'
import { clock } from './describe.js'
import { openWithFields } from './fields.js'
import { progressLine } from './follow.js'
import { unlessStopped } from './stop.js'
import type { Terminal } from './terminal.js'

interface Asked {
  input: string
  track?: number | undefined
  asJson: boolean
}

/** Places that are told one by one; of more only the number. */
const mostPlaces = 12

const short = (n: number): string => String(Number(n.toFixed(2)))

function cadenceWords(cadence: Cadence, { rate, isEven }: Film, { t }: Locale): string {
  const rates = { film: short(filmedShare(cadence) * rate), stored: short(rate) }
  if (cadence.kind === 'whole')
    return isEven ? t('cli.timing.whole', { stored: rates.stored }) : t('cli.timing.wholeUneven')
  if (cadence.kind === 'repeats') return t('cli.timing.repeats', rates)
  const first = t(cadence.first === 'top' ? 'cli.timing.top' : 'cli.timing.bottom')
  return t('cli.timing.pulldown', { ...rates, fields: cadence.fields.join(':'), first })
}

function sectionLine({ from, to, cadence }: CadenceSection, film: Film, locale: Locale): string {
  const at = (frame: number): string => clockOf(film.table, frame)
  return `${padTo(24, `${at(from)} – ${at(to)}`)} ${cadenceWords(cadence, film, locale)}`
}

/** To the tenth: places of frames are looked for by ear and eye. */
function clockOf(table: FrameTable, frame: number): string {
  const tenths = Math.round(10 * secondsOf(table, frame))
  return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`
}

interface Film {
  table: FrameTable
  /** Of a film that is uneven, its frames by the time that they are shown, as every mean here. */
  rate: number
  isEven: boolean
}

function filmOf({ video }: Source, table: FrameTable, { rates }: Timing): Film {
  const isEven = rates.length < 2 && rates.every(({ isConstant }) => isConstant)
  return { table, isEven, rate: isEven ? toNumber(video.frameRate) : frameCount(table) / durationOf(table) }
}

function rateLine({ from, to, ...rate }: RateSection, film: Film, { t }: Locale): string {
  const at = padTo(24, `${clockOf(film.table, from)} – ${clockOf(film.table, to)}`)
  const [mean, least, most] = [rate.mean, rate.least, rate.most].map(short) as [string, string, string]
  return `${at} ${rate.isConstant ? t('cli.timing.even', { mean }) : t('cli.timing.uneven', { least, most, mean })}`
}

function placesLine(
  key: 'single' | 'torn' | 'lost' | 'cuts',
  frames: readonly number[],
  film: Film,
  { t }: Locale,
): string[] {
  if (frames.length === 0) return []
  const places = frames.slice(0, mostPlaces).map((frame) => clockOf(film.table, frame))
  const all = frames.length > mostPlaces ? [...places, '…'] : places
  return [t(`cli.timing.${key}`, { count: frames.length, places: all.join(', ') })]
}

function describe(timing: Timing, film: Film, locale: Locale): string[] {
  const whole = timing.sections.filter(({ cadence }) => cadence.kind === 'whole')
  const repeats = repeatsIn(timing)
  const single = repeatsIn({ sections: whole, repeated: timing.repeated })
  const lost = timing.lost.flatMap(({ after, missing }) => Array<number>(missing).fill(after + 1))
  return [
    ...(film.table.notes ?? []).map((note) => sayIn(locale.language, note)),
    ...(film.isEven ? [] : timing.rates.map((section) => rateLine(section, film, locale))),
    ...timing.sections.map((section) => sectionLine(section, film, locale)),
    ...(repeats.length === 0
      ? []
      : [locale.t('cli.timing.repeated', { count: repeats.length, frames: timing.frames })]),
    ...placesLine('single', single, film, locale),
    ...placesLine('torn', timing.torn, film, locale),
    ...placesLine('lost', lost, film, locale),
    ...placesLine('cuts', timing.cuts, film, locale),
  ]
}

async function open(host: Host, { input, track }: Asked): Promise<Source> {
  const source = await openWithFields(host, { input, track })
  if (isStill(source)) throw failing('bad-argument', 'stillNoTiming', { name: source.name })
  return host.api.sources.readFields(source.id, 'progressive') // fields as they are stored
}

/** Looks at every frame of a source, unless that was done before; how far it is is told to people meanwhile. */
export async function lookAt(
  host: Host,
  source: Source,
  terminal: Terminal,
  stop: AbortSignal,
  isTold = true,
): Promise<Timing> {
  const leave = host.on((event) => {
    if (isTold && event.type === 'job' && event.job.kind === 'timing' && event.job.state === 'running')
      terminal.progress(progressLine(event.job, terminal))
  })
  try {
    return await unlessStopped(stop, () => host.api.sources.timing(source.id))
  } finally {
    leave()
    terminal.endProgress()
  }
}

export async function timing(host: Host, asked: Asked, terminal: Terminal, stop: AbortSignal): Promise<void> {
  const source = await unlessStopped(stop, () => open(host, asked))
  const found = await lookAt(host, source, terminal, stop)
  const table = await host.api.sources.frameTable(source.id)
  const film = filmOf(source, table, found)
  const notes = (table.notes ?? []).map(inEnglish)
  if (asked.asJson) terminal.json({ rate: film.rate, ...found, repeats: repeatsIn(found), notes })
  else terminal.print(...describe(found, film, terminal))
}
