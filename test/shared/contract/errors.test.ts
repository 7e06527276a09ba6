import { expect, test } from 'vitest'
import { AppError, fromFailure, isCancelled, toFailure } from '../../../electron/shared/contract/errors.js'

test('a failure crosses a border and keeps its code, sentence and detail', () => {
  const failure = toFailure(new AppError('disk-full', 'Full.', { detail: { free: 1 } }))
  const back = fromFailure(JSON.parse(JSON.stringify(failure)) as typeof failure)
  expect(back).toBeInstanceOf(AppError)
  expect([back.code, back.message, back.detail]).toEqual(['disk-full', 'Full.', { free: 1 }])
})

test('everything else becomes internal with its message', () => {
  for (const thrown of [new TypeError('odd'), 'odd'])
    expect(toFailure(thrown)).toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/"odd"\. Your videos are untouched/) as string,
      sentence: { key: 'fault', values: { what: 'odd' } },
    })
  expect(isCancelled(new AppError('cancelled', 'x'))).toBe(true)
})
