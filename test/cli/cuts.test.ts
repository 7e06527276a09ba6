// `heirloom cuts`: a saved project's cuts for other editors, by the built program.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { mediaOf } from '../../electron/shared/document/cutList.js'
import { type Project, emptyProject } from '../../electron/shared/document/document.js'
import { timeOfCount } from '../../electron/shared/document/time.js'
import { folder } from '../app/folder.js'
import { bundle, cliEntry, film } from '../engine/bundle.js'

const at = folder()
const rate = { num: 25, den: 1 }

interface Ended {
  code: number | null
  out: string
  err: string
}

function heirloom(...words: string[]): Promise<Ended> {
  const env = { ...process.env, HEIRLOOM_DATA: join(at, 'data'), HEIRLOOM_CACHE: join(at, 'cache') }
  const child = spawn(process.execPath, [cliEntry, ...words], { cwd: at, env })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

/** Cuts of one file: its frames are counted until it has been read. */
function projectOf(path: string, cuts: readonly (readonly [number, number])[]): Project {
  const id = '0'.repeat(34) // as it was named before names were of the content alone
  const media = mediaOf({ id, path, name: 'tape.mp4', frames: 100 }, {})
  let begin = 0
  const items = cuts.map(([from, to], i) => {
    const duration = timeOfCount(rate, to - from)
    const item = {
      ...{ id: `i${i}`, at: begin, duration, fit: 'fit' as const },
      of: { kind: 'media' as const, media: id, from: timeOfCount(rate, from), isHeard: true },
    }
    begin += duration
    return item
  })
  const [sequence] = emptyProject.sequences
  return {
    ...emptyProject,
    media: [media],
    sequences: [{ ...sequence!, tracks: [{ id: 'v', kind: 'video', items }] }],
  }
}

beforeAll(async () => {
  await bundle()
  film(join(at, 'tape.mp4'), { frames: 100 })
  const project = projectOf(join(at, 'tape.mp4'), [
    [10, 40],
    [60, 61],
  ])
  writeFileSync(join(at, 'film.heirloom'), JSON.stringify(project))
})

test.each(['otio', 'fcpxml', 'edl', 'csv'])(
  'a project as .%s, which is not replaced unasked',
  async (ending) => {
    const saved = readFileSync(join(at, 'film.heirloom'), 'utf8')
    const made = await heirloom('cuts', 'film.heirloom', '-o', `film.${ending}`)
    expect([made.code, made.out]).toEqual([0, `${join(at, `film.${ending}`)}\n`])
    expect(made.err).not.toContain('were not found')
    const text = readFileSync(join(at, `film.${ending}`), 'utf8')
    expect(text).toContain(
      ending === 'edl' || ending === 'csv' ? join(at, 'tape.mp4') : pathToFileURL(join(at, 'tape.mp4')).href,
    )
    const places = {
      otio: '"value": 60',
      fcpxml: 'start="12/5s" duration="1/25s"',
      edl: '00:00:02:10 00:00:02:11',
      csv: ',60,61,00:00:02.400,00:00:02.440,',
    }
    expect(text).toContain(places[ending as 'otio'])
    const again = await heirloom('cuts', 'film.heirloom', '-o', `film.${ending}`)
    expect([again.code, again.out]).toEqual([1, ''])
    expect(readFileSync(join(at, 'film.heirloom'), 'utf8')).toBe(saved)
    expect(
      (await heirloom('cuts', 'film.heirloom', '-o', `film.${ending}`, '--overwrite', '--json')).code,
    ).toBe(0)
    expect(existsSync(join(at, 'data', 'recent-projects.json'))).toBe(false)
    expect(readdirSync(at).filter((name) => name.includes('.part-'))).toEqual([])
  },
)

test('a video that is not there is told, and its cuts are written as they are known', async () => {
  writeFileSync(join(at, 'gone.heirloom'), JSON.stringify(projectOf(join(at, 'gone.mp4'), [[0, 25]])))
  const { code, out } = await heirloom('cuts', 'gone.heirloom', '-o', 'gone.otio', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ type: 'done', notes: [expect.stringContaining('were not found')] })
})

test('what is no project, no known ending, a video or nothing at all is refused', async () => {
  writeFileSync(join(at, 'half.heirloom'), '{"format":')
  writeFileSync(join(at, 'empty.heirloom'), JSON.stringify(emptyProject))
  const refused = async (...words: string[]) => {
    const { code, err } = await heirloom('cuts', ...words)
    return [code, err]
  }
  const saying = (text: string): unknown => expect.stringContaining(text)
  expect(await refused('tape.mp4', '-o', 'a.otio')).toEqual([2, saying('ends in ".heirloom"')])
  expect(await refused('film.heirloom')).toEqual([2, saying('-o OUT.otio')])
  expect(await refused('film.heirloom', '-o', 'a.xml')).toEqual([2, saying('.fcpxml')])
  expect(await refused('half.heirloom', '-o', 'a.otio')).toEqual([1, saying('cannot be read')])
  expect(await refused('none.heirloom', '-o', 'a.otio')).toEqual([1, saying('not in')])
  expect(await refused('empty.heirloom', '-o', 'a.otio')).toEqual([1, saying('holds no clip')])
  expect(await refused('film.heirloom', '-o', 'no/a.otio')).toEqual([1, saying('folder')])
})
