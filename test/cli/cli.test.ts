// The command line as a person or a script uses it: the built program, its exit codes, its words, its files.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { Source } from '../../electron/shared/media/source.js'
import { DeviceInfo } from '../../electron/shared/contract/app.js'
import { ModelInfo } from '../../electron/shared/contract/models.js'
import { folder } from '../app/folder.js'
import { bundle, cliEntry, countFrames, film, tool } from '../engine/bundle.js'

const at = folder()
const tape = join(at, 'tape.mp4')

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

function start(
  words: string[],
  env: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended>; text: () => string } {
  const child = spawn(process.execPath, [cliEntry, ...words], {
    cwd: at,
    env: { ...process.env, HEIRLOOM_DATA: join(at, 'data'), HEIRLOOM_CACHE: join(at, 'cache'), ...env },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, out, err })),
  )
  return { child, ended, text: () => out }
}
const heirloom = (words: string, env?: Record<string, string>): Promise<Ended> =>
  start(words.split(' '), env).ended
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
/** Frames that the program has said are done, so far. */
const framesDone = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/"framesDone":(\d+)/g)].map((match) => Number(match[1])))

beforeAll(async () => {
  await bundle()
  film(tape, { frames: 1000 })
})

test('slow motion of a range: the film around it as filmed, and for programs what was made', async () => {
  film(join(at, 'short.mp4'), { frames: 20 })
  const slow = await heirloom('slowmo short.mp4 -o slow.mov --factor 2 --from 0.2 --to 0.4 --json')
  expect([slow.code, slow.err]).toEqual([0, ''])
  expect(countFrames(join(at, 'slow.mov'))).toBe(25)
  const done = lines(slow.out).find(({ type }) => type === 'done')
  expect(done?.['motion']).toMatchObject({ frames: 25, estimated: 5 })
  const refused = await heirloom('smooth short.mp4 -o fast.mp4 --fps 1000')
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('from 1 to 240')])
})

test('of a range is said which it is, and what is taken instead of an end behind the film’s', async () => {
  film(join(at, 'short.mp4'), { frames: 20 })
  const { code, err } = await heirloom('slowmo short.mp4 -o part.mov --from 0.2 --to 9')
  expect(code).toBe(0)
  expect(err).toContain('note: --to 9 lies behind the end of "short.mp4": it is taken to its end, at 0.80 s.')
  expect(err).toContain('"short.mp4" from 0:00.2 to 0:00.8 lasts 1.2 s instead of 0.6 s.')
})

test('what would change nothing is refused with what would do instead, unless it is asked for', async () => {
  film(join(at, 'short.mp4'), { frames: 20 })
  for (const [words, sentence] of [
    ['repair short.mp4 -o same.mp4', /no frame is given twice.*only be encoded once more.*enhance.*--anyway/],
    ['unique short.mp4 -o same.mp4 --from 0.2', /"short\.mp4" from 0:00\.2 to 0:00\.8.*“timing”.*--anyway/],
    ['tempo short.mp4 -o same.mp4', /--rate.*“smooth”.*--anyway/],
    ['smooth short.mp4 -o same.mp4 --fps 25', /another --fps.*--anyway/],
  ] as const) {
    const { code, err, out } = await heirloom(words)
    expect([code, out], words).toEqual([1, ''])
    expect(err.split('\n').at(-2), words).toMatch(sentence)
  }
  const json = await heirloom('repair short.mp4 -o same.mp4 --json')
  expect(lines(json.out)).toEqual([expect.objectContaining({ type: 'failed', code: 'not-found' })])
  expect(existsSync(join(at, 'same.mp4'))).toBe(false)
  expect((await heirloom('repair short.mp4 -o same.mp4 --anyway')).code).toBe(0)
  expect(countFrames(join(at, 'same.mp4'))).toBe(20)
})

test('a name that cannot be written is refused first, before any note and any look at the frames', async () => {
  film(join(at, 'short.mp4'), { frames: 20 })
  writeFileSync(join(at, 'there.mp4'), 'there')
  writeFileSync(join(at, 'there.png'), 'there')
  for (const words of [
    'slowmo short.mp4 -o there.mp4 --from 0.2 --to 9',
    'repair short.mp4 -o short.mp4 --overwrite',
    'enhance short.mp4 -o there.mp4 --strength auto --to 9',
    'keepsake short.mp4 -o there.mp4 --size 9kB',
    'photo short.mp4 -o there.png --at 99',
  ]) {
    const { code, err, out } = await heirloom(`${words} --json`)
    expect(code, words).toBe(1)
    expect(
      lines(out).map(({ type }) => type),
      words,
    ).toEqual(['failed'])
    expect(err, words).toMatch(/^heirloom: .*(already exists|original video).*\n$/)
  }
})

test('for programs every refusal is an object', async () => {
  for (const [words, code] of [
    ['slowmo tape.mp4 --factor 1 --json', 2],
    ['smoth tape.mp4 --json', 2],
    ['models dance --json', 2],
    ['probe nowhere.mp4 --json', 1],
    ['timing nowhere.mp4 --json', 1],
    ['keepsake info nowhere.mp4 --json', 1],
    ['models remove nobody --json', 1],
  ] as const) {
    const ended = await heirloom(words)
    expect(ended.code, words).toBe(code)
    expect(lines(ended.out), words).toEqual([
      expect.objectContaining({ type: 'failed', message: expect.any(String) as string }),
    ])
  }
})

test('an uneven film has one mean, its frames by the time that they are shown', async () => {
  const graph = "testsrc2=size=160x120:rate=25:duration=4,select='not(mod(n*n,7)-mod(n,3))+gt(mod(n,5),2)'"
  const uneven = ['-f', 'lavfi', '-i', graph, '-fps_mode', 'vfr', '-c:v', 'libx264', join(at, 'uneven.mp4')]
  tool('ffmpeg', ['-v', 'error', '-y', ...uneven])
  const [json] = lines((await heirloom('timing uneven.mp4 --json')).out)
  const { rate, rates } = json as { rate: number; rates: { mean: number; isConstant: boolean }[] }
  expect(rates).toHaveLength(1)
  expect(rates[0]?.isConstant).toBe(false)
  expect(rates[0]?.mean).toBeCloseTo(rate, 9)
  const { out } = await heirloom('timing uneven.mp4')
  expect(out).toContain(`${Number(rate.toFixed(2))} in the mean`)
  expect(out).toContain('every frame at its own time')
  expect(out).not.toContain('as it was filmed: ')
})

test('probe tells the facts, in words and as a Source', async () => {
  const words = await heirloom('probe tape.mp4')
  expect(words.code).toBe(0)
  expect(words.out).toContain('160×120, 25 frames per second')
  const json = await heirloom('probe tape.mp4 --json')
  expect(Source.parse(JSON.parse(json.out)).video).toMatchObject({ width: 160, height: 120, codec: 'h264' })
})

test('people are answered in the language of the system, programs in English', async () => {
  const japanese = { LC_ALL: 'ja_JP.UTF-8' }
  expect((await heirloom('probe tape.mp4', japanese)).out).toContain('160×120、毎秒25フレーム')
  expect((await heirloom('--help', japanese)).out).toMatch(/^使い方：\n {2}heirloom enhance IN/)
  expect((await heirloom('dance', japanese)).err).toBe(
    'heirloom：「dance」というコマンドはありません。「heirloom --help」をご覧ください。\n',
  )
  const failed = await heirloom('enhance nowhere.mp4 -o o.mp4 --json', japanese)
  expect(failed.err).toMatch(/^heirloom：.*nowhere\.mp4.*。\n$/)
  expect(lines(failed.out).at(-1)).toMatchObject({
    type: 'failed',
    message: expect.stringMatching(/nowhere\.mp4.*\.$/) as string,
  })
})

test('devices and models are what is there', async () => {
  const devices = await heirloom('devices --json')
  expect(DeviceInfo.array().parse(JSON.parse(devices.out))[0]?.id).toBe('cpu')
  const models = ModelInfo.array().parse(JSON.parse((await heirloom('models --json')).out))
  expect(models.find((model) => model.id === 'heirloom-s')).toMatchObject({ scales: [1, 2, 4] })
  expect((await heirloom('devices')).out).toMatch(/^cpu /)
})

test('help and version', async () => {
  expect(await heirloom('--help')).toMatchObject({
    code: 0,
    out: expect.stringContaining('heirloom enhance IN') as string,
  })
  expect((await heirloom('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('timing tells the rhythm of the frames', async () => {
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=12.5:duration=5,fps=25']
  tool('ffmpeg', ['-v', 'error', '-y', ...input, '-c:v', 'libx264', '-crf', '20', join(at, 'twice.mp4')])
  const words = await heirloom('timing twice.mp4')
  expect(words).toMatchObject({ code: 0 })
  expect(words.out).toContain('filmed at 12.5 frames per second, shown as 25')
  const [json] = lines((await heirloom('timing twice.mp4 --json')).out)
  expect(json).toMatchObject({ rate: 25, sections: [{ cadence: { kind: 'repeats', unique: 1, of: 2 } }] })
})

test.each(['', 'dance', 'enhance tape.mp4 -o o.mp4 --scale 3', 'probe'])(
  'wrong arguments: one sentence, where the usage is, 2: %s',
  async (words) => {
    const { code, err, out } = await heirloom(words)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^heirloom: .+\. See "heirloom --help"\.\n$/)
  },
)

test.each([
  ['enhance nowhere.mp4 -o o.mp4', /nowhere\.mp4/],
  ['enhance letter.txt -o o.mp4', /letter\.txt/],
  ['enhance tape.mp4 -o no/folder/o.mp4', /o\.mp4/],
  ['enhance tape.mp4 -o tape.mp4 --overwrite', /tape\.mp4/],
  ['enhance tape.mp4 -o taken.mp4', /taken\.mp4/],
  ['enhance tape.mp4 -o o.mp4 --from 100', /40\.000 seconds/],
  ['enhance tape.mp4 -o o.mp4 --model nobody', /nobody/],
])('a failure: one sentence, 1: %s', async (words, sentence) => {
  writeFileSync(join(at, 'letter.txt'), 'Dear family')
  writeFileSync(join(at, 'taken.mp4'), 'precious')
  const { code, err } = await heirloom(words)
  expect(code).toBe(1)
  expect(err).toMatch(sentence)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(existsSync(join(at, 'o.mp4'))).toBe(false)
  expect(readFileSync(join(at, 'taken.mp4'), 'utf8')).toBe('precious')
})

test('what failed is in the log, which prints where it is; to be passed on without names', async () => {
  const [text, copy] = [await heirloom('log'), await heirloom('log --blank')]
  for (const { code, err } of [text, copy])
    expect([code, err]).toEqual([0, `${join(at, 'data', 'log', 'heirloom.log')}\n`])
  expect(text.out).toMatch(/failed[^]*nowhere\.mp4/)
  expect(copy.out).toMatch(/failed[^]*\[name \d+\]\.mp4/)
  expect(copy.out).not.toMatch(/nowhere|letter|taken/)
})

test('without ffmpeg it says what to install', async () => {
  const { code, err } = await heirloom('probe tape.mp4', {
    PATH: '/nowhere',
    FFMPEG_BIN: '',
    FFPROBE_BIN: '',
  })
  expect(code).toBe(1)
  expect(err).toMatch(/ffmpeg.*[Ii]nstall/)
})

test('without the engine it says what to do', async () => {
  const { code, err } = await heirloom('enhance tape.mp4 -o o.mp4 --to 0.1', {
    HEIRLOOM_ADDON: join(at, 'none.node'),
  })
  expect([code, err]).toEqual([1, expect.stringContaining('npm start')])
})

test('enhanced: exact frames, twice the size, sound, and progress as lines', async () => {
  const { code, out, err } = await heirloom('enhance tape.mp4 -o big.mp4 --from 1 --to 1.4 --json')
  expect([code, err]).toEqual([0, ''])
  const said = lines(out)
  expect(said.at(-1)).toMatchObject({ type: 'done', output: join(at, 'big.mp4') })
  expect(said.filter((line) => line.type === 'progress').at(-1)).toMatchObject({
    state: 'done',
    framesDone: 10,
    framesTotal: 10,
  })
  expect(countFrames(join(at, 'big.mp4'))).toBe(10)
  const facts = Source.parse(JSON.parse((await heirloom('probe big.mp4 --json')).out))
  expect([facts.video.width, facts.video.height, facts.audio.length]).toEqual([320, 240, 1])
})

test('what will be different is told before the work, all of it, and what was different after it', async () => {
  tool('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=96x64:r=25:d=1'],
    ...['-f', 'lavfi', '-i', 'sine=d=1', '-f', 'lavfi', '-i', 'sine=880:d=1'],
    ...['-map', '0', '-map', '1', '-map', '2', '-c:v', 'ffv1', '-vf', 'setfield=tff,format=yuv420p10le'],
    ...['-field_order', 'tt', '-c:a', 'pcm_s16le', '-y', join(at, 'rich.mkv')],
  ])
  const words = await heirloom(`${through.replace('tape.mp4', 'rich.mkv')} -o rich.mp4`)
  expect(words.code).toBe(0)
  const said = lines(words.out)
  const before = said.findIndex((line) => line.type === 'before')
  expect(before).toBeGreaterThanOrEqual(0)
  expect(said.findIndex((line) => line.type === 'progress')).toBeGreaterThan(before)
  const notes = said[before]?.notes as string[]
  expect(notes).toContainEqual(expect.stringMatching(/10 bits/))
  expect(notes).toContainEqual(expect.stringMatching(/2 sound tracks/))
  expect(new Set(notes).size).toBe(notes.length)
  const plain = await heirloom(
    `${through.replace('tape.mp4', 'rich.mkv').replace(' --json', '')} -o rich2.mp4`,
  )
  expect(plain.out.trim()).toBe(join(at, 'rich2.mp4'))
  for (const note of notes) expect(plain.err).toContain(`note: ${note}`)
})

test('the same seed gives the same pictures, another model size another size', async () => {
  const frames = (name: string): string =>
    tool('ffmpeg', ['-v', 'error', '-i', join(at, name), '-an', '-f', 'md5', '-'])
  for (const name of ['a.mkv', 'b.mkv'])
    expect(await heirloom(`enhance tape.mp4 -o ${name} --to 0.24 --codec ffv1 --seed 5`)).toMatchObject({
      code: 0,
    })
  expect(frames('a.mkv')).toBe(frames('b.mkv'))
})

test('too little memory is refused with numbers', async () => {
  const { code, err } = await heirloom('enhance tape.mp4 -o o.mp4 --to 0.2', {
    HEIRLOOM_MEMORY_LIMIT: '1000000',
  })
  expect(code).toBe(1)
  expect(err).toMatch(/memory.*\d|\d.*memory/i)
  expect(existsSync(join(at, 'o.mp4'))).toBe(false)
})

// Scale 1 and strength 0: the pictures pass through, everything else is as it always is.
const through = 'enhance tape.mp4 --scale 1 --strength 0 --json'

test('interrupted: 130, and nothing under the name or beside it', async () => {
  const { child, ended, text } = start(`${through} -o interrupted.mp4`.split(' '))
  const timer = setInterval(() => {
    if (framesDone(text()) <= 20) return
    clearInterval(timer)
    child.kill('SIGINT')
  }, 10)
  const { code, out } = await ended
  expect(code).toBe(130)
  expect(lines(out).at(-1)).toMatchObject({ type: 'cancelled' })
  expect(readdirSync(at).filter((name) => name.includes('interrupted'))).toEqual([])
  expect(readdirSync(join(at, 'cache', 'segments')).filter((name) => name.includes('partial'))).toEqual([])
})

test('killed in the middle, then started again: finished segments are not made twice', async () => {
  const cache = { HEIRLOOM_CACHE: join(at, 'cache-killed') }
  const words = `${through} --codec h265 -o resumed.mp4`.split(' ')
  const first = start(words, cache)
  const timer = setInterval(() => framesDone(first.text()) > 600 && first.child.kill('SIGKILL'), 10)
  const killed = await first.ended
  clearInterval(timer)
  expect(killed.signal).toBe('SIGKILL')
  expect(existsSync(join(at, 'resumed.mp4'))).toBe(false)
  const second = await start(words, cache).ended
  expect(second.code).toBe(0)
  const progress = lines(second.out).filter((line) => line.type === 'progress' && line.state === 'running')
  const found = progress.map((line) => Number(line.framesDone)).find((frames) => frames > 0)
  expect(found).toBeGreaterThanOrEqual(500) // four segments of 250; two at least were whole
  expect(found! % 250).toBe(0)
  expect(countFrames(join(at, 'resumed.mp4'))).toBe(1000)
})
