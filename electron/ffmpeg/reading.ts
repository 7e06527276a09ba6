// How the file of a source is given to ffmpeg: by the reader that it needs, and with the far look that found its
// tracks, where the usual one does not find them.
import { Source } from '../shared/media/source.js'
import { inputArguments } from './run.js'

/** Containers without a list of tracks show one when its first packet comes: so far is read for it. */
export const farLook = (bytes: number): string[] => [
  ...['-probesize', String(bytes)],
  ...['-analyzeduration', '100000000000'], // microseconds: only the bytes are a limit
]

/** A picture file is read by the one reader that fits its first bytes, so that its name says nothing (still.ts). */
export const readAs = (container: string): string[] => (container.endsWith('_pipe') ? ['-f', container] : [])

export const readArguments = ({
  path,
  picture,
  container,
  lookBytes,
}: Pick<Source, 'path' | 'picture' | 'container' | 'lookBytes'>): string[] => [
  ...readAs(container),
  ...(lookBytes === undefined ? [] : farLook(lookBytes)),
  ...inputArguments(picture ?? path),
]
