// The order of names.
import { expect, test } from 'vitest'
import { byName } from '../../electron/shared/media/fileNames.js'

test('2 comes before 10, whatever stands around it', () => {
  const names = ['tape 10.avi', 'Tape 2.avi', 'b.mov', 'tape 1.avi', 'A.mp4', 'tape 2b.avi']
  expect(
    names
      .map((name) => ({ name }))
      .toSorted(byName)
      .map(({ name }) => name),
  ).toEqual([...['A.mp4', 'b.mov', 'tape 1.avi', 'Tape 2.avi', 'tape 2b.avi', 'tape 10.avi']])
})
