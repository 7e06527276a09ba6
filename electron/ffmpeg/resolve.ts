// Finds ffmpeg and ffprobe and says where they came from. Starts them only to ask for their version and abilities.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { AppError, failing } from '../shared/contract/errors.js'
import { phrase } from '../shared/words/sentences.js'
import { type RunOptions, runText } from './run.js'

export interface Tools {
  ffmpeg: string
  ffprobe: string
  version: string
  from: 'FFMPEG_BIN' | 'ffmpeg-static' | 'PATH'
  encoders: ReadonlySet<string>
}

const suffix = process.platform === 'win32' ? '.exe' : ''
/** In words that are the same in every language. */
const how =
  'Debian, Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg'

function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder)) // never what lies in the folder one happens to be in
    .map((folder) => join(folder, name + suffix))
    .find((path) => existsSync(path))
}

/** ffmpeg-static's `require` gives a path even when nothing was downloaded. */
function staticPath(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static')
    return typeof path === 'string' && existsSync(path) ? path : undefined
  } catch {
    return undefined // the package is not installed: the next place is asked
  }
}

function findFfmpeg(): Pick<Tools, 'ffmpeg' | 'from'> {
  const named = process.env['FFMPEG_BIN']
  if (named) {
    if (!existsSync(named))
      throw failing('ffmpeg-missing', 'ffmpegNamed', { variable: 'FFMPEG_BIN', path: named })
    return { ffmpeg: named, from: 'FFMPEG_BIN' }
  }
  const fromPackage = staticPath()
  if (fromPackage) return { ffmpeg: fromPackage, from: 'ffmpeg-static' }
  const found = onPath('ffmpeg')
  if (found) return { ffmpeg: found, from: 'PATH' }
  throw failing('ffmpeg-missing', 'ffmpegNone', { how })
}

function findFfprobe(ffmpeg: string): string {
  const named = process.env['FFPROBE_BIN']
  if (named) {
    if (existsSync(named)) return named
    throw failing('ffmpeg-missing', 'ffmpegNamed', { variable: 'FFPROBE_BIN', path: named })
  }
  const beside = join(dirname(ffmpeg), 'ffprobe' + suffix)
  const found = existsSync(beside) ? beside : onPath('ffprobe')
  if (found) return found
  throw failing('ffmpeg-missing', 'ffprobeNone', { path: ffmpeg, how })
}

/** `ffmpeg version 5.1.9-0+deb12u1 ...` -> 5.1.9; builds from the repository (N-12345-g...) carry no number. */
export function parseVersion(banner: string): { text: string; major: number; minor: number } | undefined {
  const text = /^ff(?:mpeg|probe) version n?(\S+)/m.exec(banner)?.[1]
  if (text === undefined) return undefined
  const numbers = /^(\d+)\.(\d+)/.exec(text)
  return numbers
    ? { text, major: Number(numbers[1]), minor: Number(numbers[2]) }
    : { text, major: Number.POSITIVE_INFINITY, minor: 0 }
}

/** Names in the listings of -encoders and -filters: flags, name, description. */
const names = (listing: string): ReadonlySet<string> =>
  new Set(listing.split('\n').flatMap((line) => /^ [A-Z.|]{2,6} (\w+) /.exec(line)?.[1] ?? []))

async function ask(
  tool: string,
  option: string,
  { onLine }: Pick<RunOptions, 'onLine'> = {},
): Promise<string> {
  const banner = onLine ? [] : ['-hide_banner']
  try {
    return await runText(tool, [...banner, option], { what: phrase('doAsk', { tool, option }), onLine })
  } catch (cause) {
    if (cause instanceof AppError && !cause.code.startsWith('ffmpeg')) throw cause // the computer, not the tool
    throw failing('ffmpeg-missing', 'ffmpegSilent', { path: tool, how }, { cause })
  }
}

async function look(): Promise<Tools> {
  const { ffmpeg, from } = findFfmpeg()
  const ffprobe = findFfprobe(ffmpeg)
  const banner: string[] = [] // on stderr, before the answer: the version needs no question of its own
  const encoders = await ask(ffmpeg, '-encoders', { onLine: (line) => void banner.push(line) })
  const version = parseVersion([...banner, encoders].join('\n'))
  if (!version) throw failing('ffmpeg-missing', 'ffmpegSilent', { path: ffmpeg, how })
  if (version.major < 4 || (version.major === 4 && version.minor < 4))
    throw failing('ffmpeg-too-old', 'ffmpegOld', { path: ffmpeg, version: version.text, how })
  if (!parseVersion(await ask(ffprobe, '-version')))
    throw failing('ffmpeg-missing', 'ffmpegSilent', { path: ffprobe, how })
  return { ffmpeg, ffprobe, version: version.text, from, encoders: names(encoders) }
}

const found = new Map<string, Promise<Tools>>()
const known = new Map<string, Tools>()
const place = (): string =>
  ['FFMPEG_BIN', 'FFPROBE_BIN', 'PATH'].map((name) => process.env[name] ?? '').join('\n')

/** FFMPEG_BIN, then ffmpeg-static's file if it exists, then PATH. Remembered until one of these changes. */
export function findTools(): Promise<Tools> {
  const key = place()
  const looking = found.get(key)
  if (looking) return looking
  const tools = look()
  found.set(key, tools)
  tools.then(
    (all) => known.set(key, all),
    () => found.delete(key), // a person may install it and try again
  )
  return tools
}

/** Asked where it matters: few films and photos need a filter that not every ffmpeg has. */
export const hasFilter = async ({ ffmpeg }: Tools, name: string): Promise<boolean> =>
  names(await ask(ffmpeg, '-filters')).has(name)

/** What was found already: told to a process of ours that would find the same, it saves it the questions. */
export const knownTools = (): Tools | undefined => known.get(place())

/** The other end of `knownTools`. */
export const useTools = (tools: Tools): void => void found.set(place(), Promise.resolve(tools))
