// Whether a file was the same all the while it was read. A drive that drops out for a moment leaves ends that are none, and most readers
// take them for the end without a word.
import { stat } from 'node:fs/promises'
import { failing } from '../shared/contract/errors.js'
import type { Source } from '../shared/media/source.js'
import { isSameFile } from './fingerprint.js'
import { openFile } from './openFile.js'
import { cancelled } from './run.js'

/** What ffmpeg says on stderr, even when it then ends well. A file that was cut off brings it to say the same. */
export const readErrorWords =
  /input\/output error|i\/o error|read error|partial file|stale (nfs )?file handle|timed out|file ended prematurely/i

async function factsOf({ path, name }: Source) {
  return stat(path).catch((cause: unknown) => {
    throw failing('source-vanished', 'sourceAway', { name, path }, { cause })
  })
}

/** Fails when the file is gone or is no longer the one that was probed. */
export async function checkUnchanged(source: Source): Promise<void> {
  await factsOf(source) // it is there
  if (!(await isSameFile(source.path, source)))
    throw failing('source-unreadable', 'sourceChanged', { name: source.name })
}

/** Resolves to a question to be asked later, which fails when a file was touched since, be it now as it was before. */
export async function watchFiles(sources: readonly Source[]): Promise<() => Promise<void>> {
  const touch = async (source: Source): Promise<string> => {
    await checkUnchanged(source)
    const { dev, ino, ctimeMs } = await factsOf(source)
    return [dev, ino, ctimeMs].join()
  }
  const before = new Map<Source, string>()
  for (const source of sources) before.set(source, await touch(source))
  return async () => {
    for (const [source, known] of before)
      if ((await touch(source)) !== known)
        throw failing('source-unreadable', 'sourceUnsteady', { name: source.name })
  }
}

const pieceBytes = 4 << 20

/** Every byte of the file once: a disk that cannot give one fails here, whatever ffmpeg made of it. */
export async function readThrough(source: Source, signal?: AbortSignal): Promise<void> {
  const file = await openFile(source.path)
  try {
    const piece = Buffer.alloc(pieceBytes)
    for (let at = 0; at < source.bytes;) {
      if (signal?.aborted) throw cancelled()
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      if (bytesRead === 0) throw new Error('the file ended')
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}
