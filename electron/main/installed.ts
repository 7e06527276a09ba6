// Imported first: in an installed app this code lies in an archive that only Electron's own file functions can read.
// Weights, the sample, the engine host and ffmpeg are opened by others, so their paths lead to the unpacked copies.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const archive = /^(.*app\.asar)[\\/]/.exec(fileURLToPath(import.meta.url))?.[1]
if (archive) {
  const unpacked = `${archive}.unpacked`
  process.env['HEIRLOOM_ROOT'] ??= unpacked
  const program = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  const ffmpeg = join(unpacked, 'node_modules', 'ffmpeg-static', program)
  if (existsSync(ffmpeg)) process.env['FFMPEG_BIN'] ??= ffmpeg
}
