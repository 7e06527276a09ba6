// What a film says about itself: the words of every container read into one form, and written again in the words of another.
// Names of the one form: title, artist, description, comment, copyright, keywords, location (ISO 6709), make, model, software
// and so on; what has no name among them keeps its own. Only what describes the file instead of the film is left out.
import { Container } from '../shared/contract/output.js'

export type Tags = Readonly<Record<string, string>>

/** Of the file, not of the film: who wrote it and how. The next file has its own. */
const technical =
  /^(major_brand|minor_version|compatible_brands|encoder|encoding_tool|handler_name|vendor_id|duration|language|creation_time|creation_date|modification_time|timecode|variant_bitrate|bitrate|maxrate|te_is_reencode|gapless_playback|itun\w+|service_(name|provider)|number_of_(frames|bytes)|bps|source_id|_statistics_.*|xmp_.*|com\.apple\.quicktime\.(creationdate|full-frame-rate-playback-intent|player\.movie\.audio\..*)|com\.android\.capture\.fps|date_recorded|date_encoded|date_digitized|software_version)(-[a-z]{3})?$/i

/** QuickTime's keys, after com.apple.quicktime. */
const quickTime: Tags = {
  ...{ title: 'title', artist: 'artist', author: 'author', album: 'album', genre: 'genre' },
  ...{ comment: 'comment', description: 'description', copyright: 'copyright', keywords: 'keywords' },
  ...{ make: 'make', model: 'model', software: 'software', location: 'location.ISO6709' },
  ...{ director: 'director', producer: 'producer', publisher: 'publisher' },
}
const fromQuickTime = new Map(Object.entries(quickTime).map(([name, key]) => [key.toLowerCase(), name]))
const prefix = 'com.apple.quicktime.'

const aliases: Tags = { manufacturer: 'make', lead_performer: 'artist', day: 'date', summary: 'synopsis' }

/** The name in the one form; undefined for what is of the file. */
function nameOf(key: string): string | undefined {
  const lower = key.toLowerCase()
  if (technical.test(lower)) return undefined
  if (lower.startsWith(prefix)) return fromQuickTime.get(lower.slice(prefix.length)) ?? lower
  if (lower.startsWith('com.')) return lower
  const plain = lower.replace(/-[a-z]{3}$/, '') // "location-eng": what ffmpeg adds where a text says its language
  return aliases[plain] ?? plain
}

const isMoment = (text: string): boolean => /^\d{4}[-:]\d\d[-:]\d\d[T ]\d\d:\d\d/.test(text.trim())

/** In the one form. Where a file says a thing in several words, QuickTime's own are the most exact, then those without a language. */
export function readTags(raw: Tags): Record<string, string> {
  const rank = (key: string): number =>
    key.toLowerCase().startsWith(prefix) ? 0 : /-[a-z]{3}$/.test(key) ? 2 : 1
  const tags: Record<string, string> = {}
  for (const [key, value] of Object.entries(raw).toSorted(([a], [b]) => rank(a) - rank(b))) {
    const name = nameOf(key)
    if (name === undefined || value.trim() === '') continue
    if (name === 'software' && /^Lav[cf]\d/.test(value)) continue // in AVI, what ffmpeg says of itself
    if (name === 'date' && isMoment(value)) continue // captureDate has it
    tags[name] ??= value
  }
  return tags
}

/** ISO 8601; undefined for what is none, and for clocks that were never set (1904, 1970). */
function isoOf(text: string | undefined): string | undefined {
  const match =
    /^(\d{4})[-:](\d\d)[-:](\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/.exec(
      text?.trim() ?? '',
    )
  if (!match) return undefined
  const [, year = '', month = '', day = '', time, zone = ''] = match
  if (year === '1904' || (year === '1970' && month === '01' && day === '01') || year === '0000')
    return undefined
  const clock = time === undefined ? '' : `T${time.length === 5 ? `${time}:00` : time.replace(/\.0+$/, '')}`
  const iso = `${year}-${month}-${day}${clock}${clock ? zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') : ''}`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}

/** When it was filmed, from what cameras write: a word that knows the zone before one that does not. */
export function captureDate(raw: Tags): string | undefined {
  const lower = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value]))
  const keys = [`${prefix}creationdate`, 'creation_time', 'date_recorded', 'date', 'date-eng']
  const found = keys.flatMap((key) => isoOf(lower[key]) ?? [])
  return found.find((iso) => /[+-]\d\d:\d\d$/.test(iso)) ?? found.find((iso) => iso.includes('T')) ?? found[0]
}

const zoneOf = (iso: string): string => /(Z|[+-]\d\d:\d\d)$/.exec(iso)?.[0] ?? ''

/** ISO date moved by seconds: its zone stays, and with it the day that people remember. Dates without a clock stay as they are. */
export function shiftDate(iso: string, seconds: number): string {
  if (!iso.includes('T')) return iso
  const zone = zoneOf(iso)
  const clock = Date.parse(`${iso.slice(0, iso.length - zone.length)}Z`)
  const moved = new Date(clock + Math.round(seconds) * 1000).toISOString()
  return moved.replace(/(\.000)?Z$/, '') + zone
}

/** As containers keep it: in UTC. A clock that says no zone is taken as it is. */
export const utcOf = (iso: string): string =>
  new Date(zoneOf(iso) === '' ? `${iso}Z` : iso).toISOString().replace('.000Z', 'Z')

/** For people: "2023-07-01 08:15:00 +09:00" */
export const momentWords = (iso: string): string =>
  iso
    .replace('T', ' ')
    .replace('Z', ' UTC')
    .replace(/([+-]\d\d:\d\d)$/, ' $1')

/** Only what names a zone, or none at all, tells the day; UTC alone may be a day early or late. */
const dayOf = (iso: string): string | undefined => (zoneOf(iso) === 'Z' ? undefined : iso.slice(0, 10))

export interface WrittenTags {
  /** creation_time and, in Matroska, everything: what the muxer itself can write. */
  muxer: Tags
  /** The one form again, with the day: for the boxes of MP4 and MOV. */
  tags: Tags
  /** With its zone, for QuickTime's own key. */
  moment: string | undefined
}

/** What is to be written into a file of this kind. */
export function writtenTags(tags: Tags, createdAt: string | undefined, container: Container): WrittenTags {
  const moment = createdAt?.includes('T') ? createdAt : undefined
  const day = (moment === undefined ? createdAt : dayOf(moment)) ?? tags['date']
  const all = { ...tags, ...(day === undefined ? {} : { date: day }) }
  const created: Record<string, string> = moment === undefined ? {} : { creation_time: utcOf(moment) }
  const recorded: Record<string, string> = moment === undefined ? {} : { date_recorded: moment }
  const muxer = container === 'mkv' ? { ...all, ...created, ...recorded } : created
  return { muxer, tags: all, moment }
}

/** As QuickTime's keys, for what its name is known for; everything else under its own. */
export const quickTimeKey = (name: string): string =>
  quickTime[name] === undefined ? name : prefix + quickTime[name]

export const creationKey = `${prefix}creationdate`

/** Languages that have two codes in ISO 639-2, and Swedish, which QuickTime's old list spells otherwise. */
const languages: readonly (readonly string[])[] = [
  ...[
    ['deu', 'ger'],
    ['nld', 'dut'],
    ['fra', 'fre'],
    ['ell', 'gre'],
    ['isl', 'ice'],
    ['zho', 'chi'],
    ['swe', 'sve'],
  ],
  ...[
    ['ces', 'cze'],
    ['slk', 'slo'],
    ['ron', 'rum'],
    ['eus', 'baq'],
    ['cym', 'wel'],
    ['fas', 'per'],
    ['msa', 'may'],
  ],
]
/** As the muxer of MOV knows them. */
const inMov: Tags = { deu: 'ger', nld: 'dut', fre: 'fra', ell: 'gre', isl: 'ice', zho: 'chi', swe: 'sve' }

export const languageFor = (container: Container, code: string): string =>
  container === 'mov' ? (inMov[code] ?? code) : code

/** Undetermined is none. */
export const isSameLanguage = (a = 'und', b = 'und'): boolean =>
  a === b || languages.some((codes) => codes.includes(a) && codes.includes(b))

const escaped = (text: string): string => text.replace(/[=;#\\\n]/g, '\\$&')

/** A line of ffmpeg's text form. It takes a line end after any backslash for a part of the value, not after a zero. */
export const tagLine = (name: string, value: string): string =>
  `${escaped(name)}=${escaped(value)}${value.endsWith('\\') ? '\0' : ''}\n`

/** ffmpeg's text form of tags, of any length. */
export const tagText = (tags: Tags): string =>
  `;FFMETADATA1\n${Object.entries(tags)
    .map(([name, value]) => tagLine(name, value))
    .join('')}`
