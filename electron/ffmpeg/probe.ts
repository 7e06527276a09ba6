// What a file is: ffprobe's answer parsed into a Source. Refuses what is neither a video nor a photo with a sentence that says why.
import { stat } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { AppError, failing } from '../shared/contract/errors.js'
import { toNumber } from '../shared/media/rational.js'
import { Source, displaySize, interpreted, sizeWords } from '../shared/media/source.js'
import { phrase, type Part, Said, said } from '../shared/words/sentences.js'
import { systemReason } from '../shared/words/systemReason.js'
import { aviFilms } from './aviChunks.js'
import { filmsBehind, leadsElsewhere } from './boxes.js'
import { isTruncated } from './cutOff.js'
import { isSquare } from './geometry.js'
import { fingerprintOf, sourceIdOf } from './fingerprint.js'
import { isNotUnicode } from './names.js'
import { othersOf } from './otherTracks.js'
import { endsInPacket } from './packetEnd.js'
import { pixelKind } from './pixelFormats.js'
import { isEncrypted, sampleKinds } from './encryption.js'
import { type Probed, type ProbedStream, clockSeconds, probeLimitMs } from './headers.js'
import { headFrames, isPicture, look } from './probed.js'
import { farLook } from './reading.js'
import { Tools } from './resolve.js'
import { shapeChanges } from './shape.js'
import { listKind } from './readable.js'
import { inputArguments, late } from './run.js'
import { isGif, readAs, stillFacts, stillFormat } from './still.js'
import { captureDate, readTags } from './tags.js'
import { trackWords, withTold } from './trackWords.js'
import { filmFacts, filmsOf, picturesOf, soundOf, taggedOf } from './tracks.js'

async function fileFacts(path: string): Promise<Pick<Source, 'fingerprint' | 'bytes' | 'modifiedMs'>> {
  const name = basename(path)
  try {
    const facts = await stat(path)
    if (facts.isDirectory()) throw failing('not-a-video', 'sourceIsFolder', { name })
    if (!facts.isFile()) throw failing('not-a-video', 'sourceNotRegular', { name })
    if (facts.size === 0) throw failing('not-a-video', 'sourceEmpty', { name })
    return { fingerprint: await fingerprintOf(path, facts), bytes: facts.size, modifiedMs: facts.mtimeMs }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw (await isNotUnicode(path))
        ? failing('source-unreadable', 'sourceNameNotUnicode', { name }, { cause })
        : failing('source-vanished', 'sourceGone', { name, path }, { cause })
    throw failing('source-unreadable', 'sourceUnreadable', { name, why: systemReason(cause) }, { cause })
  }
}

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

/** Of the many that cameras write into a photo, what is said of a picture made from it. */
const photoTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(readTags(tags)).filter(([name]) => /^(artist|copyright|location|make|model)$/.test(name)),
  )

/** A photo is a film of one picture that lasts no time anybody counts. */
async function photoOf(
  tools: Tools,
  path: string,
  container: string,
  facts: Awaited<ReturnType<typeof fileFacts>>,
  streams: readonly ProbedStream[],
  signal?: AbortSignal,
): Promise<Source> {
  const name = basename(path)
  const [stream] = picturesOf(streams, name)
  if (!stream) throw failing('not-a-video', 'photoUndecodable', { name })
  const shown = await stillFacts(tools, path, container, signal)
  if (!shown) throw failing('not-a-video', 'photoUndecodable', { name })
  const { tags, ...turn } = shown
  const found = taggedOf(
    stream,
    { pts: [0], isTimed: true, frames: 1, start: 0, interlaced: 0, topFirst: 0, packets: 1 },
    name,
  )
  // RGB goes through YUV on its way: two more bits, so that no colour changes by it.
  const exact = pixelKind(stream.pix_fmt ?? '').isRgb
    ? ({ bits: Math.max(10, found.bits), range: 'full' } as const)
    : {}
  const tagged = { ...found, ...exact, ...turn, isVariable: false }
  return Source.parse({
    ...facts,
    id: sourceIdOf(facts.fingerprint, stream.index, {}),
    ...{ path, name, container, durationSeconds: 0.04, startSeconds: 0 },
    ...{ tagged, interpretation: {}, video: interpreted(tagged, {}) },
    ...{ audio: [], others: [], chapters: [], warnings: [] },
    createdAt: captureDate({ date: tags['DateTimeOriginal'] ?? tags['DateTime'] ?? tags['date'] ?? '' }),
    tags: photoTags(tags),
  })
}

/** What we read of a file ourselves, before any tool does. */
async function headOfFile(path: string) {
  const facts = await fileFacts(path)
  return {
    facts,
    still: await stillFormat(path),
    list: await listKind(path),
    begins: (await isGif(path)) ? 'GIF' : '',
  }
}

/** The system's own calls cannot be ended: whoever asked hears of it, and one thread stays with the silent drive. */
async function inTime<T>(work: Promise<T>, what: Part): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(what, probeLimitMs)), probeLimitMs)
  })
  return Promise.race([work, end]).finally(() => clearTimeout(timer))
}

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
  /^(mpegvideo|h264|hevc|m4v|mjpeg|h263|h261|vc1|av1|obu|dirac)$/.test(container) &&
  /^\.(avi|mp4|mov|mkv|webm|flv|wmv|asf|mxf|ogv|3gp)$/i.test(extname(path))

/** The picture has parts that can be seen through, which no output keeps. */
const hasAlpha = ({ pix_fmt = '', tags }: ProbedStream): boolean =>
  /^(yuva|gbrap|rgba|argb|bgra|abgr|ya\d)/.test(pix_fmt) ||
  Object.entries(tags ?? {}).some(([key, value]) => /^alpha_mode$/i.test(key) && value === '1')

export interface ProbeOptions {
  /** The stream to take as the film, where a file holds several. */
  track?: number | undefined
  /** Of a film that Heirloom has just written, its picture all of one shape: the tracks of sound that have packets. */
  sounding?: ReadonlySet<number>
}

/** A drive that is taken away while its file is read leaves all kinds of errors behind: what was the matter is told by the file itself. */
async function whyNot(path: string, cause: unknown): Promise<unknown> {
  const key = cause instanceof AppError ? cause.said?.key : undefined
  if (key === 'cancelled' || key === 'toolLate') return cause
  return inTime(fileFacts(path), phrase('doRead', { name: basename(path) })).then(
    () => cause,
    (now: unknown) => now,
  )
}

export async function probe(
  tools: Tools,
  path: string,
  signal?: AbortSignal,
  options: ProbeOptions = {},
): Promise<Source> {
  const full = resolve(path)
  try {
    return await probeFile(tools, full, signal, options)
  } catch (cause) {
    throw await whyNot(full, cause)
  }
}

async function probeFile(
  tools: Tools,
  full: string,
  signal: AbortSignal | undefined,
  { track, sounding }: ProbeOptions,
): Promise<Source> {
  const name = basename(full)
  const { facts, still, list, begins } = await inTime(headOfFile(full), phrase('doRead', { name }))
  if (begins === 'GIF') throw failing('not-a-video', 'sourceGif', { name })
  if (list !== undefined) throw failing('not-a-video', 'sourceIsList', { name, kind: list })
  const { streams, format, chapters, lookBytes } = await look(
    ...([tools, full, facts, readAs(still ?? ''), signal] as const),
  ).catch((cause: unknown) => {
    if (still !== 'heic') throw cause
    throw failing('not-a-video', 'photoKind', { name, version: tools.version }, { cause })
  })
  if (still) return photoOf(tools, full, still, facts, streams, signal)
  const container = format.format_name ?? 'unknown'
  const films = await filmsOf(tools, full, streams, signal)
  const stream = track === undefined ? films[0] : films.find(({ index }) => index === track)
  if (!stream)
    throw failing('no-video-stream', 'noSuchFilm', {
      ...{ name, track: track ?? 0, tracks: films.map(({ index }) => index).join(', ') },
    })
  const kinds = /\bmov\b/.test(container) ? await sampleKinds(full) : []
  const told = await trackWords(full, container)
  if (/^(encv|drmi)$/.test(kinds[stream.index] ?? ''))
    throw failing('not-a-video', 'sourceEncrypted', { name })
  const far = lookBytes === undefined ? [] : farLook(lookBytes)
  const input = { name, args: [...far, ...inputArguments(full)], stream: stream.index, file: facts }
  const [head, sound] = await Promise.all([
    headFrames(tools, input, signal),
    soundOf(tools, full, { streams, kinds, container, sounding }, signal),
  ])
  if ((head.frames === 0 || !stream.pix_fmt) && (await isEncrypted(full, container)))
    throw failing('not-a-video', 'sourceEncrypted', { name })
  const isElsewhere = await leadsElsewhere(full)
  if (head.frames === 0 && isElsewhere) throw failing('not-a-video', 'sourceElsewhere', { name })
  const seen = taggedOf(stream, head, name)
  const video = interpreted(seen, {})
  if (head.frames === 0)
    throw failing('not-a-video', 'sourceUndecodable', { name: `${name} (${video.codec})` })
  const startSeconds = head.start * toNumber(video.timeBase)
  const fileTags = tagsOfFile(container, streams, format.tags)
  const tags = { ...stream.tags, ...fileTags }
  const durationSeconds = pictureSeconds(stream, format, startSeconds)
  const warnings: Said[] = [...sound.warnings]
  if (await isTruncated(full, facts.bytes)) warnings.push(said('noteTruncated'))
  if (await endsInPacket(full, container)) warnings.push(said('noteEndsInPacket', { name }))
  if (isElsewhere) warnings.push(said('noteElsewhere'))
  if (isHeadless(full, container)) warnings.push(said('noteHeadless', { name, ending: extname(full) }))
  const behind = await filmsBehind(full)
  if (behind > 0) warnings.push(said('noteFilmsBehind', { name, count: behind }))
  const joinedFilms = container === 'avi' ? await aviFilms(full) : 1
  if (joinedFilms > 1) warnings.push(said('noteJoined', { name, count: joinedFilms }))
  if (video.transfer === 'arib-std-b67' || video.transfer === 'smpte2084') warnings.push(said('noteHdr'))
  if (lookBytes !== undefined && lookBytes < facts.bytes)
    warnings.push(said('noteLookEnded', { name, megabytes: Math.round(lookBytes / 1e6) }))
  if (hasAlpha(stream)) warnings.push(said('noteAlpha', { name }))
  const shown = displaySize(video)
  if (isSquare(video) && (video.width % 2 === 1 || video.height % 2 === 1))
    warnings.push(
      said('noteOddSize', {
        ...{ name, size: sizeWords(video), even: sizeWords(shown) },
      }),
    )
  if (head.interlaced < 0.5 && (video.fieldOrder === 'tff' || video.fieldOrder === 'bff'))
    warnings.push(said('noteFieldsByContainer', { name }))
  if (films.length > 1)
    warnings.push(
      said('noteSeveralFilms', {
        ...{ name, count: films.length, track: stream.index, size: sizeWords(video) },
        others: films.flatMap(({ index }) => (index === stream.index ? [] : [index])).join(', '),
      }),
    )
  const shapes = sounding
    ? { places: [], isSomewhere: false }
    : await shapeChanges(
        ...([tools, { path: full, container, video, startSeconds, durationSeconds }, signal] as const),
      )
  if (shapes.places.length > 0)
    warnings.push(said('noteShapeChanges', { name, places: shapes.places.join(', ') }))
  const tagged = shapes.isSomewhere ? { ...seen, changesShape: true } : seen
  return Source.parse({
    ...facts,
    id: sourceIdOf(facts.fingerprint, stream.index, {}),
    path: full,
    name,
    container,
    durationSeconds,
    startSeconds,
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
    chapters: chapters
      .map((chapter) => chapterOf(chapter, isDelay(startSeconds, container) ? 0 : startSeconds))
      .filter((chapter) => Number.isFinite(chapter.from) && Number.isFinite(chapter.to)),
    createdAt: captureDate(tags),
    tags: readTags(fileTags),
    warnings,
    lookBytes,
    films: films.length > 1 ? films.map(filmFacts) : undefined,
  })
}
