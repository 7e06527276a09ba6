// Films of the kinds that real files are, and what a finished film is: pictures with their times and brightness, sounds with
// their times. Truth is by construction: brightness numbers the pictures (`numbered`), beeps stand at whole seconds (`beeping`).
import { frameCount } from '../../electron/shared/media/frameTable.js'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Host } from '../../electron/app/host/host.js'
import type { JobState } from '../../electron/shared/contract/job.js'
import type { OutputSpec } from '../../electron/shared/contract/output.js'
import type { EnhanceSettings } from '../../electron/shared/document/project.js'
import { type Message, inEnglish } from '../../electron/shared/words/sentences.js'
import type { FrameTable, Source } from '../../electron/shared/media/source.js'
import { ended, hostIn, outputAt, projectOf } from '../app/hosting.js'
import { bundle, tool } from '../engine/bundle.js'

function bytes(name: string, args: readonly string[], cwd?: string): { stdout: Buffer; stderr: string } {
  const done = spawnSync(name, args, { cwd, maxBuffer: 1 << 29 })
  if (done.status !== 0) throw new Error(`${name} ${args.join(' ')}\n${done.stderr.toString()}`)
  return { stdout: done.stdout, stderr: done.stderr.toString() }
}

/** ffmpeg in `folder`; the last word is the new file's name, its path comes back. */
export function make(folder: string, ...words: string[]): string {
  bytes('ffmpeg', ['-v', 'error', '-y', ...words], folder)
  return join(folder, words.at(-1) ?? '')
}

/** Whether this ffmpeg copies FLAC to MP4 by itself; before 6.1 it calls that experimental. */
export const copiesFlac = (folder: string): boolean =>
  spawnSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=d=0.1', '-c:a', 'flac', join(folder, 'trial.mp4')],
  ]).status === 0

/** Pictures whose brightness tells their number modulo 32: see `numberOf`. */
export const numbered = (seconds: number, rate: number | string = 25, size = '96x64'): string[] => [
  ...['-f', 'lavfi', '-i'],
  `color=gray:s=${size}:r=${rate}:d=${seconds},format=yuv420p,geq=lum='30+mod(N\\,32)*6':cb=128:cr=128`,
]

/** The number, modulo 32, that a picture of `numbered` carries. */
export const numberOf = (luma: number): number => Math.round((luma - 30) / 6) + 0 // no -0

/** A beep of 0.2 s at every whole second. */
export const beeping = (seconds: number, hertz = 1000): string[] => [
  ...['-f', 'lavfi', '-i'],
  `aevalsrc=0.5*sin(2*PI*${hertz}*t)*lt(mod(t\\,1)\\,0.2):s=48000:d=${seconds}`,
]

export interface Picture {
  /** Seconds, as a player shows it. */
  at: number
  /** Mean luma of limited range, 0 to 255. */
  luma: number
}

/** Every picture of a film with its time and mean luma. */
export function pictures(path: string, stream = 'v:0'): Picture[] {
  const args = ['-hide_banner', '-nostats', '-i', path, '-map', `0:${stream}`]
  const filter =
    'scale=out_range=limited,format=yuv420p,signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG'
  const { stderr } = bytes('ffmpeg', [...args, '-vf', filter, '-vsync', '0', '-f', 'null', '-'])
  const times = [...stderr.matchAll(/pts_time:(-?[\d.]+)/g)].map((match) => Number(match[1]))
  const lumas = [...stderr.matchAll(/YAVG=([\d.]+)/g)].map((match) => Number(match[1]))
  return times.map((at, i) => ({ at, luma: lumas[i] ?? NaN }))
}

export interface Beep {
  from: number
  to: number
}

/** Where a sound track is loud, seconds, to about a millisecond; gaps under 20 ms do not part a beep. */
export function beeps(path: string, stream = 'a:0', threshold = 0.1): Beep[] {
  const rate = 48000
  const filter = 'aresample=async=1:first_pts=0' // silence where the track has gaps: a sample's number is its time
  const { stdout } = bytes('ffmpeg', [
    ...['-v', 'error', '-i', path, '-map', `0:${stream}`, '-af', filter],
    ...['-ac', '1', '-ar', String(rate), '-f', 'f32le', '-'],
  ])
  const samples = new Float32Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 4))
  const found: Beep[] = []
  samples.forEach((sample, i) => {
    if (Math.abs(sample) < threshold) return
    const last = found.at(-1)
    if (last && i / rate - last.to < 0.02) last.to = i / rate
    else found.push({ from: i / rate, to: i / rate })
  })
  return found
}

/** Seconds of sound that a track holds when it is decoded. */
export function soundSeconds(path: string, stream = 'a:0'): number {
  const { stdout } = bytes('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    `0:${stream}`,
    '-ac',
    '1',
    '-ar',
    '48000',
    '-f',
    's16le',
    '-',
  ])
  return stdout.length / 2 / 48000
}

export interface Facts {
  format: { duration?: string; tags?: Record<string, string> }
  streams: {
    index: number
    codec_type: string
    codec_name?: string
    width?: number
    height?: number
    sample_aspect_ratio?: string
    tags?: Record<string, string>
    disposition: Record<string, number>
  }[]
  chapters: { start_time: string; end_time: string; tags?: Record<string, string> }[]
}

/** What ffprobe says of a file. */
export const facts = (path: string): Facts =>
  JSON.parse(
    tool('ffprobe', [
      ...['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json', path],
    ]),
  ) as Facts

export interface Opened {
  host: Host
  source: Source
  table: FrameTable
}

let bundled: Promise<void> | undefined

/** A host over `folder` that has the engine's process: for many films, one host. */
export async function openHost(folder: string): Promise<Host> {
  await (bundled ??= bundle())
  return hostIn(folder)
}

export interface Exported {
  job: JobState
  path: string
  source: Source
  table: FrameTable
  /** What was said beforehand (estimate) and afterwards (the job's notes), in English. */
  before: string[]
  after: string[]
}

let serial = 0

/** Opens a film and exports it, with the pictures untouched unless `enhance` says otherwise; frames [from, to), all when left out. A failed job is the answer too. */
export async function exported(
  host: Host,
  folder: string,
  input: string,
  {
    ending = 'mp4',
    range,
    over = {},
    enhance,
  }: {
    ending?: OutputSpec['container']
    range?: [number, number]
    over?: Partial<OutputSpec>
    enhance?: EnhanceSettings
  } = {},
): Promise<Exported> {
  const source = await host.api.sources.open(input)
  const table = await host.api.sources.frameTable(source.id)
  const [from, to] = range ?? [0, frameCount(table)]
  const path = join(folder, `exported-${++serial}.${ending}`)
  const request = {
    project: projectOf(source, frameCount(table), { from, to }, enhance),
    output: outputAt(path, { container: ending, ...over }),
  }
  const words = (notes: readonly Message[]): string[] => notes.map(inEnglish)
  const before = words([...source.warnings, ...(await host.api.render.estimate(request)).notes])
  const job = await ended(host, await host.api.render.export(request))
  return { job, path, source, table, before, after: words(job.notes) }
}
