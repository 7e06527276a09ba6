// Opening two hours: how long the frame table takes to read, to read again from the cache and to hold, and how soon the first
// picture is there. Bundled and called by opening.mjs; prints nothing, gives numbers.
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHost } from '../../electron/app/host/host.js'
import { findTools } from '../../electron/ffmpeg/resolve.js'

const seconds = 10
const rate = 28

export interface Opening {
  container: string
  frames: number
  openMs: number
  firstPictureMs: number
  /** Both from the moment at which the film was open. */
  tableMs: number
  cachedMs: number
  /** Of the table as text: what goes to the window, lies in the cache and is read by the engine's process. */
  tableBytes: number
  /** Of the host's process, above what it was before. */
  heapBytes: number
}

async function makeFilm(at: string, container: string): Promise<string> {
  const { ffmpeg } = await findTools()
  const make = (...words: string[]): void => {
    const done = spawnSync(ffmpeg, ['-v', 'error', '-y', ...words], { cwd: at })
    if (done.status !== 0) throw new Error(done.stderr.toString())
  }
  const picture = ['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=${rate}:d=${seconds}`]
  const sound = ['-f', 'lavfi', '-i', `sine=r=48000:d=${seconds}`]
  make(...picture, ...sound, ...'-c:v libx264 -g 28 -bf 2 -c:a aac -b:a 64k loop.mp4'.split(' '))
  make('-stream_loop', '719', '-i', 'loop.mp4', '-c', 'copy', `film.${container}`)
  return join(at, `film.${container}`)
}

const settled = async (work: Promise<unknown>): Promise<number> => {
  await work
  return performance.now()
}

/** 201,600 frames, 7,200 s. */
export async function opening(container: string): Promise<Opening> {
  const at = mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  const folders = { dataFolder: join(at, 'data'), cacheFolder: join(at, 'cache') }
  const host = await createHost({ kind: 'cli', ...folders, grants: { files: [], folders: [at] } })
  const again = await createHost({ kind: 'cli', ...folders, grants: { files: [], folders: [at] } })
  try {
    const film = await makeFilm(at, container)
    globalThis.gc?.()
    const heap = process.memoryUsage().heapUsed
    const start = performance.now()
    const source = await host.api.sources.open(film)
    const open = performance.now()
    const table = host.api.sources.frameTable(source.id)
    const picture = host.serve({ kind: 'frame', sourceId: source.id, frame: 0, width: 96 }, {})
    const [tableAt, pictureAt] = await Promise.all([settled(table), settled(picture)])
    const frames = frameCount(await table)
    const tableBytes = JSON.stringify(await table).length
    globalThis.gc?.()
    const heapBytes = process.memoryUsage().heapUsed - heap
    await again.api.sources.open(film)
    const cached = performance.now()
    await again.api.sources.frameTable(source.id)
    return {
      ...{ container, frames, tableBytes, heapBytes },
      openMs: open - start,
      firstPictureMs: pictureAt - start,
      tableMs: tableAt - open,
      cachedMs: performance.now() - cached,
    }
  } finally {
    await Promise.all([host.close(), again.close()])
    rmSync(at, { recursive: true, force: true })
  }
}
