// Finished segments on disk: named by what they hold, listed in a journal, found again by an export that was interrupted.
// A line of the journal is written when its file is whole, so at most the segment in work is lost, whatever happens.
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { OutputSpec } from '../shared/output.js'
import type { Segment } from '../shared/plan.js'
import type { Rational } from '../shared/rational.js'
import { segmentExtension } from '../ffmpeg/encode.js'

export interface Recipe {
  /** Empty when the pictures pass through untouched. */
  modelHash: string
  engineVersion: string
  /** Of the film: the encoder's hint. */
  frameRate: Rational
}

/** Everything that decides the bytes of a segment: source, range, timestamps, settings, model, engine, encoding. */
export function segmentKey(
  segment: Segment,
  spec: Pick<OutputSpec, 'codec' | 'quality' | 'container'>,
  recipe: Recipe,
): string {
  const { source, warmFrom, from, to, lookTo, timeBase, ticks, endTicks, enhance, output } = segment
  const { scale, strength, detail, seed, device } = enhance
  const isEnhanced = recipe.modelHash !== ''
  const facts = {
    ...{ source: source.id, warmFrom, from, to, lookTo, timeBase, ticks, endTicks, output, recipe },
    settings: isEnhanced ? { scale, strength, detail, seed, device } : null,
    spec: { codec: spec.codec, quality: spec.quality, container: spec.container },
  }
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40)
}

const Line = z.object({ key: z.string(), bytes: z.number(), frames: z.number().int() })
type Line = z.infer<typeof Line>

export interface SegmentStore {
  pathOf(key: string): string
  /** The keys among these whose file is there as the journal says. */
  finished(keys: readonly string[]): Promise<Set<string>>
  /** Write down that this segment's file is whole. */
  record(key: string, frames: number): Promise<void>
  /** Remove half-written files of a segment. */
  removePartial(key: string): Promise<void>
  remove(keys: readonly string[]): Promise<void>
}

function parseLine(text: string): Line | undefined {
  try {
    const line = Line.safeParse(JSON.parse(text))
    return line.success ? line.data : undefined
  } catch {
    return undefined // a line cut off by the crash that the journal is for
  }
}

export async function openSegmentStore(cacheFolder: string): Promise<SegmentStore> {
  const folder = join(cacheFolder, 'segments')
  const journal = join(folder, 'journal.jsonl')
  await mkdir(folder, { recursive: true })
  const pathOf = (key: string): string => join(folder, key + segmentExtension)

  async function readJournal(): Promise<Map<string, Line>> {
    const text = await readFile(journal, 'utf8').catch(() => '') // nothing was finished yet
    const lines = text.split('\n').flatMap((line) => parseLine(line) ?? [])
    return new Map(lines.map((line) => [line.key, line]))
  }

  return {
    pathOf,
    async finished(keys) {
      const lines = await readJournal()
      const found = new Set<string>()
      for (const key of keys) {
        const line = lines.get(key)
        const bytes = await stat(pathOf(key)).then(
          ({ size }) => size,
          () => -1, // removed since
        )
        if (line?.bytes === bytes) found.add(key)
      }
      return found
    },
    async record(key, frames) {
      const { size } = await stat(pathOf(key))
      // One write in append mode: lines of two processes do not mix. It starts with a line break, in case the last line was cut off.
      const file = await open(journal, 'a')
      try {
        await file.write(`\n${JSON.stringify({ key, bytes: size, frames } satisfies Line)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    async removePartial(key) {
      for (const name of await readdir(folder))
        if (name.startsWith(`${key}.`) && name.includes('.partial'))
          await rm(join(folder, name), { force: true })
    },
    async remove(keys) {
      for (const key of keys) await rm(pathOf(key), { force: true })
    },
  }
}
