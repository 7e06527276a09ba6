import { expect, test } from 'vitest'
import {
  Interpretation,
  Source,
  distilled,
  firstField,
  interpreted,
  isTakenApart,
  showsInterlacing,
  outputRate,
  readOtherwise,
} from '../../../electron/shared/media/source.js'
import { source } from '../sources.js'

const read = (file: Source, wanted: Interpretation): Source => {
  const interpretation = distilled(file.tagged, wanted)
  return readOtherwise(file, JSON.stringify(interpretation), interpretation)
}

test('a file with its fields read otherwise is a source of its own, and knows its way back', () => {
  const file = source('a')
  const apart = readOtherwise(file, 'b'.repeat(40), { fields: 'bff' })
  expect(Source.parse(apart)).toEqual(apart)
  expect(apart).toMatchObject({ path: file.path, tagged: file.tagged, fingerprint: file.fingerprint })
  expect(apart.video).toEqual({ ...file.video, fieldOrder: 'bff' })
  expect([isTakenApart(file), isTakenApart(apart)]).toEqual([false, true])
  expect(outputRate(apart.video)).toEqual({ num: 50, den: 1 })
  expect(readOtherwise(apart, file.id, {})).toEqual(file)
})

test('a flagged file is the same source when its own order is chosen, and another when its pictures stay whole', () => {
  const file = source('a', { fieldOrder: 'tff' })
  expect(distilled(file.tagged, { fields: 'tff' })).toEqual({})
  expect(distilled(file.tagged, { fields: undefined })).toEqual({})
  const whole = read(file, { fields: 'progressive' })
  expect([whole.interpretation, whole.video.fieldOrder]).toEqual([{ fields: 'progressive' }, 'progressive'])
  expect(isTakenApart(whole)).toBe(false)
})

test('what is worked with follows from what the file says and what a person wants, in this order', () => {
  const { tagged } = source('a', { width: 1280, height: 720, matrix: undefined, range: undefined })
  expect(interpreted(tagged, {})).toMatchObject({ matrix: 'bt709', range: 'limited', isColourGuessed: true })
  expect(interpreted({ ...tagged, width: 640, height: 480 }, {}).matrix).toBe('bt601')
  const wanted: Interpretation = {
    ...{ pixelAspect: { num: 16, den: 15 }, matrix: 'bt2020', range: 'full', rotation: 90 },
  }
  expect(interpreted(tagged, wanted)).toEqual({
    ...{ ...tagged, sampleAspect: { num: 16, den: 15 }, matrix: 'bt2020', range: 'full', rotation: 90 },
    isColourGuessed: false,
  })
  expect(distilled({ ...tagged, range: 'full' }, wanted)).toEqual({ ...wanted, range: undefined })
})

test('what no reader can do is refused, not left out in silence', () => {
  const { tagged } = source('a')
  const crop = { left: 8, top: 0, right: 8, bottom: 0 }
  expect(() => interpreted(tagged, { crop })).toThrow(RangeError)
  expect(() => interpreted(tagged, { frameRate: { num: 18, den: 1 } })).toThrow(RangeError)
  expect(Interpretation.safeParse({ pixelAspect: { num: 0, den: 1 } }).success).toBe(false)
})

test('the first field is the one that most pictures show, top where none does', () => {
  expect(firstField({ top: 3, bottom: 20, whole: 0 })).toBe('bff')
  expect(firstField({ top: 20, bottom: 3, whole: 0 })).toBe('tff')
  expect(firstField({ top: 0, bottom: 0, whole: 9 })).toBe('tff')
  expect(showsInterlacing({ top: 30, bottom: 0, whole: 1 })).toBe(true)
  expect(showsInterlacing({ top: 16, bottom: 7, whole: 8 })).toBe(false) // what idet says of a drawn test card
  expect(showsInterlacing({ top: 0, bottom: 0, whole: 0 })).toBe(false)
})
