// Whether a stream is scrambled, by the marks that its packets carry in the clear. Reads a piece of the file; breaks nothing.
import { Box, boxes, readIndex } from './boxes.js'
import { openFile } from './openFile.js'

const pieceBytes = 4_000_000
const packetBytes = 188

/** MPEG-TS: transport_scrambling_control of most packets that carry something. */
export function isScrambled(data: Buffer): boolean {
  let [scrambled, clear] = [0, 0]
  const stride = [188, 192, 204].find((size) =>
    [0, 1, 2, 3].every((n) => data[firstSync(data, size) + n * size] === 0x47),
  )
  if (stride === undefined) return false
  for (let at = firstSync(data, stride); at + packetBytes <= data.length; at += stride) {
    const [sync = 0, high = 0, low = 0, control = 0] = data.subarray(at, at + 4)
    const pid = ((high & 0x1f) << 8) | low
    if (sync !== 0x47 || pid < 0x20 || pid === 0x1fff || (control & 0x10) === 0) continue
    if (control >> 6 >= 2) scrambled++
    else clear++
  }
  return scrambled > clear
}

function firstSync(data: Buffer, stride: number): number {
  for (let at = 0; at < stride; at++)
    if (data[at] === 0x47 && data[at + stride] === 0x47 && data[at + 2 * stride] === 0x47) return at
  return 0
}

/** MPEG programs (DVD): PES_scrambling_control of most video packets. */
export function isScrambledProgram(data: Buffer): boolean {
  let [scrambled, clear] = [0, 0]
  for (
    let at = data.indexOf(startCode);
    at >= 0 && at + 7 < data.length;
    at = data.indexOf(startCode, at + 3)
  ) {
    const [id = 0, flags = 0] = [data[at + 3], data[at + 6]]
    if (id < 0xe0 || id > 0xef || flags >> 6 !== 2) continue
    if (((flags >> 4) & 3) !== 0) scrambled++
    else clear++
  }
  return scrambled > clear
}
const startCode = Buffer.from([0, 0, 1])

/** The kinds of the tracks' samples in an MP4 or QuickTime file, in the order of its tracks: `encv`, `enca` are encrypted. */
export async function sampleKinds(path: string): Promise<string[]> {
  const index = await readIndex(path)
  return index ? kindsIn(index) : []
}

function kindsIn(index: Buffer): string[] {
  const inside = (box: Box, type: string): Box[] =>
    boxes(index, box.start, box.end).filter((inner) => inner.type === type)
  return boxes(index)
    .filter(({ type }) => type === 'trak')
    .map((track) => {
      const [list] = ['mdia', 'minf', 'stbl', 'stsd'].reduce<Box[]>(
        (found, type) => found.flatMap((box) => inside(box, type)),
        [track],
      )
      return list && list.start + 16 <= list.end
        ? index.toString('latin1', list.start + 12, list.start + 16)
        : ''
    })
}

export async function isEncrypted(path: string, container: string): Promise<boolean> {
  if (!/^mpeg(ts)?$/.test(container)) return false
  const file = await openFile(path)
  try {
    const piece = Buffer.alloc(pieceBytes)
    const { bytesRead } = await file.read(piece, 0, pieceBytes, 0)
    const data = piece.subarray(0, bytesRead)
    return container === 'mpegts' ? isScrambled(data) : isScrambledProgram(data)
  } finally {
    await file.close()
  }
}
