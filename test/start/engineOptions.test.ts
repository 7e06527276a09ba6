// For which cards the engine is compiled: what is of no use here is not, and what was compiled is not compiled again.
import { expect, test } from 'vitest'
import { builtArchitectures, cudaOptions, wantedArchitectures } from '../../electron/start/engineOptions.mjs'

const machine = (...capabilities: string[]) => ({ hasCompiler: true, capabilities })

test('a start compiles for the cards that are there, and for none where there is none', () => {
  expect(wantedArchitectures('start', machine())).toEqual([])
  expect(wantedArchitectures('start', machine('8.6', '8.6', '9.0'))).toEqual(['86-real', '90a-real'])
  expect(wantedArchitectures('start', machine('6.1'))).toEqual([]) // before Turing: the processor
})

test('tests see that the kernels compile also where there is no card; a package is for every card', () => {
  expect(wantedArchitectures('test', machine())).toEqual(['80-real'])
  expect(wantedArchitectures('test', machine('12.0'))).toEqual(['120-real'])
  expect(wantedArchitectures('package', machine('8.6'))).toEqual(['every'])
  for (const purpose of ['start', 'test', 'package'])
    expect(wantedArchitectures(purpose, { hasCompiler: false, capabilities: ['8.6'] })).toEqual([])
})

test('an earlier build stays built for what it was built for', () => {
  const cache = 'HL_CUDA:STRING=ON\nHL_CUDA_ARCHITECTURES:STRING=80-real;86-real\n'
  expect(builtArchitectures(cache)).toEqual(['80-real', '86-real'])
  expect(builtArchitectures(cache.replace('ON', 'OFF'))).toEqual([])
  expect(cudaOptions([], [])).toEqual(['-DHL_CUDA=OFF'])
  expect(cudaOptions([], ['80-real'])).toEqual(['-DHL_CUDA=ON', '-DHL_CUDA_ARCHITECTURES=80-real'])
  expect(cudaOptions(['75-real'], ['80-real'])).toEqual([
    '-DHL_CUDA=ON',
    '-DHL_CUDA_ARCHITECTURES=75-real;80-real',
  ])
  expect(cudaOptions(['every'], ['80-real'])).toEqual(['-DHL_CUDA=ON', '-DHL_CUDA_ARCHITECTURES=every'])
})
