// The layout of one raw picture in the engine's words, and its names in ffmpeg's.
import { VideoStream } from '../shared/media/source.js'
import { fault } from '../shared/contract/errors.js'

/** Planar YUV, planes Y, U, V tightly packed; samples above 8 bit are 16-bit little-endian, low-aligned. */
export interface FrameFormat {
  width: number
  height: number
  bits: number
  chroma: '420' | '422' | '444' | 'gray'
  siting: VideoStream['siting']
  matrix: VideoStream['matrix']
  range: VideoStream['range']
}

export interface Plane {
  width: number
  height: number
  /** Where it starts in the frame, bytes. */
  offset: number
}

export const bytesPerSample = (format: Pick<FrameFormat, 'bits'>): number => (format.bits > 8 ? 2 : 1)

/** The planes of one frame; odd sizes round chroma up. */
export function planes(format: Pick<FrameFormat, 'width' | 'height' | 'bits' | 'chroma'>): Plane[] {
  const { width, height, chroma } = format
  const size = bytesPerSample(format)
  const luma = { width, height, offset: 0 }
  if (chroma === 'gray') return [luma]
  const chromaWidth = chroma === '444' ? width : Math.ceil(width / 2)
  const chromaHeight = chroma === '420' ? Math.ceil(height / 2) : height
  const lumaBytes = width * height * size
  const chromaBytes = chromaWidth * chromaHeight * size
  return [
    luma,
    { width: chromaWidth, height: chromaHeight, offset: lumaBytes },
    { width: chromaWidth, height: chromaHeight, offset: lumaBytes + chromaBytes },
  ]
}

export const bytesPerFrame = (format: Pick<FrameFormat, 'width' | 'height' | 'bits' | 'chroma'>): number =>
  planes(format).reduce((sum, plane) => sum + plane.width * plane.height * bytesPerSample(format), 0)

/** ffmpeg's name for the layout: yuv420p, yuv422p10le, gray12le ... */
export function pixelFormat(format: Pick<FrameFormat, 'bits' | 'chroma'>): string {
  const { bits, chroma } = format
  if (![8, 9, 10, 12, 14, 16].includes(bits) || (chroma === 'gray' && bits === 9))
    throw fault('internal', `There is no pixel format with ${bits} bits and ${chroma} chroma.`)
  const depth = bits === 8 ? '' : `${bits}le`
  return chroma === 'gray' ? `gray${depth}` : `yuv${chroma}p${depth}`
}
