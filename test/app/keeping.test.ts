// What is advised when a folder cannot be written, by what the system says of it: no permission helps against a disk that fails, no other folder
// against too many open files.
import { expect, test } from 'vitest'
import { ownFailure } from '../../electron/app/keeping.js'
import { notWritable } from '../../electron/ffmpeg/target.js'
import { toFailure } from '../../electron/shared/errors.js'

const refused = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code })

test.each([
  ['EACCES', 'outputNotAllowed', 'ownNotWritable'],
  ['EROFS', 'outputOtherDisk', 'ownOtherDisk'],
  ['EIO', 'outputOtherDisk', 'ownOtherDisk'],
  ['EFBIG', 'outputOtherDisk', 'ownOtherDisk'],
  ['ENOENT', 'outputFolderGone', 'ownNotWritable'],
  ['EMFILE', 'outputNotNow', 'ownNotNow'],
  ['EBUSY', 'outputNotNow', 'ownNotNow'],
  ['ENOSPC', 'outputDiskFull', 'ownDiskFull'],
  ['ENAMETOOLONG', 'outputNameTooLong', 'ownNotWritable'],
  ['EWHATEVER', 'outputNotWritable', 'ownNotWritable'],
])('%s', (code, ofOutput, ofOwn) => {
  expect(toFailure(notWritable('/films/a.mp4', refused(code))).said?.key).toBe(ofOutput)
  expect(toFailure(ownFailure('cache', '/cache', refused(code))).said?.key).toBe(ofOwn)
})
