// The one place that starts ffmpeg and ffprobe: arguments as arrays, no shell, no network, no child left behind.
import { spawn, ChildProcessByStdio } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { Readable, Writable } from 'node:stream'
import { AppError, failing } from '../shared/contract/errors.js'
import type { Phrase } from '../shared/words/sentences.js'
import { readableFormats } from './readable.js'
import { codeOf, systemReason } from '../shared/words/systemReason.js'
import { type Exit, toolReason } from './toolReason.js'

export interface RunOptions {
  /** What is attempted, as in "Could not <what>: <reason>". */
  what: Phrase
  signal?: AbortSignal | undefined
  /** How long a child that was asked to stop may take before it is killed. */
  deadlineMs?: number
  /** How long it may take altogether: for questions that have an answer within moments, or never (a drive that is silent). */
  limitMs?: number | undefined
  /** Hears every line of stderr, as it comes. */
  onLine?: (line: string) => void
}

export interface Child {
  stdin: Writable
  stdout: Readable
  /** The last lines it wrote to stderr. */
  stderr(): string[]
  /** How it ended; never rejects. */
  exit: Promise<Exit>
  /** Resolves when it ended well; else rejects with a sentence, or as cancelled when the signal was given. */
  done: Promise<void>
  /** SIGTERM, then the deadline, then SIGKILL. Resolves when it is gone. */
  stop(): Promise<void>
}

/** A file that somebody else made: only by a reader that opens nothing else. */
export const inputArguments = (path: string): string[] => [
  '-format_whitelist',
  readableFormats,
  ...ownInputArguments(path),
]

/** A file of ours. Local files and pipes only, nothing reaches the network. `file:` keeps odd names plain. */
export const ownInputArguments = (path: string): string[] => [
  '-protocol_whitelist',
  'file,pipe,fd',
  '-i',
  `file:${path}`,
]

/** For outputs that carry pictures or sound to us: chapters and tags of any size have their own road (see tags.ts). */
export const withoutTags: readonly string[] = ['-map_metadata', '-1', '-map_chapters', '-1']

const keptLines = 40
const live = new Set<ReturnType<typeof spawn>>()
// A host that exits in the middle of work takes its children with it.
process.once('exit', () => live.forEach((child) => child.kill('SIGKILL')))

export const cancelled = (): AppError => failing('cancelled', 'cancelled')

/** The failure a person sees; a full disk is told by its own name. */
export function failure(
  what: Phrase,
  args: readonly string[],
  exit: Exit,
  stderr: readonly string[],
): AppError {
  const detail = { args, exit, stderr }
  if (stderr.some((line) => /No space left on device|ENOSPC|Disk quota exceeded/i.test(line)))
    return failing('disk-full', 'toolDiskFull', { what }, { detail })
  return failing('ffmpeg-failed', 'toolFailed', { what, reason: toolReason(exit, stderr) }, { detail })
}

export const late = (what: Phrase, limitMs: number): AppError =>
  failing('source-unreadable', 'toolLate', { what, seconds: Math.round(limitMs / 1000) })

const lookSeconds = 2
const stillSeconds = 12

/**
 * A child that something has stopped (not one that waits or is slow) never goes on by itself. Linux tells the state; elsewhere nothing is
 * watched. Looks are counted, not time: while the computer sleeps there are none.
 */
function watchStopped(pid: number | undefined, onStill: () => void): () => void {
  let looks = 0
  const look = async (): Promise<void> => {
    const text = await readFile(`/proc/${pid ?? ''}/stat`, 'latin1').catch(() => '') // ended, or not Linux
    looks = text.charAt(text.lastIndexOf(')') + 2) === 'T' ? looks + 1 : 0
    if (looks * lookSeconds >= stillSeconds) onStill()
  }
  const timer = setInterval(() => void look(), lookSeconds * 1000).unref()
  return () => clearInterval(timer)
}

type Tool = ChildProcessByStdio<Writable, Readable, Readable>

interface Ended extends Exit {
  /** It never began. */
  startFailure?: Error
}

/** How it ended; never rejects. */
function endOf(child: Tool): Promise<Ended> {
  live.add(child)
  return new Promise((resolve) => {
    child.once('error', (startFailure) => {
      if (child.pid !== undefined) return // a failed kill, not a failed start
      live.delete(child)
      resolve({ code: null, signal: null, startFailure })
    })
    child.once('close', (code, signal) => {
      live.delete(child)
      resolve({ code, signal })
    })
  })
}

/** The last lines of stderr, as far as they have come. */
function lastLines(child: Tool, onLine: RunOptions['onLine']): () => string[] {
  const lines: string[] = []
  let rest = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    const parts = (rest + text).split(/[\r\n]+/)
    rest = (parts.pop() ?? '').slice(-4096) // a line without end must not grow without end
    const whole = parts.filter((line) => line !== '').map((line) => line.slice(0, 1000))
    lines.push(...whole)
    if (onLine) whole.forEach(onLine)
    if (lines.length > keptLines) lines.splice(0, lines.length - keptLines)
  })
  return () => (rest === '' ? [...lines] : [...lines, rest])
}

/** SIGTERM, then the deadline, then SIGKILL. */
function stopper(child: Tool, ended: Promise<Ended>, deadlineMs: number): () => Promise<void> {
  let killTimer: NodeJS.Timeout | undefined
  void ended.then(() => clearTimeout(killTimer))
  return async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      killTimer ??= setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    }
    child.stdout.destroy() // `close` waits for the pipes
    child.stdin.destroy()
    await ended
  }
}

/** Why it was ended from here. */
interface Watch {
  isStill: boolean
  isLate: boolean
}

/** Stops it when the signal is given, when its time is over, and when something else has stopped it for good. */
function watchOver(
  child: Tool,
  ended: Promise<Ended>,
  stop: () => Promise<void>,
  { signal, limitMs }: RunOptions,
): Watch {
  const watch: Watch = { isStill: false, isLate: false }
  const leave = watchStopped(child.pid, () => {
    watch.isStill = true
    child.kill('SIGKILL')
  })
  const onAbort = (): void => void stop()
  signal?.addEventListener('abort', onAbort, { once: true })
  const onLimit = (): void => {
    watch.isLate = true
    void stop()
  }
  const limit = limitMs === undefined ? undefined : setTimeout(onLimit, limitMs)
  void ended.then(() => {
    leave()
    clearTimeout(limit)
    signal?.removeEventListener('abort', onAbort)
  })
  return watch
}

const notStarted = (what: Phrase, tool: string, cause: Error): AppError =>
  failing(
    // A computer at its limits is no reason to install anything.
    ['ENOENT', 'EACCES', 'EPERM'].includes(codeOf(cause) ?? '') ? 'ffmpeg-missing' : 'internal',
    'toolNotStarted',
    { what, tool, reason: systemReason(cause) },
    { cause },
  )

function start(tool: string, args: readonly string[], what: Phrase): Tool {
  try {
    return spawn(tool, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A Ctrl-C on a terminal goes to the whole process group. What becomes of a child is decided here, not there.
      detached: process.platform !== 'win32',
    })
  } catch (cause) {
    throw notStarted(what, tool, cause as Error) // some refusals of the system come at once: arguments that are too long
  }
}

/** Starts a tool. stdin and stdout are pipes; what is not read holds the child back. */
export function run(tool: string, args: readonly string[], options: RunOptions): Child {
  const { what, signal, deadlineMs = 3000, limitMs, onLine } = options
  if (signal?.aborted) throw cancelled()
  const child = start(tool, args, what)
  const exit = endOf(child)
  const stderr = lastLines(child, onLine)
  // EPIPE when the child is gone: its exit tells the story.
  child.stdin.on('error', () => {})
  child.stdout.on('error', () => {})
  const stop = stopper(child, exit, deadlineMs)
  const watch = watchOver(child, exit, stop, options)
  const done = exit.then((ended) => {
    if (signal?.aborted) throw cancelled()
    if (watch.isLate) throw late(what, limitMs ?? 0)
    if (ended.startFailure) throw notStarted(what, tool, ended.startFailure)
    if (watch.isStill) throw failing('ffmpeg-failed', 'toolStalled', { what, seconds: stillSeconds })
    if (ended.signal === 'SIGKILL' && !child.killed)
      throw failing('ffmpeg-failed', 'toolKilled', { what, signal: ended.signal })
    if (ended.code !== 0) throw failure(what, args, ended, stderr())
  })
  done.catch(() => {}) // may be looked at late or never; whoever awaits it still gets it
  return { stdin: child.stdin, stdout: child.stdout, stderr, exit, done, stop }
}

/** Work with a tool that the system may end, for want of memory or by somebody's mistake: then it is done once more. */
export async function twice<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const key = error instanceof AppError ? error.sentence?.key : undefined
    if (key !== 'toolKilled' && key !== 'toolStalled') throw error
    return work()
  }
}

/** Runs to the end and gives all of stdout. For short answers. */
export const runBytes = (tool: string, args: readonly string[], options: RunOptions): Promise<Buffer> =>
  twice(() => answerOf(tool, args, options))

async function answerOf(tool: string, args: readonly string[], options: RunOptions): Promise<Buffer> {
  const child = run(tool, args, options)
  child.stdin.end()
  const chunks: Buffer[] = []
  try {
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  } catch (cause) {
    await child.done // a tool that was stopped tells why better than its pipe
    throw cause
  }
  await child.done
  return Buffer.concat(chunks)
}

export const runText = async (tool: string, args: readonly string[], options: RunOptions): Promise<string> =>
  (await runBytes(tool, args, options)).toString('utf8')

/** Runs to the end and hands over each line of stdout as it comes. For long answers, in numbers and words of ASCII. */
export async function eachLine(child: Child, take: (line: string) => void): Promise<void> {
  child.stdin.end()
  child.stdout.setEncoding('latin1')
  let rest = ''
  try {
    for await (const chunk of child.stdout) {
      const text = rest + (chunk as string)
      let from = 0
      for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
        take(text.slice(from, text[to - 1] === '\r' ? to - 1 : to))
        from = to + 1
      }
      rest = text.slice(from)
    }
  } catch (cause) {
    await child.done // a tool that was stopped tells why better than its pipe
    throw cause
  }
  if (rest !== '') take(rest)
  await child.done
}
