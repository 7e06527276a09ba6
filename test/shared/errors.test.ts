import { expect, test } from 'vitest'
import { AppError, fromFailure, isCancelled, toFailure } from '../../electron/shared/errors.js'

test('a failure crosses a border and keeps its code, sentence and detail', () => {
  const failure = toFailure(new AppError('disk-full', 'Full.', { detail: { free: 1 } }))
  const back = fromFailure(JSON.parse(JSON.stringify(failure)) as typeof failure)
  expect(back).toBeInstanceOf(AppError)
  expect([back.code, back.message, back.detail]).toEqual(['disk-full', 'Full.', { free: 1 }])
})

test('everything else becomes internal with its message', () => {
  expect(toFailure(new TypeError('odd'))).toEqual({ code: 'internal', message: 'odd' })
  expect(toFailure('odd').message).toBe('odd')
  expect(isCancelled(new AppError('cancelled', 'x'))).toBe(true)
})
