// Segment files into the finished film: copied video, sound of the ranges, tags; checked, then renamed into place.
import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join as joinPath } from 'node:path'
import { AppError, failing } from '../shared/contract/errors.js'
import { recipeWords } from '../shared/document/looks.js'
import { OutputSpec } from '../shared/contract/output.js'
import { isEstimate } from '../shared/planning/motionUnits.js'
import { Plan } from '../shared/planning/plan.js'
import { Report } from '../shared/contract/report.js'
import { isModelled } from '../shared/document/project.js'
import { drawnWords } from '../shared/document/restoring.js'
import { phrase, Message, message } from '../shared/words/sentences.js'
import { Chapter, Source } from '../shared/media/source.js'
import { type AudioPlan, type KnownOfSound, audioPlan, mergedRanges, trackKey } from './audio.js'
import { chapterText, chaptersOf } from './chapters.js'
import { changedForm } from './cutSound.js'
import { lastFrame, lastFrameOfMatroska } from './encode.js'
import { evenedFiles } from './evened.js'
import { otherWords } from './otherTracks.js'
import { compare } from './report.js'
import { Tools } from './resolve.js'
import { holdFolder } from './folder.js'
import { gatherTracks } from './gathered.js'
import { Child, cancelled, failure, ownInputArguments, run } from './run.js'
import { type SegmentFile, type ConcatSegments, readSegment, concatSegments } from './segments.js'
import { room, writeTagBoxes } from './tagBoxes.js'
import { soundReadsBadly } from './soundLook.js'
import { roleBoxes } from './trackWords.js'
import { momentWords, shiftDate, tagText, utcOf, writtenTags } from './tags.js'
import { placeWords } from './placeWords.js'
import { checkTarget, diskFull, notWritable, partPath, placeSafely } from './target.js'
import { readErrorWords, readThrough, watchFiles } from './unchanged.js'
import { type UndecodableRange, decodeErrorWords, undecodableRanges } from './undecodable.js'
import { checkWritten } from './written.js'

export interface JoinOptions {
  /** One per plan segment, in order. */
  segmentFiles: readonly string[]
  plan: Plan
  spec: OutputSpec
  signal?: AbortSignal | undefined
  /** Puts what else belongs to the film behind it, once it is whole and checked and has no name yet. */
  seal?: ((part: string) => Promise<Message[]>) | undefined
  /** 0..1 */
  onProgress?: ((done: number) => void) | undefined
}

/** What was invented is said in the file: once per different recipe. */
export function enhancementNote(plan: Plan): string | undefined {
  const recipes = new Set(
    plan.segments.flatMap(({ enhance }) => [
      ...(isModelled(enhance) ? [recipeWords(enhance)] : []),
      ...[drawnWords(enhance)].filter((words) => words !== undefined),
    ]),
  )
  return recipes.size === 0 ? undefined : `Enhanced with Heirloom: ${[...recipes].join('; ')}`
}

/** Frames that were never filmed are declared; so is that others were left out. */
export function motionNote({ segments, frames }: Pick<Plan, 'segments' | 'frames'>): string | undefined {
  const moved = segments.flatMap(({ motion }) => motion ?? [])
  if (moved.length === 0) return undefined
  const count = moved.reduce((sum, { shown }) => sum + shown.filter(isEstimate).length, 0)
  if (count === 0) return 'Retimed with Heirloom: every frame as filmed'
  const percent = Math.max(1, Math.round((100 * count) / frames))
  return `Estimated with Heirloom: ${count} of ${frames} frames (${percent} %), the others as filmed`
}

const sourcesOf = (plan: Plan): Source[] => [
  ...new Map(plan.segments.map((segment) => [segment.source.id, segment.source])).values(),
]

/** Of one film all its tags, of several what all of them say; and what was invented. */
export function tagsOf(plan: Plan): Record<string, string> {
  const [first, ...rest] = sourcesOf(plan)
  const shared = Object.entries(first?.tags ?? {}).filter(([name, value]) =>
    rest.every(({ tags }) => tags[name] === value),
  )
  const tags = Object.fromEntries(shared)
  const notes = [tags['comment'], enhancementNote(plan), motionNote(plan)].filter((note) => note)
  if (notes.length > 0) tags['comment'] = notes.join(' | ')
  return tags
}

interface Dated {
  source: Source
  date: string
}

/** When the earliest kept picture was taken, and of which source it is. A clock without a zone is taken as UTC, as containers do. */
export function earliestOf({ audio }: Pick<Plan, 'audio'>): Dated | undefined {
  const dated = audio.flatMap(({ source, fromSeconds }): Dated[] =>
    source.createdAt === undefined ? [] : [{ source, date: shiftDate(source.createdAt, fromSeconds) }],
  )
  const instant = ({ date }: Dated): number => Date.parse(date.includes('T') ? utcOf(date) : date)
  return dated.toSorted((a, b) => instant(a) - instant(b))[0]
}

function notesOf(plan: Plan, spec: OutputSpec): Message[] {
  const sources = sourcesOf(plan)
  const notes = sources
    .filter(({ others }) => others.length > 0)
    .map(({ name, others }) => message('noteNotKept', { name, others: others.map(otherWords) }))
  if (sources.length > 1 && sources.some((source) => Object.keys(source.tags).length > 0))
    notes.push(message('noteSeveral'))
  const earliest = earliestOf(plan)
  if (earliest && new Set(sources.map(({ createdAt }) => createdAt)).size > 1)
    notes.push(message('noteEarliest', { name: earliest.source.name, date: momentWords(earliest.date) }))
  if (spec.container === 'mkv') notes.push(message('noteMkv'))
  return notes
}

/** Writes the stream into ffmpeg as fast as it takes it. */
async function feed(
  child: Child,
  stream: AsyncIterable<Buffer>,
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  for await (const piece of stream) {
    if (signal?.aborted) throw cancelled()
    if (child.stdin.destroyed) break // it ended: its exit says why
    if (!child.stdin.write(piece))
      await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), child.exit])
    onBytes(piece.length)
  }
  child.stdin.end()
}

/** A disk gave an error, or a file ended early. That is lived with only where the look at its sound met the same, and every byte can be read. */
async function settle(tools: Tools, sounding: readonly Source[], signal?: AbortSignal): Promise<void> {
  const unsteady = ({ name }: Source, cause?: unknown): AppError =>
    failing('source-unreadable', 'sourceUnsteady', { name }, { cause })
  const [first] = sounding
  let isKnown = false
  for (const source of sounding) isKnown ||= await soundReadsBadly(tools, source, signal)
  if (first && !isKnown) throw unsteady(first)
  for (const source of sounding)
    await readThrough(source, signal).catch((cause: unknown) => {
      throw signal?.aborted ? cancelled() : unsteady(source, cause)
    })
}

/** What came to light while the film was written. */
interface Met {
  /** A disk gave an error, or a file ended early. */
  hasReadError: boolean
  /** Sound could not be decoded somewhere. */
  hasDecodeError: boolean
  /** The form of a track changes on the way: nothing was written. */
  formFailure?: AppError
}

interface Files {
  part: string
  /** Tags and chapters, as text. */
  tags: string
  /** Tracks of sound that are gathered from many ranges. */
  gatheredAt: (number: number) => string
}

function filmArguments(
  tools: Tools,
  { plan, spec }: JoinOptions,
  sound: AudioPlan,
  { part, tags }: Files,
  { lateSeconds, last, lastDuration }: ConcatSegments,
): string[] {
  const tagInput = String(1 + sound.inputs.length)
  const isMkv = spec.container === 'mkv'
  const lastPicture = isMkv ? lastFrameOfMatroska(tools, last) : lastFrame(tools, lastDuration)
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-max_error_rate', '1', '-copyts'],
    // The joined stream is late by whole seconds, so that taking them back is exact.
    ...['-itsoffset', String(-lateSeconds), '-f', 'mov', '-i', 'pipe:0'],
    ...sound.inputs.flat(),
    ...['-f', 'ffmetadata', ...ownInputArguments(tags)],
    ...sound.trials,
    ...['-map', '0:v:0', '-c:v', 'copy', ...lastPicture, ...sound.output],
    ...(spec.codec === 'h265' && !isMkv ? ['-tag:v', 'hvc1'] : []), // what Apple's players ask for
    ...['-map_metadata:g', tagInput, '-map_metadata:s', '-1'],
    ...['-map_chapters', chaptersOf(plan).length > 0 ? tagInput : '-1'],
    ...(isMkv
      ? ['-f', 'matroska']
      : [
          '-video_track_timescale',
          String(plan.timeBase.den),
          '-movflags',
          '+faststart+write_colr+use_metadata_tags',
          '-f',
          spec.container,
        ]),
    ...['-y', `file:${part}`],
  ]
}

/** The segments, all of them there, as one stream. */
function concatOf({ plan }: JoinOptions, segments: readonly SegmentFile[]): ConcatSegments {
  const ticks = plan.segments.flatMap((segment) => segment.ticks)
  return concatSegments(segments, ticks, plan.segments.at(-1)?.endTicks ?? 0, plan.timeBase)
}

async function writeOnce(
  tools: Tools,
  options: JoinOptions,
  sound: AudioPlan,
  files: Files,
  joined: ConcatSegments,
): Promise<Met> {
  const { spec, signal, onProgress } = options
  const met: Met = { hasReadError: false, hasDecodeError: false }
  let hasChanged = false
  const onLine = (line: string): void => {
    met.hasReadError ||= readErrorWords.test(line)
    met.hasDecodeError ||= decodeErrorWords.test(line)
    hasChanged ||= changedForm.test(line)
  }
  const what = phrase('doWrite', { name: basename(spec.path) })
  let child: Child | undefined
  try {
    const gathered = await gatherTracks(tools, sound.gathered, files.gatheredAt, { signal, onLine })
    const whole = { ...sound, inputs: [...sound.inputs, ...gathered] }
    const args = filmArguments(tools, options, whole, files, joined)
    child = run(tools.ffmpeg, args, { what, signal, onLine })
    let bytes = 0
    await feed(
      child,
      joined.stream,
      (count) => onProgress?.(Math.min(0.95, (0.95 * (bytes += count)) / Math.max(1, joined.bytes))),
      signal,
    )
    await child.done
    const said = child.stderr()
    // Some muxers report a full disk only on stderr.
    if (said.some((line) => /No space left on device/i.test(line)))
      throw failure(what, args, { code: 0, signal: null }, said)
    return met
  } catch (cause) {
    if (!hasChanged || !(cause instanceof AppError) || cause.code !== 'ffmpeg-failed') throw cause
    return { ...met, formFailure: cause }
  } finally {
    await child?.stop()
  }
}

/** Tracks that are kept and cannot be decoded everywhere, with a word on each. */
async function damagedTracks(
  tools: Tools,
  { plan, signal }: JoinOptions,
  kept: AudioPlan['kept'],
): Promise<{ keys: Set<string>; notes: Message[] }> {
  const keys = new Set<string>()
  const notes: Message[] = []
  const whole = plan.audio.filter(({ clock }) => clock === undefined)
  for (const source of new Set(whole.map((range) => range.source)))
    for (const [i, track] of source.audio.entries()) {
      if (!kept[source.id]?.includes(track.index)) continue
      const all = await undecodableRanges(tools, source, track, signal)
      const places = all.filter(({ from, to }) =>
        whole.some((range) => range.source === source && from < range.toSeconds && to > range.fromSeconds),
      )
      if (places.length === 0) continue
      keys.add(trackKey(source, track))
      notes.push(
        message('noteSoundDamaged', {
          name: source.name,
          track: i + 1,
          places: placeWords(places.map(outward)),
        }),
      )
    }
  return { keys, notes }
}

/** To whole tenths: a place that is told holds all that is silent. */
const outward = ({ from, to }: UndecodableRange): UndecodableRange => ({
  from: Math.max(0, from),
  to: to + 0.05,
})

/** Writes the film; where its sound turns out not to be what its packets promise, once more with what is known then. */
async function writeFilm(
  tools: Tools,
  options: JoinOptions,
  segments: readonly SegmentFile[],
  prepare: (sound: AudioPlan) => Promise<Files>,
  evenedAt: (number: number) => string,
): Promise<{ sound: AudioPlan; hasReadError: boolean; notes: Message[] }> {
  const { plan, spec, signal } = options
  const notes: Message[] = []
  let known: KnownOfSound = {}
  for (;;) {
    const sound = await audioPlan(tools, plan, spec, signal, known)
    const joined = concatOf(options, segments)
    const met = await writeOnce(tools, options, sound, await prepare(sound), joined)
    const { formFailure, hasReadError, hasDecodeError } = met
    if (formFailure && known.evened) throw formFailure
    let isWorthAnother = formFailure !== undefined
    if ((hasDecodeError || formFailure) && !known.damaged && !hasReadError) {
      const { keys: damaged, notes: told } = await damagedTracks(tools, options, sound.kept)
      notes.push(...told)
      known = { ...known, damaged }
      isWorthAnother ||= sound.trials.length > 0 && damaged.size > 0
    }
    if (!isWorthAnother) return { sound, hasReadError, notes }
    if (formFailure) {
      known = { ...known, evened: await evenedFiles(tools, mergedRanges(plan), evenedAt, signal) }
      if (notes.length === 0)
        notes.push(...sourcesOf(plan).map(({ name }) => message('noteSoundForm', { name })))
    }
  }
}

export interface Joined {
  path: string
  notes: Message[]
  report: Report
}

/** What is written into the film besides picture and sound. */
interface Papers {
  chapters: Chapter[]
  tags: Record<string, string>
  date: string | undefined
  written: ReturnType<typeof writtenTags>
}

function papersOf(plan: Plan, { container }: OutputSpec): Papers {
  const [tags, date] = [tagsOf(plan), earliestOf(plan)?.date]
  return { chapters: chaptersOf(plan), tags, date, written: writtenTags(tags, date, container) }
}

/** Boxes of the tracks' roles, by track: the picture has none. */
const boxesOf = ({ container }: OutputSpec, { roles }: AudioPlan): Buffer[] =>
  container === 'mkv' ? [] : [Buffer.alloc(0), ...roles.map((each) => roleBoxes(container, each))]

async function writePapers(
  path: string,
  { chapters, written }: Papers,
  spec: OutputSpec,
  sound: AudioPlan,
): Promise<void> {
  const { container } = spec
  const inMuxer = container === 'mkv' ? {} : room(container, written, boxesOf(spec, sound))
  await writeFile(path, tagText({ ...written.muxer, ...inMuxer }) + chapterText(chapters, container))
}

async function readSegments({ plan, segmentFiles }: JoinOptions): Promise<SegmentFile[]> {
  const segments = await Promise.all(segmentFiles.map(readSegment))
  plan.segments.forEach((planned, i) => {
    const count = segments[i]?.samples.length ?? 0
    if (count !== planned.ticks.length)
      throw failing('ffmpeg-failed', 'segmentFrames', { found: count, wanted: planned.ticks.length })
  })
  return segments
}

/** Files of ours that are there only while a film is written, beside its segments. */
interface Scratch {
  tags: string
  evenedAt: (number: number) => string
  gatheredAt: (number: number) => string
  remove: () => Promise<void>
}

function scratchFor({ segmentFiles }: JoinOptions): Scratch {
  const own = joinPath(
    dirname(segmentFiles[0] ?? ''),
    `tags-${process.pid}-${randomBytes(3).toString('hex')}`,
  )
  const tags = `${own}.txt`
  const files = new Set([tags])
  const added = (file: string): string => (files.add(file), file)
  return {
    tags,
    evenedAt: (number) => added(`${own}-${number}.nut`),
    gatheredAt: (number) => added(`${own}-${number}.pcm`),
    async remove() {
      for (const file of files) await rm(file, { force: true })
    },
  }
}

/** Writes the film to `part` and looks at what is there now. */
async function writeChecked(
  tools: Tools,
  options: JoinOptions,
  segments: readonly SegmentFile[],
  part: string,
  { tags, evenedAt, gatheredAt }: Scratch,
): Promise<Omit<Joined, 'path'>> {
  const { plan, spec, signal } = options
  const papers = papersOf(plan, spec)
  const prepare = async (sound: AudioPlan): Promise<Files> => {
    await writePapers(tags, papers, spec, sound)
    return { part, tags, gatheredAt }
  }
  const { sound, hasReadError, notes: told } = await writeFilm(tools, options, segments, prepare, evenedAt)
  const notes = [...sound.notes, ...told]
  if (hasReadError) await settle(tools, soundingIn(plan), signal)
  if (spec.container !== 'mkv')
    await writeTagBoxes(part, spec.container, papers.written, boxesOf(spec, sound))
  const heard = await checkWritten(tools, part, plan, spec, sound.tracks, signal)
  const wanted = { ...papers, kept: sound.kept, told: notes, heard }
  const found = await compare(tools, part, plan, spec, wanted, signal)
  return { notes: [...notes, ...found.notes], report: found.report }
}

const soundingIn = (plan: Plan): Source[] => [...new Set(plan.audio.map((range) => range.source))]

/** Writes the film. On any failure nothing is left beside the target, and the target is as it was. */
export async function join(tools: Tools, options: JoinOptions): Promise<Joined> {
  const { plan, spec, signal, onProgress } = options
  await checkTarget(
    spec.path,
    sourcesOf(plan).map((source) => source.path),
    true, // a name that was free when the export began is not a reason to stop now: see placeSafely
  )
  const checkUntouched = await watchFiles(soundingIn(plan))
  const segments = await readSegments(options)
  const folder = await holdFolder(spec.path)
  const part = folder.at(basename(partPath(spec.path)))
  const scratch = scratchFor(options)
  try {
    const { notes: told, report } = await writeChecked(tools, options, segments, part, scratch)
    const notes = [...told, ...((await options.seal?.(part)) ?? [])]
    if (signal?.aborted) throw cancelled()
    await checkUntouched()
    const path = await placeSafely(part, spec.path, spec.mayOverwrite, folder)
    onProgress?.(1)
    const names = { wanted: basename(spec.path), name: basename(path) }
    const renamed = path === spec.path ? [] : [message('noteRenamed', names)]
    return { path, notes: [...renamed, ...notesOf(plan, spec), ...notes], report }
  } catch (cause) {
    const isOfCache = cause instanceof AppError && cause.sentence?.key === 'cacheDiskFull'
    if (cause instanceof AppError && cause.code === 'disk-full' && !isOfCache)
      throw diskFull(spec.path, cause)
    if (!signal?.aborted) await checkUntouched() // whatever failed, it was that
    if (cause instanceof AppError) throw cause
    throw notWritable(spec.path, cause)
  } finally {
    await rm(part, { force: true })
    await folder.close()
    await scratch.remove()
  }
}
