// One row of the report of an export, and the facts of a picture as rows.
import { ReportRow } from '../shared/contract/report.js'
import { Phrase, phrase, SentenceKey, Words } from '../shared/words/sentences.js'
import { Source, VideoStream, displaySize, isInterlaced, sizeWords } from '../shared/media/source.js'

export type State = ReportRow['state']

/** Tags may be books. */
export const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text)

const words = (cell: Words | string): Words =>
  typeof cell === 'string' ? (cell === '' ? [] : [short(cell)]) : cell

const isEqual = (a: Words, b: Words): boolean => JSON.stringify(a) === JSON.stringify(b)

export interface Rowed {
  values?: Phrase['values']
  isSame?: boolean
  /** Of a difference that is meant. */
  why?: SentenceKey[]
}

/** `differing`: its state where it is not the same. */
export function row(
  key: SentenceKey,
  before: Words | string,
  after: Words | string,
  differing: State,
  { values = {}, isSame, why = [] }: Rowed = {},
): ReportRow {
  const [source, output] = [words(before), words(after)]
  const state = (isSame ?? isEqual(source, output)) ? 'same' : differing
  return {
    what: { key, values },
    source,
    output,
    state,
    why: state !== 'planned' ? [] : why.map((k) => phrase(k)),
  }
}

export const seconds = (s: number, digits = 2): Phrase => phrase('cellSeconds', { n: s.toFixed(digits) })
export const nearly = (a: number, b: number, within: number): boolean => Math.abs(a - b) <= within

/** As people call them; others as ffmpeg does. */
const codecNames: Readonly<Record<string, string>> = {
  ...{ h264: 'H.264', hevc: 'H.265', av1: 'AV1', prores: 'ProRes', ffv1: 'FFV1', vp8: 'VP8', vp9: 'VP9' },
  ...{ mpeg1video: 'MPEG-1', mpeg2video: 'MPEG-2', mpeg4: 'MPEG-4', dvvideo: 'DV', mjpeg: 'Motion JPEG' },
  ...{ aac: 'AAC', mp2: 'MP2', mp3: 'MP3', ac3: 'AC-3', eac3: 'E-AC-3', alac: 'ALAC', flac: 'FLAC' },
  ...{ opus: 'Opus', vorbis: 'Vorbis', dts: 'DTS', truehd: 'TrueHD', wmav2: 'WMA', h263: 'H.263' },
}
export const codecName = (codec: string): string =>
  codecNames[codec] ?? (/^pcm_/.test(codec) ? `PCM (${codec.slice(4)})` : codec)

const fieldWords: Record<VideoStream['fieldOrder'], SentenceKey> = {
  ...{ progressive: 'cellWhole', unknown: 'cellWhole', tff: 'cellTopFirst', bff: 'cellBottomFirst' },
}

/** What the source does not say cannot be lost. */
function isSameColour(before: VideoStream, after: VideoStream): boolean {
  const isKept = (key: 'primaries' | 'transfer'): boolean =>
    before[key] === undefined || before[key] === after[key]
  return (
    before.matrix === after.matrix &&
    before.range === after.range &&
    isKept('primaries') &&
    isKept('transfer')
  )
}

function colours(video: VideoStream, isWhole: boolean): Words {
  const { matrix, range, primaries, transfer } = video
  return [
    ...[matrix.replace('bt', 'BT.'), phrase(range === 'full' ? 'cellFull' : 'cellLimited')],
    ...(isWhole ? [primaries ?? [], transfer ?? []].flat() : []),
  ]
}

const chromaNames: Record<VideoStream['chroma'], string> = {
  ...{ '420': '4:2:0', '422': '4:2:2', '444': '4:4:4', '411': '4:1:1', gray: '4:0:0' },
}

/** The same rows in the same order for every source. `isComposed`: it was brought to the size and the colours of its film. */
export function pictureRows(source: Source, made: Source, isComposed = false): ReportRow[] {
  const [before, after] = [source.video, made.video]
  const [was, is] = [displaySize(before), displaySize(after)]
  const shape = (video: VideoStream): string => `${video.sampleAspect.num}:${video.sampleAspect.den}`
  const turn = (video: VideoStream): Words => [
    `${video.rotation}°`,
    ...(video.isMirrored ? [phrase('cellMirrored')] : []),
  ]
  const depth = (video: VideoStream): Words => [
    phrase('cellBits', { bits: video.bits }),
    chromaNames[video.chroma],
  ]
  const fields = (video: VideoStream): Words => [
    phrase(isInterlaced(video) ? fieldWords[video.fieldOrder] : 'cellWhole'),
  ]
  const isSame = isSameColour(before, after)
  const isUpright = after.rotation === 0 && !after.isMirrored
  const fit = before.changesShape ? [phrase('cellShapes')] : []
  return [
    row('reportSize', [sizeWords(was), ...fit], sizeWords(is), 'planned', {
      why: [before.changesShape ? 'whyShapes' : isComposed ? 'whyFitted' : 'whyChosen'],
    }),
    row('reportPixels', shape(before), shape(after), shape(after) === '1:1' ? 'planned' : 'lost', {
      why: ['whySquare'],
    }),
    row('reportTurn', turn(before), turn(after), isUpright ? 'planned' : 'lost', { why: ['whyUpright'] }),
    row('reportFields', fields(before), fields(after), isInterlaced(after) ? 'lost' : 'planned', {
      why: ['whyFields'],
    }),
    row('reportVideo', codecName(before.codec), codecName(after.codec), 'planned', { why: ['whyChosen'] }),
    row('reportDepth', depth(before), depth(after), 'planned', { why: ['whyDepth'] }),
    row('reportColour', colours(before, !isSame), colours(after, !isSame), isComposed ? 'planned' : 'lost', {
      isSame,
      why: ['whyFilmColour'],
    }),
  ]
}
