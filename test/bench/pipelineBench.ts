// What happens around the model: the pipeline's share of the time, memory over the length of a film, the wait for a preview.
// Bundled and called by pipeline.mjs; prints nothing, gives numbers.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHost } from '../../electron/app/host/host.js'
import { engineEntry, shippedModels } from '../../electron/app/access/resources.js'
import { type SegmentTask, createEngine } from '../../electron/engine/client.js'
import { frameTable } from '../../electron/ffmpeg/frameTable.js'
import { probe } from '../../electron/ffmpeg/probe.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { makePlan } from '../../electron/shared/planning/plan.js'
import { type EnhanceSettings, defaultEnhance } from '../../electron/shared/document/project.js'
import { planModels } from '../shared/contracts.js'

const model = { folder: join(shippedModels, defaultEnhance.model), device: { id: 'auto', precision: 'auto' } }

async function inFolder<T>(work: (at: string) => Promise<T>): Promise<T> {
  const at = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  try {
    return await work(at)
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}

/** A moving, noisy picture, as far from easy to encode as a tape is. */
async function film(path: string, size: string, frames: number): Promise<void> {
  const { ffmpeg } = await findTools()
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25,noise=alls=12:allf=t`]
  const video = ['-frames:v', String(frames), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20']
  const done = spawnSync(ffmpeg, ['-v', 'error', '-y', ...picture, ...video, '-pix_fmt', 'yuv420p', path])
  if (done.status !== 0) throw new Error(done.stderr.toString())
}

async function taskFor(at: string, path: string, enhance: EnhanceSettings): Promise<SegmentTask> {
  const tools = await findTools()
  const source = await probe(tools, path)
  const table = await frameTable(tools, source)
  const tablePath = join(at, 'table.json')
  writeFileSync(tablePath, JSON.stringify(table))
  const clip = { id: 'c', sourceId: source.id, name: 'film', from: 0, to: frameCount(table), enhance }
  const segments = makePlan([clip], [{ source, table }], planModels).segments
  const [first] = segments
  if (!first) throw new Error('no segment')
  // One unit over the whole film, however long: memory must not know the difference.
  const unit = { ...first, to: frameCount(table) }
  const sink = {
    kind: 'file',
    path: join(at, 'out.nut'),
    codec: 'h264',
    quality: 'good',
    frameRate: { num: 25, den: 1 },
  } as const
  const place = enhance.isEnabled ? model : undefined
  return { kind: 'segment', unit, tablePath, model: place, sink, threads: 0, memoryLimit: 0 }
}

export interface Share {
  frames: number
  totalMs: number
  modelMs: number
  /** Part of the wall time in which the model did not work, 0..1. */
  outside: number
  framesPerSecond: number
}

/** SD (640x480) twice enlarged to H.264, the model already loaded. */
export const pipelineShare = (frames = 48): Promise<Share> =>
  inFolder(async (at) => {
    await film(join(at, 'film.mp4'), '640x480', frames)
    const task = await taskFor(at, join(at, 'film.mp4'), defaultEnhance)
    const engine = createEngine(engineEntry)
    try {
      await engine.run({ kind: 'model', model })
      const { totalMs, modelMs } = await engine.run(task)
      return {
        frames,
        totalMs,
        modelMs,
        outside: 1 - modelMs / totalMs,
        framesPerSecond: (1000 * frames) / totalMs,
      }
    } finally {
      engine.close()
    }
  })

/** Highest resident memory of a process so far, bytes; Linux only. */
function peakBytes(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (!match) throw new Error('the system does not tell the highest resident memory')
  return Number(match[1]) * 1024
}

export interface Memory {
  frames: number
  /** The engine host's highest resident memory. */
  peakBytes: number
}

/** The same film at several lengths, each in a fresh engine host. `isEnhanced`: through the model, x2. */
export const residentMemory = (
  lengths = [100, 3000],
  isEnhanced = true,
  size = '640x480',
): Promise<Memory[]> =>
  inFolder(async (at) => {
    const measured: Memory[] = []
    for (const frames of lengths) {
      const path = join(at, `${frames}.mp4`)
      await film(path, size, frames)
      const task = await taskFor(at, path, { ...defaultEnhance, isEnabled: isEnhanced })
      const engine = createEngine(engineEntry)
      try {
        await engine.run(task)
        measured.push({ frames, peakBytes: peakBytes(engine.pid ?? 0) })
      } finally {
        engine.close()
      }
    }
    return measured
  })

export interface FirstPicture {
  /** Nothing is started yet: the engine host, the model, the decoder. */
  coldMs: number
  /** Another range, the host already running. */
  warmMs: number
}

/** From asking for a preview of SD x2 until its first picture can be fetched. */
export const firstPicture = (frames = 60): Promise<FirstPicture> =>
  inFolder(async (at) => {
    const path = join(at, 'film.mp4')
    await film(path, '640x480', 200)
    const host = await createHost({
      ...{ kind: 'cli', dataFolder: join(at, 'data'), cacheFolder: join(at, 'cache') },
      grants: { files: [path], folders: [] },
    })
    try {
      const source = await host.api.sources.open(path)
      await host.api.sources.frameTable(source.id)
      const wait = async (from: number): Promise<number> => {
        const start = performance.now()
        const id = await host.api.render.preview({
          sourceId: source.id,
          from,
          to: from + frames,
          enhance: defaultEnhance,
        })
        return new Promise((resolve, reject) => {
          const leave = host.on((event) => {
            if (event.type !== 'job' || event.job.id !== id) return
            if (event.job.state === 'failed') reject(new Error(event.job.failure?.message))
            if (event.job.framesDone === 0) return
            leave()
            resolve(performance.now() - start)
            void host.api.jobs.cancel(id)
          })
        })
      }
      const coldMs = await wait(100)
      while ((await host.api.jobs.list()).some((job) => job.state === 'running'))
        await new Promise((r) => setTimeout(r, 20))
      return { coldMs, warmMs: await wait(120) }
    } finally {
      await host.close()
    }
  })
