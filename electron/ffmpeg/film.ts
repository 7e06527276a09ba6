// A film as ffmpeg reads it: its tracks, its first frames and what is odd about it, as a Source. Refuses what has no picture that can
// be decoded with a sentence that says why.
import { basename, extname } from 'node:path'
import { failing } from '../shared/contract/errors.js'
import { toNumber } from '../shared/media/rational.js'
import { Source, type VideoStream, displaySize, interpreted, sizeWords } from '../shared/media/source.js'
import { type Message, message, phrase } from '../shared/words/sentences.js'
import { aviFilms } from './aviChunks.js'
import { filmsBehind, leadsElsewhere } from './boxes.js'
import { isTruncated } from './cutOff.js'
import { isEncrypted, sampleKinds } from './encryption.js'
import { sourceIdOf } from './fingerprint.js'
import { isSquare } from './geometry.js'
import { type Probed, type ProbedStream, clockSeconds } from './headers.js'
import { othersOf } from './otherTracks.js'
import { endsInPacket } from './packetEnd.js'
import { type Head, headFrames, isPicture, look } from './probed.js'
import type { FoundFile, ProbeOptions } from './reader.js'
import { isBare } from './readable.js'
import { farLook } from './reading.js'
import { Tools } from './resolve.js'
import { inputArguments } from './run.js'
import { type ShapeChanges, shapeChanges } from './shape.js'
import { captureDate, readTags } from './tags.js'
import { trackWords, withTold } from './trackWords.js'
import { filmFacts, filmsOf, soundOf, taggedOf } from './tracks.js'

/**
 * Matroska has no times before 0: what an encoder of sound puts before the first sample moves the picture up by some
 * milliseconds, but not the chapters.
 */
const isDelay = (startSeconds: number, container: string): boolean =>
  container.includes('matroska') && startSeconds > 0 && startSeconds < 0.15

const chapterOf = (
  chapter: { start_time: string; end_time: string; tags?: Record<string, string> | undefined },
  start: number,
): Source['chapters'][number] => ({
  from: Number(chapter.start_time) - start,
  to: Number(chapter.end_time) - start,
  title: chapter.tags?.['title'] ?? '',
})

/** The track in which MP4 and MOV keep the titles of chapters: ffmpeg has read it as chapters already. */
const isChapterTrack = (stream: ProbedStream, chapters: number): boolean =>
  chapters > 0 && stream.codec_name === 'bin_data' && stream.codec_tag_string === 'text'

/** Seconds of picture: the file may be longer by its sound. */
function pictureSeconds(stream: ProbedStream, format: Probed['format'], start: number): number {
  const whole = Number(format.duration ?? stream.duration ?? 0)
  // QuickTime counts the pause before a late first picture as part of its track.
  const begin = Number(stream.start_time ?? start)
  const own = stream.duration === undefined ? NaN : begin + Number(stream.duration) - start
  // ffmpeg's own Matroska writer tells the end of the track, not its length.
  const told = clockSeconds(stream.tags?.['DURATION'])
  const isEnd = /^Lavf/.test(format.tags?.['ENCODER'] ?? format.tags?.['encoder'] ?? '')
  const seconds = own > 0 ? own : told === undefined ? whole : told - (isEnd ? start : 0)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0
}

/** Ogg has no tags of the file: each track carries them, the picture's first. */
function tagsOfFile(
  container: string,
  streams: readonly ProbedStream[],
  tags: Record<string, string> = {},
): Record<string, string> {
  if (container !== 'ogg') return tags
  const tracks = streams.toSorted((a, b) => Number(isPicture(a)) - Number(isPicture(b)))
  return { ...Object.fromEntries(tracks.flatMap((track) => Object.entries(track.tags ?? {}))), ...tags }
}

/** Only a bare stream of pictures was found in what is called a film with sound and times. */
const isHeadless = (path: string, container: string): boolean =>
  isBare(container) && /^\.(avi|mp4|mov|mkv|webm|flv|wmv|asf|mxf|ogv|3gp)$/i.test(extname(path))

/** The picture has parts that can be seen through, which no output keeps. */
const hasAlpha = ({ pix_fmt = '', tags }: ProbedStream): boolean =>
  /^(yuva|gbrap|rgba|argb|bgra|abgr|ya\d)/.test(pix_fmt) ||
  Object.entries(tags ?? {}).some(([key, value]) => /^alpha_mode$/i.test(key) && value === '1')

/** What was found of a film, before it is said what is odd about it. */
interface FoundFilm {
  file: FoundFile
  name: string
  container: string
  stream: ProbedStream
  films: readonly ProbedStream[]
  head: Head
  video: VideoStream
  startSeconds: number
  durationSeconds: number
  isElsewhere: boolean
  lookBytes: number | undefined
}

/** What is odd about the file as a whole, whichever of its tracks is looked at. */
async function oddFile({ file, name, container, isElsewhere }: FoundFilm): Promise<Message[]> {
  const { path, facts } = file
  const notes: Message[] = []
  if (await isTruncated(path, facts.bytes)) notes.push(message('noteTruncated'))
  if (await endsInPacket(path, container)) notes.push(message('noteEndsInPacket', { name }))
  if (isElsewhere) notes.push(message('noteElsewhere'))
  if (isHeadless(path, container)) notes.push(message('noteHeadless', { name, ending: extname(path) }))
  const behind = await filmsBehind(path)
  if (behind > 0) notes.push(message('noteFilmsBehind', { name, count: behind }))
  const joinedFilms = container === 'avi' ? await aviFilms(path) : 1
  if (joinedFilms > 1) notes.push(message('noteJoined', { name, count: joinedFilms }))
  return notes
}

/** What is odd about the picture, and what of it is left out. */
function oddPicture({ file, name, stream, films, head, video, lookBytes }: FoundFilm): Message[] {
  const notes: Message[] = []
  if (video.transfer === 'arib-std-b67' || video.transfer === 'smpte2084') notes.push(message('noteHdr'))
  if (lookBytes !== undefined && lookBytes < file.facts.bytes)
    notes.push(message('noteLookEnded', { name, megabytes: Math.round(lookBytes / 1e6) }))
  if (hasAlpha(stream)) notes.push(message('noteAlpha', { name }))
  if (isSquare(video) && (video.width % 2 === 1 || video.height % 2 === 1)) {
    const even = sizeWords(displaySize(video))
    notes.push(message('noteOddSize', { name, size: sizeWords(video), even }))
  }
  if (head.interlaced < 0.5 && (video.fieldOrder === 'tff' || video.fieldOrder === 'bff'))
    notes.push(message('noteFieldsByContainer', { name }))
  if (films.length > 1)
    notes.push(
      message('noteSeveralFilms', {
        ...{ name, count: films.length, track: stream.index, size: sizeWords(video) },
        others: films.flatMap(({ index }) => (index === stream.index ? [] : [index])).join(', '),
      }),
    )
  return notes
}

/** The film that is wanted, or the main one, and all that there are. */
async function chosenFilm(
  tools: Tools,
  path: string,
  streams: readonly ProbedStream[],
  track: number | undefined,
  signal?: AbortSignal,
): Promise<{ stream: ProbedStream; films: ProbedStream[] }> {
  const films = await filmsOf(tools, path, streams, signal)
  const stream = track === undefined ? films[0] : films.find(({ index }) => index === track)
  if (stream) return { stream, films }
  throw failing('no-video-stream', 'noSuchFilm', {
    ...{ name: basename(path), track: track ?? 0, tracks: films.map(({ index }) => index).join(', ') },
  })
}

/** Fails, with the reason, where no picture can be decoded. */
async function checkDecoded(
  { path }: FoundFile,
  stream: ProbedStream,
  head: Head,
  { container, isElsewhere }: Pick<FoundFilm, 'container' | 'isElsewhere'>,
): Promise<void> {
  const name = basename(path)
  if ((head.frames === 0 || !stream.pix_fmt) && (await isEncrypted(path, container)))
    throw failing('not-a-video', 'sourceEncrypted', { name })
  if (head.frames === 0 && isElsewhere) throw failing('not-a-video', 'sourceElsewhere', { name })
  // Readers that take anything under such a name.
  if (head.frames === 0 && !stream.width && /^(m4v|mjpeg)$/.test(container))
    throw failing('not-a-video', 'notReadableVideo', { name, reason: phrase('reasonSenseless') })
  const { codec } = taggedOf(stream, head, name)
  if (head.frames === 0) throw failing('not-a-video', 'sourceUndecodable', { name: `${name} (${codec})` })
}

/** Chapters in the film's time; those without one are left out. */
const chaptersOf = (
  chapters: Probed['chapters'],
  { container, startSeconds }: Pick<FoundFilm, 'container' | 'startSeconds'>,
): Source['chapters'] =>
  chapters
    .map((chapter) => chapterOf(chapter, isDelay(startSeconds, container) ? 0 : startSeconds))
    .filter((chapter) => Number.isFinite(chapter.from) && Number.isFinite(chapter.to))

/** Where the picture changes its size or shape on the way. A film that Heirloom has just written has one shape. */
async function shapesOf(
  tools: Tools,
  { file, container, video, startSeconds, durationSeconds }: FoundFilm,
  isOurs: boolean,
  signal?: AbortSignal,
): Promise<ShapeChanges> {
  if (isOurs) return { places: [], isSomewhere: false, isMissed: false }
  return shapeChanges(tools, { path: file.path, container, video, startSeconds, durationSeconds }, signal)
}

function shapeNotes(tools: Tools, name: string, { places, isMissed }: ShapeChanges): Message[] {
  const values = { name, places: places.join(', ') }
  if (isMissed) return [message('noteShapeMissed', { ...values, ffmpeg: tools.version })]
  return places.length > 0 ? [message('noteShapeChanges', values)] : []
}

export async function probeFilm(
  tools: Tools,
  file: FoundFile,
  { track, sounding }: ProbeOptions,
  signal?: AbortSignal,
): Promise<Source> {
  const { path, facts } = file
  const name = basename(path)
  const { streams, format, chapters, lookBytes } = await look(tools, path, facts, [], signal)
  const container = format.format_name ?? 'unknown'
  const { stream, films } = await chosenFilm(tools, path, streams, track, signal)
  const kinds = /\bmov\b/.test(container) ? await sampleKinds(path) : []
  const told = await trackWords(path, container)
  if (/^(encv|drmi)$/.test(kinds[stream.index] ?? ''))
    throw failing('not-a-video', 'sourceEncrypted', { name })
  const far = lookBytes === undefined ? [] : farLook(lookBytes)
  const input = { name, args: [...far, ...inputArguments(path)], stream: stream.index, file: facts }
  const [head, sound] = await Promise.all([
    headFrames(tools, input, signal),
    soundOf(tools, path, { streams, kinds, container, sounding }, signal),
  ])
  const isElsewhere = await leadsElsewhere(path)
  await checkDecoded(file, stream, head, { container, isElsewhere })
  const seen = taggedOf(stream, head, name)
  const video = interpreted(seen, {})
  const startSeconds = head.start * toNumber(video.timeBase)
  const durationSeconds = pictureSeconds(stream, format, startSeconds)
  const found: FoundFilm = {
    ...{ file, name, container, stream, films, head, video },
    ...{ startSeconds, durationSeconds, isElsewhere, lookBytes },
  }
  const warnings = [...sound.warnings, ...(await oddFile(found)), ...oddPicture(found)]
  const shapes = await shapesOf(tools, found, sounding !== undefined, signal)
  warnings.push(...shapeNotes(tools, name, shapes))
  const tagged = shapes.isSomewhere ? { ...seen, changesShape: true } : seen
  const fileTags = tagsOfFile(container, streams, format.tags)
  const tags = { ...stream.tags, ...fileTags }
  return Source.parse({
    ...facts,
    id: sourceIdOf(facts.fingerprint, stream.index, {}),
    ...{ path, name, container, durationSeconds, startSeconds },
    ...{ tagged, interpretation: {}, video: interpreted(tagged, {}) },
    // In Ogg the film's own title stands at each track.
    audio: sound.audio.map((heard) =>
      container === 'ogg' && heard.title === fileTags['title']
        ? { ...heard, title: undefined }
        : withTold(heard, told[heard.index]),
    ),
    others: othersOf(
      streams.filter((s) => s !== stream && s.codec_type !== 'audio' && !isChapterTrack(s, chapters.length)),
      tags,
    ),
    chapters: chaptersOf(chapters, found),
    createdAt: captureDate(tags),
    tags: readTags(fileTags),
    ...{ warnings, lookBytes },
    films: films.length > 1 ? films.map(filmFacts) : undefined,
  })
}
