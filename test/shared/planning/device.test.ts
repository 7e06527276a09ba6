import { expect, test } from 'vitest'
import { deviceChoice } from '../../../electron/shared/planning/device.js'

test.each([
  ['auto', 'auto', 'auto'],
  ['cpu', 'cpu', 'auto'],
  ['cuda:1', 'cuda:1', 'auto'],
  ['cuda:0 fp8', 'cuda:0', 'fp8'],
  ['  auto   bf16 ', 'auto', 'bf16'],
  ['', 'auto', 'auto'],
  ['cuda:0 bf16 fast', 'cuda:0', 'bf16 fast'],
])('"%s" is the device %s in the precision %s', (text, id, precision) => {
  expect(deviceChoice(text)).toEqual({ id, precision })
})
