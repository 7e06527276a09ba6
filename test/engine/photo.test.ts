// The arithmetic of a photo: what merging changed, and what is mixed of it.
import { expect, test } from 'vitest'
import { changeOf, mixed, shareAlone } from '../../electron/engine/photo.js'
import type { FrameFormat } from '../../electron/ffmpeg/format.js'

const format = (bits: number): FrameFormat => ({
  ...{ width: 4, height: 2, bits, chroma: '420', siting: 'left', matrix: 'bt601', range: 'limited' },
})
const words = (...codes: number[]): Uint8Array => new Uint8Array(Uint16Array.from(codes).buffer)

test('what merging changed is told of luma alone, in codes of 8 bits at any depth', () => {
  const [grey, colours] = [Array<number>(8).fill(100), [0, 0, 0, 0]]
  const changed = [104, 96, ...grey.slice(2)]
  expect(
    changeOf(Uint8Array.from([...grey, 9, 9, 9, 9]), Uint8Array.from([...changed, ...colours]), format(8)),
  ).toBe(1)
  const deep = (codes: number[]): Uint8Array => words(...codes.map((code) => code * 4), ...colours)
  expect(changeOf(deep(grey), deep(changed), format(10))).toBe(1)
})

test('the noisier the moment was, the more of its photo is the merged picture on its own; half at most', () => {
  expect([0, 1, 2, 40].map(shareAlone)).toEqual([0.2, 0.35, 0.5, 0.5])
})

test('pictures of 16 bits are mixed sample by sample, without a step at 255', () => {
  expect(mixed(words(0, 65535, 255, 300), words(400, 65535, 257, 100), 0.25)).toEqual(
    words(100, 65535, 256, 250),
  )
})
