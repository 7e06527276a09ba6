// What is advised when a folder cannot be written, by what the system says of it: no permission helps against a disk that fails, no other folder
// against too many open files.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFailure, secondPlace, sweepPlaces } from '../../../electron/app/access/keeping.js'
import { hold } from '../../../electron/app/access/owners.js'
import { notWritable } from '../../../electron/ffmpeg/target.js'
import { toFailure } from '../../../electron/shared/contract/errors.js'
import { folder } from '../folder.js'

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
  expect(toFailure(notWritable('/films/a.mp4', refused(code))).sentence?.key).toBe(ofOutput)
  expect(toFailure(ownFailure('cache', '/cache', refused(code))).sentence?.key).toBe(ofOwn)
})

test('the second place of a killed process is removed, that of a living one and what is not ours stay', async () => {
  const at = folder()
  const make = (name: string): string => {
    mkdirSync(join(at, name))
    writeFileSync(join(at, name, 'table.json'), '[]')
    return join(at, name)
  }
  const living = make('heirloom-place-living')
  const release = await hold(join(living, 'owner.json'), null)
  const record = JSON.parse(readFileSync(join(living, 'owner.json'), 'utf8')) as { owner: { pid: number } }
  record.owner.pid = spawnSync('true').pid // has ended
  for (const dead of [make('heirloom-place-dead'), make('mine')])
    writeFileSync(join(dead, 'owner.json'), JSON.stringify(record))
  make('heirloom-place-nobody')
  symlinkSync('mine', join(at, 'heirloom-place-link'))
  await sweepPlaces(at)
  const left = ['heirloom-place-link', 'heirloom-place-living', 'heirloom-place-nobody', 'mine']
  expect(readdirSync(at).sort()).toEqual(left)
  expect(readdirSync(join(at, 'mine'))).toHaveLength(2)
  await release()
  const second = await secondPlace()
  await sweepPlaces(dirname(second))
  expect(readdirSync(dirname(second))).toContain(basename(second))
})
