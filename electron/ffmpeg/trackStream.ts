// One sound track of a whole source, from its first frame on, as one stream: silence where it has gaps, the recordings of a joined
// file one after the other, each by its own clock, and of an edit list what it plays, to the sample.
import { durationOf, stretches } from '../shared/media/frameTable.js'
import type { FrameTable, Source } from '../shared/media/source.js'
import { cutChains } from './cutSound.js'
import { type Edit, editLists } from './editList.js'
import { readArguments } from './reading.js'
import { sectionArguments } from './sections.js'

export interface TrackStream {
  /** Arguments of ffmpeg's input files; the first one is its input `at`. */
  inputs: string[]
  /** -filter_complex that ends in [heard]. */
  filter: string
}

interface Wanted {
  track: number
  at: number
  rate: number
  layout: 'mono' | 'stereo'
}

/** `table`: needed only where the file may be joined of recordings. */
export async function trackStream(
  source: Source,
  table: FrameTable | undefined,
  wanted: Wanted,
): Promise<TrackStream> {
  const edits = table?.sections ? undefined : (await editLists(source.path, source.container))[wanted.track]
  return edits ? editedTrackStream(source, edits, wanted) : wholeTrackStream(source, table, wanted)
}

function editedTrackStream(
  source: Source,
  edits: readonly Edit[],
  { track, at, rate, layout }: Wanted,
): TrackStream {
  const inputs: string[][] = []
  const toSeconds = Math.max(...edits.map(({ to }) => to)) - source.startSeconds
  const add = (args: string[]): number => at + inputs.push(args) - 1
  const chains = cutChains(
    { source, fromSeconds: 0, toSeconds },
    {
      ...{ index: track, rate, label: 'heard', place: { isWhole: false, edits } },
      samples: Math.round(toSeconds * rate),
      form: `,aresample=${rate},aformat=sample_rates=${rate}:channel_layouts=${layout}`,
    },
    () => add(readArguments(source)),
    add,
  )
  return { inputs: inputs.flat(), filter: chains.join(';') }
}

function wholeTrackStream(
  source: Source,
  table: FrameTable | undefined,
  { track, at, rate, layout }: Wanted,
): TrackStream {
  const cut = (index: number, input: number, from: number, to?: number): string =>
    `[${input}:${index}]atrim=start=${from.toFixed(6)}${to === undefined ? '' : `:end=${to.toFixed(6)}`},` +
    `asetpts=PTS-round(${from.toFixed(9)}/TB),aresample=${rate}:async=1:first_pts=0`
  const form = `aformat=sample_rates=${rate}:channel_layouts=${layout}`
  if (!table?.sections)
    return {
      inputs: readArguments(source),
      filter: `${cut(track, at, source.startSeconds)},${form}[heard]`,
    }
  const inputs: string[] = []
  let count = 0
  const parts = stretches(table, 0, durationOf(table))
  const chains = parts.map(({ fromSeconds, toSeconds, clock }, i) => {
    const samples = Math.round(toSeconds * rate) - Math.round(fromSeconds * rate)
    const index = clock?.section.streams[track] ?? -1
    if (!clock || index < 0) return `anullsrc=r=${rate}:cl=${layout},atrim=end_sample=${samples}[h${i}]`
    inputs.push(...sectionArguments(source, clock.section))
    const { startSeconds } = clock
    const chain = cut(index, at + count++, startSeconds + fromSeconds, startSeconds + toSeconds)
    return `${chain},${form},apad=whole_len=${samples},atrim=end_sample=${samples}[h${i}]`
  })
  const all = parts.map((_, i) => `[h${i}]`).join('')
  return { inputs, filter: `${chains.join(';')};${all}concat=n=${parts.length}:v=0:a=1[heard]` }
}
