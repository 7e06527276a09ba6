// Real failures of ffmpeg, made here with the one that is installed, and how they are told: the reason, in both languages.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { failure, runText } from '../../electron/ffmpeg/run.js'
import { tellingLine, toolReason } from '../../electron/ffmpeg/toolReason.js'
import { type AppError, sentenceOf } from '../../electron/shared/contract/errors.js'
import { phrase } from '../../electron/shared/words/sentences.js'
import { film } from '../engine/bundle.js'
import { tools, workFolder } from './clips.js'

const at = workFolder()
const path = (name: string): string => join(at, name)
const what = phrase('doWrite', { name: 'o.mp4' })

beforeAll(() => {
  film(path('in.mp4'), { frames: 10 })
  writeFileSync(path('cut.mp4'), readFileSync(path('in.mp4')).subarray(0, 1500))
  copyFileSync(path('in.mp4'), path('whole.mp4'))
  writeFileSync(path('letter.mp4'), 'Dear family, '.repeat(100))
  mkdirSync(path('folder'))
})

const from = (name: string): string[] => ['-i', path(name)]
const pictures = (size: string): string[] => ['-f', 'lavfi', '-i', `testsrc=s=${size}:d=0.2`]
/** Nothing but a pile of consequences tells no person anything. */
const empty =
  /Conversion failed|Error (re)?initializing|Error while opening encoder|Could not write header|Failed to inject|Error marking/

test.each<[words: string, args: () => string[], reason: RegExp]>([
  [
    'a codec that the container cannot hold',
    () => [...from('in.mp4'), '-c:v', 'ffv1', path('o.mp4')],
    /cannot hold/,
  ],
  [
    'an encoder that is not there',
    () => [...from('in.mp4'), '-c:v', 'nosuch', path('o.mp4')],
    /built without/,
  ],
  [
    'a filter that is not there',
    () => [...from('in.mp4'), '-vf', 'nosuch', path('o.mp4')],
    /built without a part/,
  ],
  [
    'a size that is not possible',
    () => [...pictures('63x47'), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path('o.mp4')],
    /of this size/,
  ],
  [
    'a sample rate that is not possible',
    () => [...from('in.mp4'), '-vn', '-c:a', 'aac', '-ar', '1234567', path('o.mp4')],
    /with this rate/,
  ],
  ['no index', () => [...from('cut.mp4'), path('o.mkv')], /index is missing/],
  ['no film', () => [...from('letter.mp4'), path('o.mkv')], /no sense of the data|index is missing/],
  ['no file', () => [...from('none.mp4'), path('o.mkv')], /is not there/],
  ['a folder to read', () => [...from('folder'), path('o.mkv')], /it is a folder/],
  ['a folder to write', () => [...from('in.mp4'), '-f', 'mp4', path('folder')], /it is a folder/],
  ['no folder to write in', () => [...from('in.mp4'), path('no/where/o.mp4')], /is not there/],
  ['a read error', () => ['-i', '/proc/self/mem', path('o.mkv')], /disk reports an error/],
  [
    'a reader that is not allowed',
    () => ['-format_whitelist', 'avi', ...from('in.mp4'), path('o.mkv')],
    /does not open/,
  ],
  [
    'a nonsensical setting',
    () => [...from('in.mp4'), '-c:v', 'libx264', '-preset', 'nonsense', path('o.mp4')],
    /nonsense/,
  ],
  ['a full disk', () => [...from('in.mp4'), '-c:v', 'rawvideo', '-f', 'nut', '/dev/full'], /disk is full/],
])('%s', async (_, args, reason) => {
  const all = ['-hide_banner', '-nostdin', '-y', ...args()]
  for (const loglevel of ['error', 'info']) {
    const error = await runText(tools.ffmpeg, ['-loglevel', loglevel, ...all], { what }).then(
      () => Promise.reject(new Error('ffmpeg did not fail')),
      (thrown: AppError) => thrown,
    )
    expect(sentenceOf(error, 'en')).toMatch(reason)
    for (const language of ['en', 'ja']) expect(sentenceOf(error, language)).not.toMatch(empty)
    if (error.sentence?.key === 'toolFailed')
      expect(sentenceOf(error, 'ja')).toMatch(/元の動画はそのままです。$/)
  }
})

test.each<[stderr: string[], line: string]>([
  [['[mov @ 0x55] moov atom not found', 'Conversion failed!'], 'moov atom not found'],
  [
    [
      '[libx264 @ 0x1] [IMGUTILS @ 0x2] Picture size 40000x40000 is invalid',
      'Error initializing output stream 0:1 -- Error while opening encoder for output stream #0:1 - maybe incorrect parameters',
      'Conversion failed!',
    ],
    'Picture size 40000x40000 is invalid',
  ],
  [
    [
      '[vost#0:0/libx264 @ 0x1] Error while opening encoder - maybe incorrect parameters such as bit_rate, rate, width or height.',
      '[vf#0:0 @ 0x2] Error sending frames to consumers: Invalid argument',
      '[out#0/mp4 @ 0x3] Nothing was written into output file, because at least one of its streams received no packets.',
    ],
    'Error while opening encoder - maybe incorrect parameters such as bit_rate, rate, width or height.',
  ],
  [
    [
      "[vost#0:0 @ 0x1] Unknown encoder 'nosuch'",
      '[vost#0:0 @ 0x1] Error selecting an encoder',
      'Error opening output file o.mp4.',
      'Error opening output files: Encoder not found',
    ],
    "Unknown encoder 'nosuch'",
  ],
  [
    [
      '[libx264 @ 0x1] width not divisible by 2 (63x47)',
      '[vost#0:0/libx264 @ 0x2] Error while opening encoder - maybe incorrect parameters such as bit_rate, rate, width or height.',
      '[vf#0:0 @ 0x3] Error sending frames to consumers: Generic error in an external library',
      '[vost#0:0/libx264 @ 0x2] Could not open encoder before EOF',
      '[out#0/mp4 @ 0x4] Nothing was written into output file, because at least one of its streams received no packets.',
    ],
    'width not divisible by 2 (63x47)',
  ],
  [
    [
      'Failed to inject frame into filter network: Cannot allocate memory',
      'Error while processing the decoded data for stream #0:0',
    ],
    'Failed to inject frame into filter network: Cannot allocate memory',
  ],
  [
    ["x264 [error]: baseline profile doesn't support 4:4:4", 'Error setting profile baseline.'],
    "baseline profile doesn't support 4:4:4",
  ],
])('the line that tells: %#', (stderr, line) => expect(tellingLine(stderr)).toBe(line))

test("an encoder that does not take a rate is no disk's fault", () => {
  const line = '[aac @ 0x1] Specified sample rate 1234567 is not supported by the aac encoder'
  expect(toolReason({ code: 1, signal: null }, [line]).key).toBe('reasonSoundForm')
})

test('what nobody has words for is quoted, and how it ended is told when nothing was said', () => {
  const exit = { code: 1, signal: null }
  const odd = failure(what, [], exit, ['[x @ 0x1] the flux capacitor is cold\u001b[0m'])
  expect(odd.message).toBe(
    'Could not write "o.mp4": ffmpeg says "the flux capacitor is cold\\x1b[0m". Your videos are untouched.',
  )
  expect(sentenceOf(odd, 'ja')).toContain('ffmpegの報告は「the flux capacitor')
  expect(toolReason({ code: null, signal: 'SIGKILL' }, []).key).toBe('reasonEndedBy')
  expect(toolReason({ code: 3, signal: null }, ['', 'Conversion failed!']).key).toBe('reasonEndedWith')
})
