// Clips that differ in all that clips can differ in.
import { beeping, make, numbered } from './kit.js'
import { turn } from './turn.js'

/** Interlaced, wide pixels (80x60 of square ones), 25 frames of two fields a second, mono at 48 kHz. */
export const tape = (at: string): string =>
  make(
    at,
    ...[...numbered(1, 25, '60x60'), ...beeping(1)],
    ...['-vf', 'setfield=tff,setsar=4/3', '-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ilme+ildct'],
    ...['-ac', '1', '-c:a', 'mp2', 'tape.mpg'],
  )
/** Held upright (54x96), 30 frames a second, full range, 709, stereo at 44.1 kHz. */
export function phone(at: string): string {
  const full = "lutyuv=y='round((val-16)*255/219)'" // ffmpeg 7 would cut off instead of rounding
  const named = 'setparams=range=full:colorspace=bt709:color_primaries=bt709:color_trc=bt709'
  const colour = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']
  make(
    at,
    ...[...numbered(1, 30, '96x54'), ...beeping(1)],
    ...['-vf', `${full},${named}`, '-color_range', 'pc', ...colour],
    ...['-c:v', 'libx264', '-qp', '4', '-ac', '2', '-ar', '44100', '-c:a', 'aac', 'flat.mp4'],
  )
  return turn(make(at, '-i', 'flat.mp4', '-c', 'copy', 'phone.mp4'), 90)
}
/** 24 frames a second, of the tape's size as it is shown, silent. */
export const silent = (at: string): string =>
  make(at, ...numbered(1, 24, '80x60'), '-c:v', 'libx264', '-qp', '4', 'silent.mp4')
