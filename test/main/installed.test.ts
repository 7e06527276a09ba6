// An installed app runs what was installed, whatever the environment says.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settle } from '../../electron/main/installed.js'
import { folder } from '../app/folder.js'

const words = (): NodeJS.ProcessEnv => ({
  ...{
    HEIRLOOM_ROOT: '/evil',
    HEIRLOOM_ADDON: '/evil/heirloom.node',
    HEIRLOOM_DATA: '/evil',
    HEIRLOOM_REFUSE_ABOVE: '1',
  },
  ...{ FFMPEG_BIN: '/evil/ffmpeg', FFPROBE_BIN: '/evil/ffprobe' },
  ...{ ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require /evil.js', NODE_PATH: '/evil' },
  ...{ PATH: '/usr/bin', HOME: '/home/me', LANG: 'ja_JP.UTF-8', HEIRLOOM_MEMORY_LIMIT: '4000' },
})
const kept = { PATH: '/usr/bin', HOME: '/home/me', LANG: 'ja_JP.UTF-8', HEIRLOOM_MEMORY_LIMIT: '4000' }

test('installed, no word of the environment chooses code, engine or ffmpeg', () => {
  const at = folder()
  const unpacked = join(at, 'app.asar.unpacked')
  const env = words()
  settle(join(at, 'app.asar', 'out', 'main', 'index.js'), env)
  expect(env).toEqual({ ...kept, HEIRLOOM_ROOT: unpacked })
  const shipped = join(unpacked, 'node_modules', 'ffmpeg-static')
  mkdirSync(shipped, { recursive: true })
  const program = join(shipped, process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg')
  writeFileSync(program, '')
  const withShipped = words()
  settle(join(at, 'app.asar', 'out', 'main', 'index.js'), withShipped)
  expect(withShipped).toEqual({ ...kept, HEIRLOOM_ROOT: unpacked, FFMPEG_BIN: program })
})

test('from its sources, everything may be chosen', () => {
  const env = words()
  settle('/home/me/heirloom/out/main/index.js', env)
  expect(env).toEqual(words())
})

test('the executable that is shipped takes no orders for Node and loads only what its archive says', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'electron-builder.yml'), 'utf8')
  const [, fuses = ''] = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(text) ?? []
  expect(
    Object.fromEntries([...fuses.matchAll(/^ {2}(\w+): (\w+)$/gm)].map(([, name, value]) => [name, value])),
  ).toEqual({
    ...{
      runAsNode: 'false',
      enableNodeOptionsEnvironmentVariable: 'false',
      enableNodeCliInspectArguments: 'false',
    },
    ...{ enableEmbeddedAsarIntegrityValidation: 'true', onlyLoadAppFromAsar: 'true' },
    ...{ enableCookieEncryption: 'true', grantFileProtocolExtraPrivileges: 'false' },
  })
})
