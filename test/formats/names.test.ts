// Any name that the system can hold works, and a name that cannot be passed on is said to be what is the matter.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { fitted } from '../../electron/ffmpeg/names.js'
import { folder } from '../app/folder.js'
import { ended, hostIn, outputAt, projectOf } from '../app/hosting.js'
import { exported, make, numbered, openHost, pictures } from './kit.js'

const at = folder()
const bytes = (path: string): number => Buffer.byteLength(basename(path))

test('a name is cut by characters, as people see them, until it fits', () => {
  expect(fitted('短い名前', '.mp4')).toBe('短い名前.mp4')
  expect(fitted('家族'.repeat(60), ' (2).mp4')).toBe(`${'家族'.repeat(41)} (2).mp4`)
  expect(fitted('👨‍👩‍👧'.repeat(20), '.mov')).toBe(`${'👨‍👩‍👧'.repeat(13)}.mov`) // 18 bytes each, never split
  expect(Buffer.byteLength(fitted('e\u0301'.repeat(200), '.mkv'))).toBeLessThanOrEqual(255)
})

test('a film under the longest name is exported under one as long, and a name that fits is found for it', async () => {
  const host = await openHost(at)
  mkdirSync(join(at, 'other'))
  for (const [name, ending, codec] of [
    ['家族'.repeat(40), 'mp4', 'libx264'], // 244 bytes
    ['x'.repeat(251), 'mkv', 'ffv1'], // 255 bytes, the most there is
  ] as const) {
    const film = join(at, `${name}.${ending}`)
    renameSync(make(at, ...numbered(1), '-c:v', codec, `short.${ending}`), film)
    const source = await host.api.sources.open(film)
    const target = join(at, 'other', `${name}.${ending}`)
    const request = { project: projectOf(source, 25), output: outputAt(target, { container: ending }) }
    const job = await ended(host, await host.api.render.export(request))
    expect(job.failure).toBeUndefined()
    expect(pictures(target)).toHaveLength(25)
    expect(readdirSync(join(at, 'other')).filter((other) => other.includes('.part-'))).toEqual([])
    const suggested = await host.api.files.suggestOutput(source.id, ending, 'enhanced')
    expect(suggested).toMatch(new RegExp(`^.*/${name.slice(0, 40)}.* \\(enhanced\\)\\.${ending}$`))
    expect(bytes(suggested)).toBeLessThanOrEqual(255)
    const second = { project: projectOf(source, 25), output: outputAt(suggested, { container: ending }) }
    expect((await ended(host, await host.api.render.export(second))).state).toBe('done')
    expect(await host.api.files.suggestOutput(source.id, ending, 'enhanced')).toMatch(
      / \(enhanced\) \(2\)\.\w+$/,
    )
    const photo = await host.api.files.suggestPhoto(source.id, 10, 'png', 'photo')
    expect(bytes(photo)).toBeLessThanOrEqual(255)
    expect(dirname(photo)).toBe(at)
  }
}, 120_000)

test('a name that no file can have is refused before any work, with what helps', async () => {
  const host = await hostIn(at)
  const source = await host.api.sources.open(make(at, ...numbered(1), '-c:v', 'libx264', 'plain.mp4'))
  const target = join(at, `${'海'.repeat(90)}.mp4`)
  const failed = await host.api.render
    .export({ project: projectOf(source, 25), output: outputAt(target) })
    .catch((error: unknown) => error as Error)
  expect(failed).toMatchObject({ code: 'output-not-writable', sentence: { key: 'outputNameTooLong' } })
  expect((failed as Error).message).toContain('Choose a shorter name')
}, 60_000)

/** Some systems (macOS, network drives) refuse such names: then there is nothing to test. */
function latin1(film: string, name: string): string | undefined {
  const path = Buffer.concat([Buffer.from(`${at}/`), Buffer.from(name, 'latin1')])
  try {
    copyFileSync(film, path)
  } catch {
    return undefined
  }
  return join(at, Buffer.from(name, 'latin1').toString('utf8'))
}

test('a name that is not Unicode is shown, and opening it says what to do', async ({ skip }) => {
  const host = await openHost(at)
  const film = make(at, ...numbered(1), '-c:v', 'mpeg4', 'disc.avi')
  const path = latin1(film, 'No\xebl.avi')
  if (path === undefined) return skip('this file system takes Unicode names only')
  await expect(host.api.sources.open(path)).rejects.toMatchObject({
    code: 'source-unreadable',
    sentence: { key: 'sourceNameNotUnicode', values: { name: 'No\uFFFDl.avi' } },
  })
  const { entries } = await host.api.files.list(at)
  const shown = entries.find(({ name }) => name === 'No\uFFFDl.avi')
  expect(shown).toBeTruthy()
  expect(shown?.bytes).toBeUndefined() // not 0: how large it is cannot be seen
  // The shell gives the program the bytes themselves.
  const { stderr, status } = spawnSync(
    'sh',
    ['-c', `${JSON.stringify(process.execPath)} out/cli/index.js probe "${at}"/No*l.avi`],
    { encoding: 'utf8' },
  )
  expect(status).not.toBe(0)
  expect(stderr).toContain('its name is not in Unicode')
  // A file that is not there at all is still said to be gone; one really called so opens.
  await expect(host.api.sources.open(join(at, 'Na\uFFFDl.avi'))).rejects.toMatchObject({
    code: 'source-vanished',
  })
  renameSync(film, join(at, 'Really \uFFFD.avi'))
  expect(statSync(join(at, 'Really \uFFFD.avi')).size).toBeGreaterThan(0)
  const { job } = await exported(host, at, join(at, 'Really \uFFFD.avi'))
  expect(job.state).toBe('done')
}, 60_000)
