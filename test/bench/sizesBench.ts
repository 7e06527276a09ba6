// How near the size that is told before an export comes to that of the film: films of several kinds, codecs and lengths, exported for real.
// Bundled and called by sizes.mjs; prints nothing, gives numbers.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Host, createHost } from '../../electron/app/host/host.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { isEnded } from '../../electron/shared/contract/job.js'
import type { OutputSpec } from '../../electron/shared/contract/output.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import type { ExportRequest } from '../../electron/shared/contract/render.js'

type Way = Pick<OutputSpec, 'codec' | 'quality' | 'container'> & { scale?: 1 | 2 }

const ways: Way[] = [
  { codec: 'h264', quality: 'good', container: 'mp4' },
  { codec: 'h265', quality: 'good', container: 'mkv' },
  { codec: 'h264', quality: 'small', container: 'mov' },
  { codec: 'ffv1', quality: 'best', container: 'mkv' },
  { codec: 'h264', quality: 'best', container: 'mkv' },
  { codec: 'h264', quality: 'good', container: 'mp4', scale: 1 },
  { codec: 'prores', quality: 'good', container: 'mov' },
  { codec: 'av1', quality: 'good', container: 'mp4' },
  { codec: 'h265', quality: 'small', container: 'mp4' },
]
/** Of every film, the next ones of the list. */
const waysEach = 2
/** More of a long film is not exported: the range is. */
const mostFrames = 300

const pictures: Record<string, string> = {
  drawn: 'testsrc2=s=320x240:r=25',
  noisy: 'testsrc2=s=320x240:r=25,noise=alls=12:allf=t',
  grainy: 'testsrc2=s=320x240:r=30,noise=alls=30:allf=t',
  zoom: 'mandelbrot=s=320x240:r=24',
  still: 'smptebars=s=320x240:r=25',
  life: 'life=s=160x120:r=25:mold=10:ratio=0.2,scale=320:240',
}
const sounds: Record<string, string[]> = {
  'drawn-2': ['-c:a', 'aac', '-b:a', '192k'],
  'noisy-12': ['-c:a', 'pcm_s16le'],
  'zoom-8': ['-c:a', 'libmp3lame', '-b:a', '128k'],
  'still-6': ['-c:a', 'flac'],
}

async function makeFilms(at: string): Promise<string[]> {
  const { ffmpeg } = await findTools()
  const made = [
    ...[['drawn', 2] as const, ['drawn', 12] as const, ['noisy', 1] as const, ['noisy', 12] as const],
    ...[['grainy', 4] as const, ['zoom', 8] as const, ['still', 6] as const, ['life', 5] as const],
  ]
  return made.map(([kind, seconds]) => {
    const name = `${kind}-${seconds}`
    const path = join(at, `${name}.mkv`)
    const sound = sounds[name]
      ? [
          '-f',
          'lavfi',
          '-i',
          `anoisesrc=r=48000:a=0.1:d=${seconds}`,
          '-ac',
          '2',
          ...sounds[name],
          '-shortest',
        ]
      : []
    const words = ['-v', 'error', '-y', '-f', 'lavfi', '-i', pictures[kind] ?? '', ...sound]
    const coding = ['-t', String(seconds), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20']
    const done = spawnSync(ffmpeg, [...words, ...coding, '-pix_fmt', 'yuv420p', path])
    if (done.status !== 0) throw new Error(done.stderr.toString())
    return path
  })
}

export interface SizeRow {
  name: string
  way: string
  told: number
  from: number
  to: number
  is: number
  lookMs: number
}

async function exported(host: Host, request: ExportRequest): Promise<number> {
  const id = await host.api.render.export(request)
  for (;;) {
    const job = (await host.api.jobs.list()).find((one) => one.id === id)
    if (job && isEnded(job)) {
      if (job.state !== 'done') throw new Error(job.failure?.message ?? job.state)
      const bytes = statSync(request.output.path).size
      rmSync(request.output.path)
      return bytes
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** `films`: more of them, beside those that are made here. `onRow` hears each as it is known. */
export async function sizes(films: readonly string[], onRow: (row: SizeRow) => void): Promise<SizeRow[]> {
  const at = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  const rows: SizeRow[] = []
  try {
    const all = [...(await makeFilms(at)), ...films]
    const host = await createHost({
      ...{ kind: 'cli', dataFolder: join(at, 'data'), cacheFolder: join(at, 'cache') },
      grants: { files: [...films], folders: [at] },
    })
    try {
      for (const [i, path] of all.entries()) {
        const source = await host.api.sources.open(path)
        const frames = Math.min(mostFrames, frameCount(await host.api.sources.frameTable(source.id)))
        for (let k = 0; k < waysEach; k++) {
          const { scale, ...way } = ways[(waysEach * i + k) % ways.length] ?? ways[0]!
          const enhance = { ...defaultEnhance, isEnabled: scale !== undefined, scale: scale ?? 1 }
          const clip = { id: 'c', sourceId: source.id, name: source.name, from: 0, to: frames, enhance }
          const kept = { id: source.id, path, name: source.name, frames }
          const output = {
            ...way,
            path: join(at, `out.${way.container}`),
            hasAudio: true,
            mayOverwrite: true,
          }
          const request = { project: { sources: [kept], clips: [clip] }, output }
          const start = performance.now()
          const { bytes, bytesFrom = bytes, bytesTo = bytes } = await host.api.render.estimate(request)
          const row = {
            name: basename(path),
            way: `${way.codec} ${way.quality} ${way.container}${scale ? ', enhanced' : ''}`,
            ...{ told: bytes, from: bytesFrom, to: bytesTo, lookMs: performance.now() - start },
            is: await exported(host, request),
          }
          rows.push(row)
          onRow(row)
        }
      }
    } finally {
      await host.close()
    }
    return rows
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}
