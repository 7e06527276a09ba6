// What the system refused, in words of both languages, never as its code.
import { expect, test } from 'vitest'
import { failing, sentenceOf, toFailure } from '../../../electron/shared/contract/errors.js'
import { reasonIn, systemReason } from '../../../electron/shared/words/systemReason.js'

const refused = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: something, open '/films/a.mp4'`), { code, path, syscall: 'open' })

const codes =
  'ENOSPC EDQUOT EACCES EPERM EROFS ENOENT ENOTDIR EISDIR ENAMETOOLONG EINVAL EMFILE ENFILE EBUSY ETXTBSY EIO ENODEV ENXIO EFBIG ENOMEM ELOOP ESTALE ETIMEDOUT EWHATEVER'

test.each(codes.split(' '))('%s is told in words, by itself and inside another sentence', (code) => {
  const { cause, alone } = {
    cause: failing('output-not-writable', 'outputNotWritable', {
      ...{ name: 'a.mp4', folder: '/films', reason: systemReason(refused(code)) },
    }),
    alone: refused(code, '/films/a.mp4'),
  }
  for (const failure of [toFailure(cause), toFailure(alone)]) {
    const overTheBorder = JSON.parse(JSON.stringify(failure)) as typeof failure
    for (const language of ['en', 'ja']) {
      const sentence = sentenceOf(overTheBorder, language)
      expect(sentence).toContain('a.mp4')
      expect(sentence).not.toMatch(/\bE[A-Z]{3,}\b|errno|syscall|undefined|\[object/)
    }
    expect(sentenceOf(overTheBorder, 'ja')).not.toMatch(/[a-z]{6,}/) // the reason too is Japanese
  }
})

test('a full disk keeps its code, whoever hears of it', () => {
  expect(toFailure(refused('ENOSPC', '/films/a.mp4')).code).toBe('disk-full')
  expect(toFailure(refused('EDQUOT')).code).toBe('disk-full')
  expect(toFailure(refused('EIO')).code).toBe('internal')
})

test.each([
  ['/films/a.mp4: Permission denied', 'reasonNotAllowed'],
  ['av_interleaved_write_frame(): Input/output error', 'reasonDevice'],
  ['/films/a.mp4: No such file or directory', 'reasonNotThere'],
  ['Error opening output: Read-only file system', 'reasonReadOnly'],
  ['/films/a.mp4: File name too long', 'reasonNameTooLong'],
  ['Error writing trailer: File too large', 'reasonTooLarge'],
])('what a tool says in the words of the system is said in ours: %s', (line, key) => {
  expect(reasonIn(line)?.key).toBe(key)
})

test('what a tool says in words of its own stays', () => {
  expect(reasonIn('moov atom not found')).toBeUndefined()
})
