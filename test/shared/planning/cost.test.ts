import { expect, test } from 'vitest'
import { firstModel, timesOfSmall } from '../../../electron/shared/planning/cost.js'

const processor = [{ id: 'cpu' }]
const card = [{ id: 'cuda:0' }, { id: 'cpu' }]
const shipped = [{ id: 'heirloom-s' }, { id: 'heirloom-m' }]

test('the medium model is begun with where a graphics card works, the small one elsewhere', () => {
  expect(firstModel('auto', card, shipped)).toBe('heirloom-m')
  expect(firstModel('cuda:0 fp8', card, shipped)).toBe('heirloom-m')
  expect(firstModel('cpu', card, shipped)).toBe('heirloom-s')
  expect(firstModel('auto', processor, shipped)).toBe('heirloom-s')
  expect(firstModel('auto', [], shipped)).toBe('heirloom-s')
})

test('what is not there is not begun with', () => {
  expect(firstModel('auto', card, [{ id: 'heirloom-s' }])).toBe('heirloom-s')
  expect(firstModel('auto', processor, [{ id: 'own' }])).toBe('own')
  expect(firstModel('auto', processor, [])).toBe('heirloom-s')
})

test('a wide model takes as many times as long as the small one as was measured, and none takes less', () => {
  expect(Math.round(timesOfSmall(146_498))).toBe(5)
  expect(Math.round(timesOfSmall(15_866))).toBe(1)
  expect(timesOfSmall(0)).toBe(1)
})
