// Imported first: in an installed app this code lies in an archive that only Electron's own file functions can read.
// Weights, the sample, the engine host and ffmpeg are opened by others, so their paths lead to the unpacked copies. What is
// installed runs what was installed: no word of the environment chooses other code, for this process or those it starts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Ours that lead to code or to places of code, and those that Node and Electron take code from. */
const choosing = /^(HEIRLOOM_(?!MEMORY_LIMIT$)|FFMPEG_BIN$|FFPROBE_BIN$|NODE_|ELECTRON_)/

/** `file`: where this code lies. Changes nothing where it is not installed. */
export function settle(file: string, env: NodeJS.ProcessEnv): void {
  const archive = /^(.*app\.asar)[\\/]/.exec(file)?.[1]
  if (archive === undefined) return
  for (const name of Object.keys(env)) if (choosing.test(name)) delete env[name]
  const unpacked = `${archive}.unpacked`
  env['HEIRLOOM_ROOT'] = unpacked
  const program = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  const ffmpeg = join(unpacked, 'node_modules', 'ffmpeg-static', program)
  if (existsSync(ffmpeg)) env['FFMPEG_BIN'] = ffmpeg
}

settle(fileURLToPath(import.meta.url), process.env)
