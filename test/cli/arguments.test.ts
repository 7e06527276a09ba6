import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCommand, parseTime } from '../../electron/cli/arguments.js'
import { frameRange } from '../../electron/cli/enhance.js'
import { UsageError } from '../../electron/cli/options.js'
import { sayIn } from '../../electron/shared/words/sentences.js'
import { table } from '../shared/sources.js'

const parse = (line: string) => parseCommand(line.split(' ').filter((word) => word !== ''))

test('a project is opened by its name alone, with what serve knows', () => {
  expect(parse('Lake.heirloom --share a')).toEqual({
    ...{ name: 'serve', port: 0, shared: ['a'], mayOpen: true, project: 'Lake.heirloom' },
  })
  expect(() => parse('Lake.heirloom Sea.heirloom')).toThrow(UsageError)
  expect(() => parse('Lake.heirloom --scale 2')).toThrow(UsageError)
})

test('the shortest line enhances twice, to H.264, with sound', () => {
  expect(parse('enhance in.avi -o out.mp4')).toEqual({
    ...{ name: 'enhance', input: 'in.avi', output: 'out.mp4', scale: 2, from: undefined, to: undefined },
    ...{
      container: 'mp4',
      codec: 'h264',
      quality: 'good',
      model: undefined,
      device: 'auto',
      seed: 0,
      look: undefined,
      strength: undefined,
      fields: undefined,
      isEnhanced: true,
    },
    ...{ hasAudio: true, mayOverwrite: false, asJson: false },
  })
})

test('of keepsake the second word says what is asked of a film', () => {
  expect(parse('keepsake info film.mp4 --json')).toEqual({
    ...{ name: 'keepsake info', input: 'film.mp4', asJson: true },
  })
  expect(parse('keepsake verify film.mp4')).toMatchObject({ name: 'keepsake verify', asJson: false })
  for (const line of ['keepsake', 'keepsake dance film.mp4', 'keepsake info', 'keepsake verify a b'])
    expect(() => parse(line), line).toThrow(UsageError)
  expect(() => parse('keepsake info film.mp4 --scale 2')).toThrow(UsageError)
})

test('a Keepsake is of a level or of a size, as filmed unless a model is asked for', () => {
  expect(parse('keepsake in.avi -o out.mp4')).toMatchObject({
    ...{ name: 'keepsake', codec: 'av1', isEnhanced: false, scale: 1, keepsake: { level: 3 } },
  })
  expect(parse('keepsake in.avi -o out.mp4 --quality 5 --codec h265 --model heirloom-s')).toMatchObject({
    ...{ codec: 'h265', isEnhanced: true, scale: 2, keepsake: { level: 5 } },
  })
  for (const [size, mostBytes] of [
    ['8MB', 8e6],
    ['700kB', 7e5],
    ['1.5GB', 1.5e9],
  ])
    expect(parse(`keepsake in.avi -o out.mp4 --size ${size as string}`)).toMatchObject({
      keepsake: { mostBytes },
    })
  for (const line of [
    ...['in.avi', 'in.avi -o out.mkv', 'in.avi -o out.mp4 --codec ffv1', 'in.avi -o out.mp4 --size 8'],
    ...[
      'in.avi -o out.mp4 --size 8MB --quality 2',
      'in.avi -o out.mp4 --quality good',
      'in.avi -o o.mp4 --scale 2',
    ],
  ])
    expect(() => parse(`keepsake ${line}`), line).toThrow(UsageError)
})

test('one Keepsake is restored to a name, several into a folder under names of their own', () => {
  expect(parse('keepsake restore a.mp4 -o b.mkv --base')).toMatchObject({
    ...{ name: 'keepsake restore', output: 'b.mkv', container: 'mkv' },
    restoring: { detail: 1, grain: true, mayBeBase: true },
  })
  const several = parse('keepsake restore x/a.mp4 y/A.mov z/b.mp4 -o out --detail 0.5')
  expect(several).toMatchObject({ name: 'restoreAll', folder: 'out' })
  const films = several.name === 'restoreAll' ? several.films : []
  expect(films.map(({ input, output }) => [input, output])).toEqual([
    ['x/a.mp4', join('out', 'a (restored).mp4')],
    ['y/A.mov', join('out', 'A (restored) 2.mp4')],
    ['z/b.mp4', join('out', 'b (restored).mp4')],
  ])
  for (const { restoring } of films) expect(restoring).toEqual({ detail: 0.5, grain: true, mayBeBase: false })
  for (const line of ['a.mp4 b.mp4', 'a.mp4 b.mp4 -o c.mp4', 'a.mp4 b.mp4 -o out --detail 2'])
    expect(() => parse(`keepsake restore ${line}`), line).toThrow(UsageError)
})

test('a Keepsake of a photo is of a level or of a size, and is restored as a picture file', () => {
  expect(parse('keepsake in.jpg -o out.hlm')).toMatchObject({
    ...{ name: 'keepsake', format: 'hlm', isEnhanced: false, scale: 1, keepsake: { quality: 35 } },
  })
  expect(parse('keepsake in.jpg -o out.hlm --quality 5')).toMatchObject({ keepsake: { quality: 63 } })
  expect(parse('keepsake in.jpg -o out.hlm --size 30kB')).toMatchObject({ keepsake: { mostBytes: 30_000 } })
  expect(parse('keepsake in.jpg -o out.hlm --size 2GB')).toMatchObject({ keepsake: { mostBytes: 64 << 20 } })
  expect(parse('keepsake restore in.hlm -o out.png --detail 0.5')).toMatchObject({
    ...{ name: 'keepsake restore', format: 'png', scale: 1, restoring: { detail: 0.5, grain: false } },
  })
  for (const line of [
    ...['in.jpg -o out.hlm --codec av1', 'in.jpg -o out.hlm --from 2', 'in.jpg -o out.hlm --scale 2'],
    ...['in.jpg -o out.hlm --size 30kB --quality 2', 'restore in.hlm -o out.png --no-grain'],
    ...['restore in.hlm -o out.hlm', 'restore in.hlm -o out.png --detail 2'],
  ])
    expect(() => parse(`keepsake ${line}`), line).toThrow(UsageError)
})

test('frames are timed anew, and enhanced only where a model is asked for', () => {
  const motion = (line: string): unknown => {
    const command = parse(`${line} -o out.mp4`)
    return 'motion' in command ? command.motion : undefined
  }
  expect(motion('smooth in.avi')).toEqual({ kind: 'smooth', rate: { num: 60, den: 1 } })
  for (const [fps, rate] of [
    ['50', { num: 50, den: 1 }],
    ['59.94', { num: 60000, den: 1001 }],
    ['23.976', { num: 24000, den: 1001 }],
    ['60000/1001', { num: 60000, den: 1001 }],
    ['12.5', { num: 25, den: 2 }],
    ['5.999', { num: 5999, den: 1000 }],
    ['5999/1000', { num: 5999, den: 1000 }],
    ['999999999/999999998', { num: 999999999, den: 999999998 }],
  ])
    expect(motion(`smooth in.avi --fps ${fps as string}`)).toEqual({ kind: 'smooth', rate })
  expect(motion('slowmo in.avi --factor 4 --from 1 --to 2')).toEqual({
    ...{ kind: 'slow', factor: 4, sound: 'stretched' },
  })
  expect(motion('tempo in.avi')).toEqual({ kind: 'tempo', rate: 'found', sound: 'kept' })
  expect(motion('tempo in.avi --rate 16 --sound silent')).toEqual({
    ...{ kind: 'tempo', rate: { num: 16, den: 1 }, sound: 'silent' },
  })
  expect([motion('repair in.avi'), motion('unique in.avi')]).toEqual([{ kind: 'repair' }, { kind: 'unique' }])
  expect(parse('smooth in.avi')).toMatchObject({ isEnhanced: false, scale: 1, isMadeAnyway: false })
  expect(parse('repair in.avi --anyway')).toMatchObject({ isMadeAnyway: true })
  expect(parse('smooth in.avi --model heirloom-s')).toMatchObject({ isEnhanced: true, scale: 2 })
  for (const line of [
    ...['slowmo a --factor 1', 'slowmo a --sound kept', 'smooth a --fps fast', 'smooth a --fps 0'],
    ...['smooth a --fps 1000', 'tempo a --rate 0.5', 'slowmo a --anyway', 'enhance a --anyway'],
    ...['smooth a --factor 2', 'smooth a --scale 2', 'repair a --look strong', 'enhance a --fps 50'],
  ])
    expect(() => parse(line), line).toThrow(UsageError)
})

test('a word that is nearly one that there is, is taken for a slip', () => {
  const wrong = (line: string): string => {
    try {
      parse(line)
    } catch (error) {
      if (error instanceof UsageError) return error.message
    }
    return ''
  }
  expect(wrong('smoth a')).toBe('There is no command "smoth". Did you mean "smooth"?')
  expect(wrong('slomo a')).toContain('"slowmo"')
  expect(wrong('enhacne a')).toContain('"enhance"')
  expect(wrong('keepsake inof a')).toContain('Did you mean "keepsake info"?')
  expect(wrong('models remov x')).toContain('Did you mean "models remove"?')
  expect(wrong('slowmo a --form 1')).toBe('There is no option --form. Did you mean --from?')
  expect(wrong('smooth a --fsp 50')).toContain('--fps')
  expect(wrong('models download --versoin v1')).toContain('--version')
  // Only what the command has, and nothing that is far off.
  expect(wrong('probe a --fromm 1')).toBe('There is no option --fromm.')
  expect(wrong('dance')).toBe('There is no command "dance".')
  expect(wrong('keepsake a b')).toBe('"keepsake" wants exactly one file.')
  expect([parse('help'), parse('version')]).toEqual([{ name: 'help' }, { name: 'version' }])
})

test('a photo wants a file and, for a film, a moment; its kind follows from its name', () => {
  expect(parse('photo in.mp4 --at 1:02.5 -o out.jpeg --scale 4 --model m --json')).toEqual({
    ...{
      name: 'photo',
      input: 'in.mp4',
      output: 'out.jpeg',
      format: 'jpeg',
      at: 62.5,
      way: 'moment',
      scale: 4,
    },
    ...{ model: 'm', device: 'auto', seed: 0, look: undefined },
    ...{ strength: undefined, fields: undefined, mayOverwrite: false, asJson: true, isEnhanced: true },
  })
  expect(parse('photo in.jpg -o out.tif --alone')).toMatchObject({
    at: undefined,
    format: 'tiff',
    way: 'frame',
    scale: 2,
  })
  for (const line of [
    'photo',
    'photo a -o b.gif',
    'photo a --at soon',
    'photo a --codec h264',
    'photo a --scale 3',
  ])
    expect(() => parse(line), line).toThrow(UsageError)
})

test('a strength is a number or what the pictures suggest', () => {
  expect(parse('enhance in.avi --strength auto')).toMatchObject({ strength: 'auto' })
  expect(parse('photo in.avi --strength 0.4')).toMatchObject({ strength: 0.4 })
  expect(() => parse('enhance in.avi --strength automatic')).toThrow(UsageError)
})

test('fields are read as the file says, as the pictures show, or as said', () => {
  expect(parse('enhance in.avi')).toMatchObject({ fields: undefined })
  for (const fields of ['auto', 'top', 'bottom', 'off']) {
    expect(parse(`enhance in.avi --fields ${fields}`)).toMatchObject({ fields })
    expect(parse(`photo in.avi --fields ${fields}`)).toMatchObject({ fields })
  }
  for (const name of ['enhance', 'photo', 'probe'])
    expect(parse(`${name} in.mkv --track 1`)).toMatchObject({ track: 1 })
  for (const line of [
    'enhance in.avi --track x',
    'enhance in.avi --fields both',
    'probe in.avi --fields top',
  ])
    expect(() => parse(line), line).toThrow(UsageError)
})

test('every option is read', () => {
  const line =
    'enhance in -o o.mkv --scale 4 --from 1 --to 00:00:06.5 --codec ffv1 --quality best --model m --device cpu --seed 7 --look gentle --strength 0.5 --no-audio --overwrite --json'
  expect(parse(line)).toMatchObject({
    ...{
      scale: 4,
      from: 1,
      to: 6.5,
      codec: 'ffv1',
      container: 'mkv',
      quality: 'best',
      model: 'm',
      device: 'cpu',
    },
    ...{ seed: 7, look: 'gentle', strength: 0.5, hasAudio: false, mayOverwrite: true, asJson: true },
  })
})

test('the other commands', () => {
  const probe = { name: 'probe', input: 'a.mp4' }
  expect(parse('probe a.mp4 --json')).toEqual({ ...probe, hasEstimate: false, asJson: true })
  expect(parse('probe a.mp4 --estimate')).toEqual({ ...probe, hasEstimate: true, asJson: false })
  expect(parse('devices')).toEqual({ name: 'devices', asJson: false })
  expect(parse('models --json')).toEqual({ name: 'models', asJson: true })
  expect(parse('log --blank')).toEqual({ name: 'log', isBlanked: true })
  expect(parse('serve --port 8080 --share a --share b --no-open')).toEqual({
    ...{ name: 'serve', port: 8080, shared: ['a', 'b'], mayOpen: false },
  })
  expect(parse('--help').name).toBe('help')
  expect(parse('enhance --help').name).toBe('help')
  expect(parse('--version').name).toBe('version')
})

test.each([
  '',
  'dance',
  'enhance',
  'enhance a b -o o.mp4',
  'enhance a -o o.txt',
  'enhance a -o o.mp4 --scale 3',
  'enhance a -o o.mp4 --codec vp9',
  'enhance a -o o.mp4 --codec ffv1',
  'enhance a -o o.mp4 --quality huge',
  'enhance a -o o.mp4 --from soon',
  'enhance a -o o.mp4 --from 5 --to 5',
  'enhance a -o o.mp4 --from 1:75',
  'enhance a -o o.mp4 --strength 2',
  'enhance a -o o.mp4 --look wild',
  'enhance a -o o.mp4 --seed -1',
  'enhance a -o o.mp4 --seed 1.5',
  'enhance a -o o.mp4 --frobnicate',
  'enhance a -o o.mp4 --port 1',
  'probe',
  'probe a --scale 2',
  'devices x',
  'serve --port 99999',
])('refused with the usage: %s', (line) => expect(() => parse(line)).toThrow(UsageError))

test.each([
  [
    'enhance a --frobnicate',
    'There is no option --frobnicate.',
    '--frobnicateというオプションはありません。',
  ],
  ['enhance a -o', 'The option -o wants a value behind it.', 'オプション-oには値が必要です。'],
  ['enhance a -o --json', 'The option -o wants a value behind it.', 'オプション-oには値が必要です。'],
  ['probe a --json=1', 'The option --json takes no value.', 'オプション--jsonに値は付けられません。'],
  [
    'enhance a -o o.mp4 --codec ffv1',
    'ffv1 can only be written into .mkv.',
    'ffv1を書き込めるのは.mkvだけです。',
  ],
  [
    'enhance a --scale 3',
    '--scale is one of 1, 2, 4, not "3".',
    '--scaleは1、2、4のどれかです。「3」は使えません。',
  ],
])('what is wrong is said in the language of the terminal: %s', (line, english, japanese) => {
  const thrown = (() => {
    try {
      return parse(line)
    } catch (error) {
      return error
    }
  })()
  const { sentence } = thrown as UsageError
  expect([sayIn('en', sentence), sayIn('ja', sentence)]).toEqual([english, japanese])
})

test('a value that begins with "-" follows "="', () => {
  expect(parse('enhance a --output=-o.mp4')).toMatchObject({ output: '-o.mp4' })
})

test.each([
  ['0', 0],
  ['75.25', 75.25],
  ['1:15', 75],
  ['01:00:01.500', 3601.5],
  ['-1', undefined],
  ['1:60', undefined],
  ['1e3', undefined],
  ['', undefined],
])('the time %s', (text, seconds) => expect(parseTime(text)).toBe(seconds))

test('a range of seconds is the frames that appear in it', () => {
  const at25 = table(250) // ten seconds
  expect(frameRange(at25, undefined, undefined)).toEqual([0, 250])
  expect(frameRange(at25, 1, 6)).toEqual([25, 150])
  expect(frameRange(at25, 0.001, 0.08)).toEqual([1, 2])
  expect(frameRange(at25, 9.99, 60)).toEqual([250, 250]) // the last frame appears at 9.96
  expect(frameRange(at25, 9.96, 10)).toEqual([249, 250])
  expect(frameRange(at25, 20, undefined)).toEqual([250, 250])
})
