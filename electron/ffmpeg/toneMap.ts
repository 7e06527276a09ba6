// High dynamic range and wide colours brought down to what every screen shows.
import type { VideoStream } from '../shared/media/source.js'
import type { FrameFormat } from './format.js'

/** As a source is tagged. */
export type Colour = Pick<VideoStream, 'primaries' | 'transfer'>

const isHdr = ({ transfer }: Colour): boolean => transfer === 'arib-std-b67' || transfer === 'smpte2084'
const isWide = ({ primaries }: Colour): boolean => primaries === 'bt2020'

/** So far from an ordinary picture that its values mean something else: it needs `toneMap`, and that needs ffmpeg's zscale. */
export const isFar = ({ matrix }: Pick<FrameFormat, 'matrix'>, colour: Colour): boolean =>
  matrix === 'bt2020' && (isHdr(colour) || isWide(colour))

/** To RGB of 16 bits, in the colours of sRGB: light is made linear, the brightest parts are rolled off, the rest keeps its brightness. */
export function toneMap({ range }: Pick<FrameFormat, 'range'>, colour: Colour): string[] {
  // Said by the frame itself: zscale's own "in" options find no way from a frame that says nothing.
  const read = [
    `setparams=range=${range}:colorspace=bt2020nc:color_primaries=bt2020`,
    `color_trc=${isHdr(colour) ? (colour.transfer ?? 'bt709') : 'bt709'}`,
  ].join(':')
  const roll = isHdr(colour) ? ['tonemap=tonemap=mobius:desat=0'] : []
  return [
    read,
    'zscale=transfer=linear:npl=203',
    'format=gbrpf32le',
    'zscale=primaries=709',
    ...roll,
    `zscale=transfer=${isHdr(colour) ? 'iec61966-2-1' : '709'}:matrix=gbr:range=full`,
    'format=gbrp16le',
  ]
}
