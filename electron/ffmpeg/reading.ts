// How the file of a source is given to ffmpeg: with the far look that found its tracks, where the usual one does not find them.
import { Source } from '../shared/media/source.js'
import { inputArguments } from './run.js'

/** Containers without a list of tracks show one when its first packet comes: so far is read for it. */
export const farLook = (bytes: number): string[] => [
  ...['-probesize', String(bytes)],
  ...['-analyzeduration', '100000000000'], // microseconds: only the bytes are a limit
]

export const readArguments = ({ path, lookBytes }: Pick<Source, 'path' | 'lookBytes'>): string[] => [
  ...(lookBytes === undefined ? [] : farLook(lookBytes)),
  ...inputArguments(path),
]
