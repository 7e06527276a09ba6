// Times as people read and type them: hh:mm:ss:ff, where ff counts the frames since the second began, whatever the rate.
import { FrameTable } from './source.js'
import { firstFrameFrom, frameCount, secondsOf } from './frameTable.js'

const two = (n: number): string => String(n).padStart(2, '0')

export const formatSeconds = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds + 1e-6))
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
}

/** `0:03.2`, `1:02:03.4`: where something is, in a sentence. */
export function formatTenths(seconds: number): string {
  const tenths = Math.max(0, Math.floor(seconds * 10 + 1e-6))
  const [hours, minutes] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60]
  const rest = `${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}

/** `00:01:07:12` for a frame of a source. */
export function formatTimecode(table: FrameTable, frame: number): string {
  const second = Math.floor(secondsOf(table, frame) + 1e-6)
  return `${formatSeconds(second)}:${two(Math.max(0, frame - firstFrameFrom(table, second)))}`
}

const digits = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/

/** Seconds of `ss`, `mm:ss`, `hh:mm:ss`, each with an optional fraction; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const match = digits.exec(text.trim())
  if (!match) return undefined
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3])
}

/**
 * The frame that typed text means: `hh:mm:ss:ff`, `hh:mm:ss`, `mm:ss`, `ss.fff`, `=` before any of them, or `+` and `-` for a way
 * from `current`. Undefined when it cannot be read; a time outside the film gives its first or last frame.
 */
export function parseTimecode(table: FrameTable, text: string, current: number): number | undefined {
  const last = frameCount(table) - 1
  const clamp = (frame: number): number => Math.min(Math.max(frame, 0), last)
  const match = /^([=+-]?)\s*(?:(\d+:\d+:\d+):(\d+)|([\d:.]+))$/.exec(text.trim())
  if (!match) return undefined
  const seconds = parseSeconds(match[2] ?? match[4] ?? '')
  if (seconds === undefined) return undefined
  const frames = Number(match[3] ?? 0)
  const sign = match[1] === '+' ? 1 : match[1] === '-' ? -1 : 0
  if (sign === 0) return clamp(firstFrameFrom(table, seconds) + frames)
  return clamp(firstFrameFrom(table, Math.max(0, secondsOf(table, current) + sign * seconds)) + sign * frames)
}
