// What a source is: what its file says of itself, how a person has it read, and what is worked with, which follows from the two.
// Made by the readers (ffmpeg/readers), read by everybody.
import { z } from 'zod'
import { Ratio, Rational, multiply, rational } from './rational.js'
import { Run, SparseRun } from './runs.js'
import { Message } from '../words/sentences.js'

/** Of the content alone: a copy of the file has the same one, whatever its name, folder and dates. */
export const Fingerprint = z.string().regex(/^[0-9a-f]{16,64}$/)
export type Fingerprint = z.infer<typeof Fingerprint>

/** One track of one content, read in one way (ffmpeg/fingerprint): the name under which everything made of it is kept. */
export const SourceId = z.string().regex(/^[0-9a-f]{16,64}$/)
export type SourceId = z.infer<typeof SourceId>

export const FieldOrder = z.enum(['progressive', 'tff', 'bff', 'unknown'])
export type FieldOrder = z.infer<typeof FieldOrder>

/** How a person may have the fields of a file read, whatever it says of itself; `progressive` leaves its pictures whole. */
export const ChosenFields = FieldOrder.exclude(['unknown'])
export type ChosenFields = z.infer<typeof ChosenFields>

export const ColourMatrix = z.enum(['bt601', 'bt709', 'bt2020'])
export const ColourRange = z.enum(['limited', 'full'])

/** Clockwise degrees to turn the stored frame for display. */
const Rotation = z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])

const edge = z.number().int().min(0).max(65_535)

/** Samples to leave out at each edge of the stored frame, before rotation. */
export const Crop = z.strictObject({ left: edge, top: edge, right: edge, bottom: edge })
export type Crop = z.infer<typeof Crop>

/** How a person has a file read, whatever it says of itself. What is absent is as the file says. */
export const Interpretation = z.strictObject({
  /** `progressive` leaves frames whole; the others take each frame apart into its two fields, top or bottom field first. */
  fields: ChosenFields.optional(),
  pixelAspect: Ratio.optional(),
  matrix: ColourMatrix.optional(),
  range: ColourRange.optional(),
  rotation: Rotation.optional(),
  crop: Crop.optional(),
  /** Frames per second, one frame after the other, instead of the timestamps of the file. */
  frameRate: Ratio.optional(),
})
export type Interpretation = z.infer<typeof Interpretation>

/** A video track as its file has it: tags where there are tags, and what the first frames are. Nothing is decided here. */
export const Tagged = z.object({
  /** Index of the stream in the file. */
  index: z.number().int().nonnegative(),
  codec: z.string(),
  profile: z.string().optional(),
  /** Coded size in samples, before rotation and before pixels are made square. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  pixelFormat: z.string(),
  bits: z.number().int().min(8).max(16),
  chroma: z.enum(['420', '422', '444', '411', 'gray']),
  sampleAspect: Rational,
  /** The size or the shape of the picture is another one later: pictures are fitted into the first shape. */
  changesShape: z.boolean().optional(),
  /** Clockwise degrees to turn the stored picture for display, then `isMirrored` (left-right). */
  rotation: Rotation,
  isMirrored: z.boolean(),
  fieldOrder: FieldOrder,
  /** Average rate of stored frames; `isVariable` when the timestamps do not follow it. */
  frameRate: Rational,
  isVariable: z.boolean(),
  timeBase: Rational,
  /** Undefined when untagged. */
  matrix: ColourMatrix.optional(),
  range: ColourRange.optional(),
  /** As tagged, ffmpeg's names; undefined when untagged. */
  primaries: z.string().optional(),
  transfer: z.string().optional(),
  siting: z.enum(['left', 'center', 'topleft']),
})
export type Tagged = z.infer<typeof Tagged>

/** A video track as it is worked with: `interpreted`. */
export const VideoStream = Tagged.extend({
  /** How colours are read; guessed by size where nobody says it (`isColourGuessed`). */
  matrix: ColourMatrix,
  range: ColourRange,
  isColourGuessed: z.boolean(),
})
export type VideoStream = z.infer<typeof VideoStream>

/** What a track is for, by its container: ffmpeg's names. */
export const TrackRole = z.enum([
  ...(['default', 'comment', 'forced', 'hearing_impaired', 'visual_impaired', 'original', 'dub'] as const),
])
export type TrackRole = z.infer<typeof TrackRole>

export const AudioStream = z.object({
  index: z.number().int().nonnegative(),
  codec: z.string(),
  channels: z.number().int().positive(),
  sampleRate: z.number().int().positive(),
  language: z.string().optional(),
  title: z.string().optional(),
  roles: z.array(TrackRole).default([]),
})
export type AudioStream = z.infer<typeof AudioStream>

/** One of several video tracks of a file that are films. */
export const Film = z.object({
  index: z.number().int().nonnegative(),
  codec: z.string(),
  width: z.number().int().nonnegative(),
  height: z.number().int().nonnegative(),
  seconds: z.number().nonnegative().optional(),
  title: z.string().optional(),
})
export type Film = z.infer<typeof Film>

export const Chapter = z.object({ from: z.number(), to: z.number(), title: z.string() })
export type Chapter = z.infer<typeof Chapter>

export const Source = z.object({
  id: SourceId,
  fingerprint: Fingerprint,
  path: z.string(),
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  /** When its file was changed last, as it was opened: another date says that somebody should look again, no more. */
  modifiedMs: z.number(),
  container: z.string(),
  durationSeconds: z.number().nonnegative(),
  /** Stream timestamps of the file start here (seconds). Times elsewhere in the app count from 0 = the first video frame. */
  startSeconds: z.number(),
  tagged: Tagged,
  interpretation: Interpretation,
  /** What follows from these two. */
  video: VideoStream,
  audio: z.array(AudioStream),
  /** Streams that are neither picture nor sound, as short words ("data gpmd", "subtitle hdmv_pgs_subtitle", "timecode 01:02:03:04"). */
  others: z.array(z.string()),
  chapters: z.array(Chapter),
  /** Capture date as the file tells it, ISO 8601; undefined when it does not. */
  createdAt: z.string().optional(),
  /** Container tags worth carrying (title, location, make, model, ...). */
  tags: z.record(z.string(), z.string()),
  /** Sentences a person should see: what is odd about the file. */
  warnings: z.array(Message),
  /** The file that its frames are read from, where its own is a Keepsake photo: kept in the cache. */
  picture: z.string().optional(),
  /** Bytes that must be read to find all of its tracks, where the container has no list of them and the usual look is too short. */
  lookBytes: z.number().int().positive().optional(),
  /** The films in the file, where there are several; `video` is one of them. */
  films: z.array(Film).optional(),
})
export type Source = z.infer<typeof Source>

/** A recording in a joined stream, with a clock of its own. */
export const Section = z.object({
  /** Its first frame, and that frame's timestamp in the file. */
  frame: z.number().int(),
  start: z.number().int(),
  /** Where it lies in the file. */
  bytes: z.object({ from: z.number().int(), to: z.number().int() }),
  /** By index of a stream in the file: its index when the section is opened alone, -1 when it is not there. */
  streams: z.array(z.number().int()),
  /** Its pictures have another size or shape than the first recording's, into which they are fitted. */
  isReshaped: z.boolean().optional(),
})
export type Section = z.infer<typeof Section>

/**
 * The timestamps of the frames that decoding yields, in order, in ticks of `timeBase`, first frame 0; read by frameTable.ts.
 * Interlaced sources yield one frame per field. `lastTicks` is how long the last frame is shown.
 */
export const FrameTable = z.object({
  timeBase: Rational,
  /** One number per frame, rising. */
  frames: z.array(Run),
  lastTicks: z.number().int().positive(),
  /** Timestamp of frame 0 in the file itself, in ticks of `timeBase`. */
  start: z.number().int(),
  /** Frames at which decoding may begin. Empty: the timestamps cannot be trusted, decoding counts from the first frame. */
  keyFrames: z.array(Run),
  /** One number per frame: timestamps as the decoder gives them, where some are wrong or not there. Frames are then told apart by their order. */
  raw: z.array(SparseRun).optional(),
  /** When the clock starts over: the recordings one after the other, the first one included. `start` and `raw` are then theirs. */
  sections: z.array(Section).optional(),
  /** Sentences a person should see: what was wrong with the timestamps, and where. */
  notes: z.array(Message).optional(),
})
export type FrameTable = z.infer<typeof FrameTable>

/** The track that a player takes. */
export const mainTrack = (tracks: readonly AudioStream[]): AudioStream | undefined =>
  tracks.find((track) => track.roles.includes('default')) ?? tracks[0]

export const isInterlaced = (video: VideoStream): boolean =>
  video.fieldOrder === 'tff' || video.fieldOrder === 'bff'

/** Untagged: standard definition is 601, anything larger 709 (what players do). */
const likelyMatrix = ({ width, height }: Tagged): VideoStream['matrix'] =>
  Math.min(width, height) <= 576 && Math.max(width, height) <= 1024 ? 'bt601' : 'bt709'

/** What a track is worked with as. Throws a RangeError for a crop and a frame rate: no reader takes these yet. */
export function interpreted(tagged: Tagged, interpretation: Interpretation): VideoStream {
  const { fields, pixelAspect, matrix = tagged.matrix, range, rotation, crop, frameRate } = interpretation
  if (crop ?? frameRate) throw new RangeError('a source is not cropped and not given another rate')
  return {
    ...tagged,
    fieldOrder: fields ?? tagged.fieldOrder,
    sampleAspect: pixelAspect ?? tagged.sampleAspect,
    rotation: rotation ?? tagged.rotation,
    matrix: matrix ?? likelyMatrix(tagged),
    range: range ?? tagged.range ?? 'limited',
    isColourGuessed: matrix === undefined,
  }
}

/** The same, without what the file says itself: two that read a file alike are one. */
export function distilled(tagged: Tagged, interpretation: Interpretation): Interpretation {
  const asTagged = JSON.stringify(interpreted(tagged, {}))
  const telling = Object.entries(interpretation).filter(
    ([key, value]) =>
      value !== undefined && JSON.stringify(interpreted(tagged, { [key]: value })) !== asTagged,
  )
  return Object.fromEntries(telling)
}

/** The same file read otherwise. Other frames come of it, so it is a source of its own, with its own table, pictures and previews. */
export const readOtherwise = (source: Source, id: SourceId, interpretation: Interpretation): Source => ({
  ...source,
  ...{ id, interpretation, video: interpreted(source.tagged, interpretation) },
})

/** Its fields are taken apart because a person said so. */
export const isTakenApart = ({ interpretation, video }: Source): boolean =>
  interpretation.fields !== undefined && isInterlaced(video)

/** Pictures by what the picture itself shows: interlaced (which field came first), or whole. Undecided ones are not counted. */
export const FieldCounts = z.object({
  top: z.number().int().nonnegative(),
  bottom: z.number().int().nonnegative(),
  whole: z.number().int().nonnegative(),
})
export type FieldCounts = z.infer<typeof FieldCounts>

/** Which field came first, if the pictures are interlaced; top, as most are, where that cannot be seen. */
export const firstField = ({ top, bottom }: FieldCounts): 'tff' | 'bff' => (bottom > top ? 'bff' : 'tff')

/** Most pictures are interlaced in one order. Sharp edges that move up or down look so too, but now in one order, now in the other. */
export const showsInterlacing = ({ top, bottom, whole }: FieldCounts): boolean =>
  Math.max(top, bottom) > 2 * (Math.min(top, bottom) + whole)

/** The picture as a person sees it: square pixels, upright, even sizes. Narrow pixels are widened, wide ones too: nothing is thrown away vertically. */
export function displaySize(video: VideoStream): { width: number; height: number } {
  const even = (n: number): number => Math.max(2, 2 * Math.round(n / 2))
  const aspect = video.sampleAspect
  const wide = aspect.num === aspect.den ? video.width : (video.width * aspect.num) / aspect.den
  const [width, height] = video.rotation % 180 === 0 ? [wide, video.height] : [video.height, wide]
  return { width: even(width), height: even(height) }
}

/** "640×480", for people. */
export const sizeWords = ({ width, height }: { width: number; height: number }): string =>
  `${width}×${height}`

/** Models work on no smaller pictures. */
const smallest = 16

/** The picture as it is worked on: smaller ones get their edge repeated to the right and below, which is cut off again at the end. */
export function workingSize(video: VideoStream): { width: number; height: number } {
  const { width, height } = displaySize(video)
  return { width: Math.max(smallest, width), height: Math.max(smallest, height) }
}

/** Rate of the frames that decoding yields: doubled for interlaced sources. */
export const outputRate = (video: VideoStream): Rational =>
  isInterlaced(video) ? multiply(video.frameRate, rational(2)) : video.frameRate

/** A picture file: it has no neighbours, no time and no sound. */
export const isStill = (source: Pick<Source, 'container'>): boolean =>
  source.container.split(',').some((name) => name.endsWith('_pipe') || name === 'heic')
