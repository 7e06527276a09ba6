// A preview in the middle of an export: how soon its first frame is there, and whether the export's frames are what they are without it.
// Bundled and called by aside.mjs; prints nothing, gives numbers.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, createHost } from '../../electron/app/host/host.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { type JobState, isEnded } from '../../electron/shared/contract/job.js'
import { defaultEnhance } from '../../electron/shared/document/project.js'
import type { Source } from '../../electron/shared/media/source.js'

export interface Aside {
  idleMs: number
  duringMs: number[]
  exportMs: number
  isSame: boolean
}

const enhance = { ...defaultEnhance, scale: 2 } as const
/** Frames of each preview; how many previews are asked for. */
const [length, times] = [8, 3]

/** When a job first tells what `is` asks for. */
function moment(host: Host, id: string, is: (job: JobState) => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const leave = host.on((event) => {
      if (event.type !== 'job' || event.job.id !== id) return
      if (is(event.job)) resolve(performance.now())
      else if (isEnded(event.job)) reject(new Error(event.job.failure?.message ?? event.job.state))
      else return
      leave()
    })
  })
}
const isDone = ({ state }: JobState): boolean => state === 'done'
const shows = ({ framesDone }: JobState): boolean => framesDone > 0

async function firstFrameMs(host: Host, source: Source, from: number): Promise<number> {
  const asked = performance.now()
  const id = await host.api.render.preview({ sourceId: source.id, from, to: from + length, enhance })
  const done = moment(host, id, isDone)
  const first = await moment(host, id, shows)
  await done
  return first - asked
}

/** A film of so many frames, 640x480, exported at twice its size with previews between. */
export async function aside(frames: number): Promise<Aside> {
  const at = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  const { ffmpeg } = await findTools()
  const words = (...args: string[]): string => {
    const done = spawnSync(ffmpeg, ['-v', 'error', '-y', ...args], { cwd: at, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    return done.stdout
  }
  const picture = `testsrc2=s=640x480:r=25,noise=alls=12:allf=t`
  words(
    '-f',
    'lavfi',
    '-i',
    picture,
    ...`-frames:v ${frames} -c:v libx264 -preset veryfast film.mkv`.split(' '),
  )
  const hashes: string[] = []
  const result: Aside = { idleMs: 0, duringMs: [], exportMs: 0, isSame: false }
  try {
    for (const isDisturbed of [false, true]) {
      const name = isDisturbed ? 'disturbed' : 'alone'
      const host = await createHost({
        ...{ kind: 'cli', dataFolder: join(at, name, 'data'), cacheFolder: join(at, name, 'cache') },
        grants: { files: [], folders: [at] },
      })
      const source = await host.api.sources.open(join(at, 'film.mkv'))
      if (!isDisturbed) await firstFrameMs(host, source, 0) // the model is loaded
      if (!isDisturbed) result.idleMs = await firstFrameMs(host, source, 20)
      const start = performance.now()
      const clip = { id: 'c', sourceId: source.id, name: source.name, from: 0, to: frames, enhance }
      const sources = [{ id: source.id, path: source.path, name: source.name, frames }]
      const id = await host.api.render.export({
        project: { sources, clips: [clip] },
        output: {
          ...{ path: join(at, `${name}.mp4`), container: 'mp4', codec: 'h264', quality: 'good' },
          ...{ hasAudio: true, mayOverwrite: true },
        },
      })
      const done = moment(host, id, isDone)
      await moment(host, id, shows)
      for (let i = 0; isDisturbed && i < times; i++)
        result.duringMs.push(await firstFrameMs(host, source, 30 + 40 * i))
      const end = await done
      if (!isDisturbed) result.exportMs = end - start
      hashes.push(words('-i', `${name}.mp4`, '-f', 'md5', '-'))
      await host.close()
    }
    return { ...result, isSame: hashes[0] === hashes[1] }
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}
