// Picture files: told by their first bytes, not by their name, and read by the one reader that fits, so that a name such as
// "holiday%03d.jpg" is a file and not a numbered series.
import { open } from 'node:fs/promises'
import { z } from 'zod'
import { orientation } from './geometry.js'
import type { Tools } from './resolve.js'
import { inputArguments, runText } from './run.js'

const magics: readonly [reader: string, starts: (head: Buffer) => boolean][] = [
  ['jpeg_pipe', (head) => head.readUInt16BE(0) === 0xffd8 && head[2] === 0xff],
  ['png_pipe', (head) => head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n'],
  ['tiff_pipe', (head) => ['II*\0', 'MM\0*'].includes(head.toString('latin1', 0, 4))],
  [
    'webp_pipe',
    (head) => head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP',
  ],
  ['bmp_pipe', (head) => head.toString('latin1', 0, 2) === 'BM' && head.readUInt32LE(6) === 0],
  // Not every ffmpeg reads these; where it does, it takes them for a film of one picture.
  ['heic', (head) => /^ftyp(heic|heix|mif1|avif)$/.test(head.toString('latin1', 4, 12))],
]

/** ffmpeg's reader for a picture file, `heic` for one that its film reader may know; undefined for everything else. */
export async function stillFormat(path: string): Promise<string | undefined> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(16)
    await file.read(head, 0, head.length, 0)
    return magics.find(([, starts]) => starts(head))?.[0]
  } finally {
    await file.close()
  }
}

/** Arguments before the input that name its reader. */
export const readAs = (container: string): string[] => (container.endsWith('_pipe') ? ['-f', container] : [])

const Shown = z.looseObject({
  frames: z
    .array(
      z.looseObject({
        tags: z.record(z.string(), z.string()).optional(),
        side_data_list: z.array(z.looseObject({ displaymatrix: z.string().optional() })).optional(),
      }),
    )
    .default([]),
})

/** What only the decoder knows: how the camera was held, when and with what the picture was taken. No picture: undefined. */
export async function stillFacts(
  tools: Tools,
  path: string,
  container: string,
  signal?: AbortSignal,
): Promise<(ReturnType<typeof orientation> & { tags: Record<string, string> }) | undefined> {
  const text = await runText(
    tools.ffprobe,
    [
      ...[
        '-v',
        'error',
        '-select_streams',
        'v:0',
        '-show_frames',
        '-read_intervals',
        '%+#1',
        '-print_format',
        'json',
      ],
      ...[...readAs(container), ...inputArguments(path)],
    ],
    { what: 'read the photo', signal },
  )
  const parsed = Shown.safeParse(JSON.parse(text))
  const frame = parsed.success ? parsed.data.frames[0] : undefined
  if (!frame) return undefined
  const matrix = frame.side_data_list?.find((data) => data.displaymatrix !== undefined)?.displaymatrix
  return { ...orientation(matrix), tags: frame.tags ?? {} }
}
