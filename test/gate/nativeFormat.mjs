// The layout of C++ and CUDA files, by the clang-format that package-lock.json pins: `node test/gate/nativeFormat.mjs` names what is not laid
// out, with `--write` it lays it out. Names of files: those only.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { format, version } from '@wasm-fmt/clang-format'

const root = join(import.meta.dirname, '..', '..')
const style = readFileSync(join(root, '.clang-format'), 'utf8')
const isOurs = (path) => /\.(cpp|h|cu)$/.test(path) && !/^native\/build/.test(path)

const below = (folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name).replaceAll('\\', '/'))
const isWriting = process.argv.includes('--write')
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const files = (
  named.length > 0
    ? named.map((name) => relative(root, resolve(name)))
    : [...below('native'), ...below('test')]
).filter(isOurs)

let wrong = 0
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8')
  const laidOut = format(text, file.replace(/\.cu$/, '.cpp'), style)
  if (laidOut === text) continue
  wrong += 1
  if (isWriting) writeFileSync(join(root, file), laidOut)
  console.log(isWriting ? `laid out: ${file}` : `not laid out as .clang-format says: ${file}`)
}
if (wrong > 0 && !isWriting) console.log('`npm run format` lays them out.')
else console.log(`${files.length} files, clang-format ${version()}`)
process.exit(wrong > 0 && !isWriting ? 1 : 0)
