// Which encoder, in which version, ffmpeg has: what it says of itself when it starts. Asked once.
import { encoderName } from './encode.js'
import type { KeepsakeCodec } from '../shared/media/keepsake/info.js'
import { phrase } from '../shared/words/sentences.js'
import type { Tools } from './resolve.js'
import { run } from './run.js'

const said: Record<KeepsakeCodec, { name: string; line: RegExp }> = {
  av1: { name: 'SVT-AV1', line: /SVT-AV1 Encoder Lib v?(\S+)/ },
  h265: { name: 'x265', line: /HEVC encoder version (\S+)/ },
  h264: { name: 'x264', line: /\bcore (\d+(?: r\d+)?)/ },
}

/** Of the one frame that it is given to encode. */
const side = 64

const known = new Map<string, Promise<{ name: string; version: string }>>()

async function ask(tools: Tools, codec: KeepsakeCodec): Promise<{ name: string; version: string }> {
  const { name, line } = said[codec]
  let version = ''
  const onLine = (text: string): void => {
    version ||= line.exec(text)?.[1] ?? ''
  }
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${side}x${side}`, '-i', 'pipe:0'],
    // x264 says its version only with the header of a file.
    ...['-flags', '+global_header', '-c:v', encoderName[codec], '-f', 'null', '-'],
  ]
  const child = run(tools.ffmpeg, args, { what: phrase('doWrite', { name }), onLine })
  child.stdin.end(new Uint8Array((side * side * 3) / 2))
  await child.done
  return { name, version: version || `of ffmpeg ${tools.version}` }
}

export function encoderVersion(
  tools: Tools,
  codec: KeepsakeCodec,
): Promise<{ name: string; version: string }> {
  const key = `${tools.ffmpeg} ${codec}`
  const asked = known.get(key) ?? ask(tools, codec)
  known.set(key, asked)
  return asked
}
