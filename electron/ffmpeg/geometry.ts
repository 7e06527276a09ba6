// The filters that make a stored picture upright, square and progressive. One chain for frames, pictures and proxies.
import { VideoStream, displaySize, isInterlaced, workingSize } from '../shared/media/source.js'
import { FrameFormat, pixelFormat, planes } from './format.js'
import { pixelKind } from './pixelFormats.js'

/** ffmpeg's words for the scale filter and for tags. */
export const matrixName = { bt601: 'smpte170m', bt709: 'bt709', bt2020: 'bt2020' } as const
export const rangeName = { limited: 'limited', full: 'full' } as const

export const isSquare = (video: VideoStream): boolean => video.sampleAspect.num === video.sampleAspect.den
const isTurned = (video: VideoStream): boolean => video.rotation !== 0 || video.isMirrored

/**
 * What decode() yields: working size, source depth, the planar layout nearest to the stored one. Turning a picture whose
 * chroma does not sit in the middle would put it where no siting has a name, so chroma is brought to full size first.
 */
export function decodedFormat(video: VideoStream): FrameFormat {
  const { width, height } = workingSize(video)
  const chroma = video.chroma === '411' ? '422' : video.chroma
  const mustSpread =
    isTurned(video) &&
    chroma !== 'gray' &&
    chroma !== '444' &&
    !(chroma === '420' && video.siting === 'center')
  return {
    width,
    height,
    bits: video.bits,
    chroma: mustSpread ? '444' : chroma,
    siting: video.siting,
    matrix: video.matrix,
    range: video.range,
  }
}

/** Chroma position for the scale filter, in 1/256 of a luma sample; only for subsampled directions. */
function position(side: 'in' | 'out', chroma: string, siting: VideoStream['siting']): string[] {
  const options: string[] = []
  if (chroma !== '444' && chroma !== 'gray')
    options.push(`${side}_h_chr_pos=${siting === 'center' ? 128 : 0}`)
  if (chroma === '420') options.push(`${side}_v_chr_pos=${siting === 'topleft' ? 0 : 128}`)
  return options
}

const turns: Record<VideoStream['rotation'], string[]> = {
  0: [],
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
}

/** Pictures of another size or shape, brought into the first one between black bars; `iw`, `ih` and `sar` are those of every single picture. */
function fitted(video: VideoStream): string {
  const { width, height, sampleAspect } = video
  const change = `(iw*sar/ih*${height * sampleAspect.den}/${width * sampleAspect.num})`
  const side = (full: number, share: string): string =>
    `'min(${full},max(2,2*round(${full}*min(1,${share})/2)))'`
  const size = `w=${side(width, change)}:h=${side(height, `1/${change}`)}`
  const fields = isInterlaced(video) ? ':interl=1' : ''
  return `scale=${size}:eval=frame${fields},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:eval=frame`
}

interface Size {
  width: number
  height: number
}

/** More columns and rows to the right and below: copies of the last. ffmpeg fills no more than half of a picture at once. */
export function widened(from: Size, to: Size): string[] {
  if (from.width === to.width && from.height === to.height) return []
  const [width, height] = [Math.min(to.width, 2 * from.width), Math.min(to.height, 2 * from.height)]
  const borders = `right=${width - from.width}:bottom=${height - from.height}`
  return [
    ...[`pad=${width}:${height}:0:0`, `fillborders=${borders}:mode=smear`],
    ...widened({ width, height }, to),
  ]
}

/** The same from an odd size to the next even one: every plane by itself, because `pad` cuts odd sizes to whole samples of chroma. */
function evened(from: Size, to: Size, layout: Pick<FrameFormat, 'bits' | 'chroma'>): string[] {
  if (from.width === to.width && from.height === to.height) return []
  if (layout.chroma === 'gray' || layout.chroma === '444') return widened(from, to)
  const [before, after] = [from, to].map((size) => planes({ ...layout, ...size }))
  const chains = ['y', 'u', 'v'].map((plane, i) => {
    const [own, next] = [before?.[i] ?? from, after?.[i] ?? to]
    return `[${plane}]${[...widened(own, next), 'null'].join(',')}[${plane}1]`
  })
  return [
    [
      'extractplanes=y+u+v[y][u][v]',
      ...chains,
      `[y1][u1][v1]mergeplanes=0x001020:${pixelFormat(layout)}`,
    ].join(';'),
  ]
}

/** Without what lies to the right and below of a size. */
export const cropped = (from: Size, to: Size): string[] =>
  from.width === to.width && from.height === to.height ? [] : [`crop=${to.width}:${to.height}:0:0`]

/** A frame for each field. */
const deinterlaced = ({ fieldOrder }: VideoStream): string =>
  `bwdif=mode=send_field:parity=${fieldOrder}:deint=all`

/** From stored frames to `decodedFormat`. Matrix and range stay as the Source tells them; RGB is brought to them. */
export function upright(video: VideoStream): string[] {
  const format = decodedFormat(video)
  const filters: string[] = []
  // A stream that changes its size in the middle is brought back to the one that was announced; else this does nothing.
  filters.push(video.changesShape ? fitted(video) : `scale=${video.width}:${video.height}`)
  if (isInterlaced(video)) filters.push(deinterlaced(video))

  const shown = displaySize(video)
  const flat = video.rotation % 180 === 0 ? shown : { width: shown.height, height: shown.width }
  const pixels = pixelFormat(format)
  // Square pixels of an odd size get one more column or row, a copy of the last, instead of a resampled picture.
  const wide = Math.max(
    2,
    2 * Math.round((video.width * video.sampleAspect.num) / video.sampleAspect.den / 2),
  )
  const scaled = isSquare(video)
    ? { width: video.width, height: video.height }
    : { width: Math.min(flat.width, wide), height: Math.min(flat.height, 2 * Math.round(video.height / 2)) }
  const isRgb = pixelKind(video.pixelFormat).isRgb
  const colours = isRgb
    ? [`out_color_matrix=${matrixName[video.matrix]}`, `out_range=${rangeName[video.range]}`]
    : [`in_range=${rangeName[video.range]}`, `out_range=${rangeName[video.range]}`]
  const places = isRgb
    ? []
    : [...position('in', video.chroma, video.siting), ...position('out', format.chroma, video.siting)]
  filters.push(
    [
      'scale=' + `${scaled.width}:${scaled.height}`,
      'flags=bicubic+accurate_rnd+full_chroma_int',
      ...colours,
      ...places,
    ].join(':'),
    `format=${pixels}`,
  )
  filters.push(...evened(scaled, flat, format), ...turns[video.rotation])
  if (video.isMirrored) filters.push('hflip')
  filters.push(...widened(shown, format), 'setsar=1')
  return filters
}

/** Fewer lines than this are of no interlaced film. */
const fewestLines = 96

/**
 * Small grey frames whose lines are those that are stored, so that each is still of one field; fields that are taken apart are one frame each. `width`: at most so
 * many columns. Very small frames come whole times as large.
 */
export function storedLines(video: VideoStream, width: number): { format: FrameFormat; filters: string[] } {
  const { range, matrix, siting } = video
  const times = Math.ceil(fewestLines / Math.min(fewestLines, video.height))
  const [columns, lines] = [Math.min(width, times * video.width), times * video.height]
  return {
    format: { width: columns, height: lines, bits: 8, chroma: 'gray', siting, matrix, range },
    filters: [
      video.changesShape ? fitted(video) : `scale=${video.width}:${video.height}`,
      ...(isInterlaced(video) ? [deinterlaced(video)] : []),
      `scale=${columns}:${lines}:flags=${times > 1 ? 'neighbor' : 'area'}`,
      'format=gray',
    ],
  }
}

/** Turn (clockwise) and mirror of a display matrix: x' = a x + c y, y' = b x + d y. */
export function orientation(matrix: string | undefined): Pick<VideoStream, 'rotation' | 'isMirrored'> {
  const rows = (matrix ?? '')
    .split('\n')
    .map((line) => /:\s+(-?\d+)\s+(-?\d+)/.exec(line)?.slice(1).map(Number))
    .filter((row) => row !== undefined)
  const [a = 1, b = 0] = rows[0] ?? []
  const [c = 0, d = 1] = rows[1] ?? []
  const isMirrored = a * d - b * c < 0
  const degrees = (Math.atan2(b, isMirrored ? -a : a) * 180) / Math.PI
  const turn = (((Math.round(degrees / 90) * 90) % 360) + 360) % 360
  return { rotation: turn as VideoStream['rotation'], isMirrored }
}
