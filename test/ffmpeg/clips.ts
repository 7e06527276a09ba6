// Small clips made by ffmpeg itself, each with the trait that a test is about.
import { frameCount, ticksOf } from '../../electron/shared/media/frameTable.js'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { decode } from '../../electron/ffmpeg/decode.js'
import { encoderFormat, openEncoder, segmentExtension } from '../../electron/ffmpeg/encode.js'
import { JoinOptions, join as joinSegments } from '../../electron/ffmpeg/join.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { readerOf } from '../../electron/ffmpeg/readers.js'
import { Tools, findTools } from '../../electron/ffmpeg/resolve.js'
import { OutputSpec } from '../../electron/shared/contract/output.js'
import { Plan, PlanSource, makePlan } from '../../electron/shared/planning/plan.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import { outputRate } from '../../electron/shared/media/source.js'
import { type Message } from '../../electron/shared/words/sentences.js'

export const tools: Tools = await findTools()

/** A folder that goes away with the test file. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'heirloom-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs ffmpeg with a command line; gives the path of the new file. */
export function make(folder: string, name: string, command: string): string {
  const path = join(folder, name)
  execFileSync(tools.ffmpeg, [...'-v error -y'.split(' '), ...command.split(' '), path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return path
}

export const moving = (size: string, rate: string, seconds: number): string =>
  `-f lavfi -i testsrc2=size=${size}:rate=${rate}:duration=${seconds}`

export const hash = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex').slice(0, 16)

export async function open(path: string): Promise<PlanSource> {
  const source = await probe(tools, path)
  return { source, table: await readerOf(source).table(tools, source) }
}

/** Hashes of frames [from, to). */
export async function frameHashes(
  { source, table }: PlanSource,
  from = 0,
  to = frameCount(table),
): Promise<string[]> {
  const hashes: string[] = []
  for await (const { frame, ticks, data } of readerOf(source).decode(tools, source, { table, from, to })
    .frames) {
    if (frame !== from + hashes.length || ticks !== ticksOf(table, frame))
      throw new Error(`frame ${frame} out of order`)
    hashes.push(hash(data))
  }
  return hashes
}

/** Raw frames as plain ffmpeg gives them, each `bytes` long. */
export function plainFrames(path: string, options: string, bytes: number): Uint8Array[] {
  const all = execFileSync(
    tools.ffmpeg,
    ['-v', 'error', '-i', path, ...options.split(' '), '-f', 'rawvideo', '-'],
    {
      maxBuffer: 1 << 28,
    },
  )
  return Array.from({ length: all.length / bytes }, (_, i) => all.subarray(i * bytes, (i + 1) * bytes))
}

/** A plan that leaves the picture alone, with segments of a given number of frames. */
export function planOf(
  sources: readonly PlanSource[],
  ranges: readonly [source: number, from: number, to: number][],
  perSegment: number,
): Plan {
  const clips = ranges.map(([i, from, to], k) => {
    const source = sources[i]?.source
    if (!source) throw new Error('no such source')
    return {
      id: `clip${k}`,
      sourceId: source.id,
      name: source.name,
      from,
      to,
      enhance: { ...defaultEnhance, isEnabled: false },
    }
  })
  const plan = makePlan(clips, sources)
  const segments = plan.segments.flatMap((segment) =>
    Array.from({ length: Math.ceil(segment.ticks.length / perSegment) }, (_, k) => {
      const [first, end] = [k * perSegment, Math.min(segment.ticks.length, (k + 1) * perSegment)]
      const ticks = segment.ticks.slice(first, end)
      return {
        ...segment,
        from: segment.from + first,
        to: segment.from + end,
        ticks,
        endTicks: segment.ticks[end] ?? segment.endTicks,
      }
    }),
  )
  return { ...plan, segments: segments.map((segment, index) => ({ ...segment, index })) }
}

/** The whole way without the engine: decode, encode segment by segment, join. */
export async function film(
  folder: string,
  sources: readonly PlanSource[],
  plan: Plan,
  spec: Omit<OutputSpec, 'quality'>,
  more: Partial<JoinOptions> = {},
): Promise<{ path: string; notes: Message[] }> {
  const parts = mkdtempSync(join(folder, 'segments-'))
  const segmentFiles: string[] = []
  for (const segment of plan.segments) {
    const known = sources.find(({ source }) => source.id === segment.source.id)
    const first = plan.segments[0]
    if (!known || !first) throw new Error('no such source')
    const decoding = decode(tools, known.source, { table: known.table, from: segment.from, to: segment.to })
    const path = join(parts, `${segment.index}${segmentExtension}`)
    const encoder = await openEncoder(tools, {
      ...{ path, codec: spec.codec, quality: 'good', format: decoding.format },
      ...{ frameRate: outputRate(first.source.video), colour: first.source.video },
    })
    for await (const { data } of decoding.frames) await encoder.write(data)
    await encoder.finish()
    segmentFiles.push(path)
  }
  return joinSegments(tools, { segmentFiles, plan, spec: { ...spec, quality: 'good' }, ...more })
}

export { encoderFormat }

/** Footage that is not part of the repository; tests that use it say so when it is not there. */
const footageFolder = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/footage/test')
export const hasFootage = existsSync(footageFolder)
export const footage = (name: string): string => join(footageFolder, name)
