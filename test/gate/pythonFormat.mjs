// Layout and lint of the Python files, by the ruff that package-lock.json pins: `node test/gate/pythonFormat.mjs` says what is wrong, with
// `--write` it lays out and sorts imports. It runs as WebAssembly, so that no Python is needed and everybody gets the same.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs'

const root = join(import.meta.dirname, '..', '..')
const isWriting = process.argv.includes('--write')

/** ruff.toml: sections, and one key a line whose value JSON understands too. */
function settings() {
  const all = {}
  let section = all
  for (const line of readFileSync(join(root, 'ruff.toml'), 'utf8').split('\n')) {
    const head = /^\[([a-z-]+)\]$/.exec(line)
    const pair = /^([a-z-]+) = (.+)$/.exec(line)
    if (head) section = all[head[1]] = {}
    else if (pair) section[pair[1]] = JSON.parse(pair[2])
    else if (line !== '' && !line.startsWith('#')) throw new Error(`ruff.toml: cannot read ${line}`)
  }
  return all
}

/** The text with what ruff knows to correct for sure: of sorted imports only, as a layout would. */
function withSortedImports(workspace, text) {
  const lines = text.split('\n')
  const found = workspace.check(text).filter(({ code, fix }) => code === 'I001' && fix)
  const edits = found.flatMap(({ fix }) => fix.edits).sort((a, b) => b.location.row - a.location.row)
  for (const { content, location, end_location: end } of edits) {
    const before = lines[location.row - 1].slice(0, location.column - 1)
    const after = (lines[end.row - 1] ?? '').slice(end.column - 1)
    lines.splice(
      location.row - 1,
      end.row - location.row + 1,
      ...`${before}${content ?? ''}${after}`.split('\n'),
    )
  }
  return lines.join('\n')
}

const workspace = new Workspace(settings(), PositionEncoding.Utf16)
const files = ['models', 'test/models'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.py'))
    .map((name) => join(folder, name)),
)
let wrong = 0
for (const file of files) {
  let text = readFileSync(join(root, file), 'utf8')
  if (isWriting) {
    const laidOut = workspace.format(withSortedImports(workspace, text))
    if (laidOut !== text) writeFileSync(join(root, file), laidOut)
    text = laidOut
  } else if (workspace.format(text) !== text) {
    wrong += 1
    console.log(`${file}: not laid out; \`npm run format\` lays it out`)
  }
  for (const { code, message, start_location: at } of workspace.check(text)) {
    wrong += 1
    console.log(`${file}:${at.row}:${at.column}: ${code} ${message}`)
  }
}
if (wrong === 0) console.log(`${files.length} files, ruff ${Workspace.version()}`)
process.exit(wrong === 0 ? 0 : 1)
