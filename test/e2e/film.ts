// What a written film really holds, by ffprobe and by decoding all of it: never by what the app says about it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Film {
  codec: string
  width: number
  height: number
  /** Counted by decoding. */
  frames: number
  seconds: number
  audioCodec?: string
  audioSeconds: number
  tags: Record<string, string>
}

interface Stream {
  codec_type: string
  codec_name: string
  width?: number
  height?: number
  nb_read_frames?: string
}

async function probe(
  path: string,
): Promise<{ streams: Stream[]; format: { tags?: Record<string, string> } }> {
  const words = ['-v', 'error', '-count_frames', '-show_streams', '-show_format', '-of', 'json', path]
  const { stdout } = await run('ffprobe', words, { maxBuffer: 1 << 24 })
  return JSON.parse(stdout) as { streams: Stream[]; format: { tags?: Record<string, string> } }
}

/** Seconds that one kind of stream plays for, by its packets' times. */
async function played(path: string, kind: 'v' | 'a'): Promise<number> {
  const entries = 'packet=pts_time,duration_time'
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', `${kind}:0`, '-show_entries', entries, '-of', 'csv=p=0', path],
  ])
  const times = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .filter(([at]) => Number.isFinite(at))
  const ends = times.map(([at = 0, length = 0]) => at + (Number.isFinite(length) ? length : 0))
  return times.length === 0 ? 0 : Math.max(...ends) - Math.max(0, Math.min(...times.map(([at = 0]) => at)))
}

/** Fails when ffmpeg finds anything wrong while decoding it from end to end. */
export async function readFilm(path: string): Promise<Film> {
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-'])
  if (stderr.trim() !== '') throw new Error(`decoding ${path} complains:\n${stderr}`)
  const { streams, format } = await probe(path)
  const video = streams.find((stream) => stream.codec_type === 'video')
  const audio = streams.find((stream) => stream.codec_type === 'audio')
  if (!video) throw new Error(`${path} has no picture`)
  return {
    codec: video.codec_name,
    width: video.width ?? 0,
    height: video.height ?? 0,
    frames: Number(video.nb_read_frames),
    seconds: await played(path, 'v'),
    audioCodec: audio?.codec_name,
    audioSeconds: audio ? await played(path, 'a') : 0,
    tags: format.tags ?? {},
  }
}
