// What ffmpeg's pixel format names mean, and which planar YUV layout is nearest to each.
import { VideoStream } from '../shared/media/source.js'

export interface PixelKind {
  bits: number
  chroma: VideoStream['chroma']
  isRgb: boolean
  /** The old full-range names (yuvj420p ...). */
  isFullRange: boolean
}

/** Packed and semi-planar names that do not spell their layout out. */
const special: Record<string, [bits: number, chroma: VideoStream['chroma']]> = {
  nv12: [8, '420'],
  nv21: [8, '420'],
  nv16: [8, '422'],
  nv20le: [10, '422'],
  nv24: [8, '444'],
  nv42: [8, '444'],
  p010le: [10, '420'],
  p012le: [12, '420'],
  p016le: [16, '420'],
  p210le: [10, '422'],
  p216le: [16, '422'],
  p410le: [10, '444'],
  p416le: [16, '444'],
  yuyv422: [8, '422'],
  uyvy422: [8, '422'],
  yvyu422: [8, '422'],
  y210le: [10, '422'],
  y212le: [12, '422'],
  uyyvyy411: [8, '411'],
  vuya: [8, '444'],
  xv30le: [10, '444'],
  xv36le: [12, '444'],
  ayuv64le: [16, '444'],
  xyz12le: [12, '444'],
}

/** Any depth that the engine does not know becomes the next one it does. */
const knownBits = (bits: number): number => [8, 10, 12, 14, 16].find((known) => known >= bits) ?? 16

export function pixelKind(name: string): PixelKind {
  const isFullRange = name.startsWith('yuvj')
  const planar = /^yuv[aj]?(420|422|444|411|440|410)p(\d+)?(?:le|be)?$/.exec(name)
  if (planar) {
    const chroma = planar[1] === '440' ? '444' : planar[1] === '410' ? '420' : planar[1]
    return {
      bits: knownBits(Number(planar[2] ?? 8)),
      chroma: chroma as VideoStream['chroma'],
      isRgb: false,
      isFullRange,
    }
  }
  const gray = /^(?:gray|ya)(\d+)?(f32)?/.exec(name)
  if (gray)
    return {
      bits: gray[2] ? 16 : knownBits(Number(gray[1] ?? 8)),
      chroma: 'gray',
      isRgb: false,
      isFullRange: false,
    }
  if (name.startsWith('mono')) return { bits: 8, chroma: 'gray', isRgb: false, isFullRange: false }
  const known = special[name]
  if (known) return { bits: known[0], chroma: known[1], isRgb: false, isFullRange: false }
  // Everything else is RGB in some order: rgb24, bgra, gbrp10le, rgb48le, x2rgb10le, pal8, bayer ...
  const depth = /f32|48|64/.test(name)
    ? 16
    : Number(/gbra?p(\d+)/.exec(name)?.[1] ?? (name.startsWith('x2') ? 10 : 8))
  return { bits: knownBits(depth), chroma: '444', isRgb: true, isFullRange: false }
}
