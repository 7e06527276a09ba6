// Whether pictures are missing where the clock of an MPEG stream leaps although its sound goes on: a picture that is only shown long is
// followed by one that fits it, and where some are lost the decoder misses what it needs. A few pictures around the leap are decoded.
import { phrase } from '../shared/words/sentences.js'
import type { Source } from '../shared/media/source.js'
import type { Listing } from './packets.js'
import type { Tools } from './resolve.js'
import { run } from './run.js'
import { sectionArguments, sectionStreams } from './sections.js'

/** What decoders say of pictures that lean on one that is not there, or of which a piece is missing. */
const missed =
  /reference (picture|frame)|co located|unref short failure|frame num gap|error while decoding|concealing|ac-tex damaged|invalid (mb|nal)|slice mismatch|end mismatch|warning mvs|bytestream|could not find ref/i
const shownPicture = /showinfo.*\bpts: *(-?\d+)/

/** Pictures before the leap from which decoding begins at least, and behind it to which it goes. */
const [before, behind] = [25, 40]
/** So many pictures off the leap a decoder speaks of it: it gives them later than it takes them. */
const near = 20

/** The bytes from a key picture well before the leap to some pictures behind it. */
function bytesAround(
  { pts, positions, isKey }: Listing,
  to: number,
  fileBytes: number,
): { from: number; to: number } {
  const at = pts.findIndex((stamp) => stamp >= to)
  const key = isKey.findLastIndex((is, i) => is && i <= at - before && !Number.isNaN(positions[i]))
  const end = positions.slice(at + behind).find((position) => !Number.isNaN(position))
  return { from: key < 0 ? 0 : (positions[key] ?? 0), to: end ?? fileBytes }
}

/** `from`, `to`: timestamps of the pictures before and behind it; `usual`: the step between others. Of a whole file only. */
export async function isLossAt(
  tools: Tools,
  source: Source,
  packets: Listing,
  leap: { from: number; to: number },
  usual: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const bytes = bytesAround(packets, leap.to, source.bytes)
  const { indices } = await sectionStreams(tools, source, { bytes }, signal)
  const stream = indices[source.video.index] ?? -1
  if (stream < 0) return false
  let [last, isLoss] = [NaN, false]
  const onLine = (line: string): void => {
    const shown = shownPicture.exec(line)
    if (shown) last = Number(shown[1])
    else if (missed.test(line) && last > leap.from - near * usual && last < leap.to + near * usual)
      isLoss = true
  }
  const child = run(
    tools.ffmpeg,
    [
      // One thread: pictures are told in the order in which the decoder speaks of them.
      ...['-hide_banner', '-nostdin', '-loglevel', 'repeat+info', '-threads', '1', '-copyts'],
      ...[...sectionArguments(source, { bytes }), '-map', `0:${stream}`],
      ...['-vf', 'showinfo=checksum=0', '-f', 'null', '-'],
    ],
    { what: phrase('doReadTimes', { name: source.name }), signal, onLine },
  )
  child.stdin.end()
  child.stdout.resume()
  await child.done.catch((error: unknown) => {
    if (signal?.aborted) throw error // else a piece that cannot be decoded alone says nothing
  })
  return isLoss
}
