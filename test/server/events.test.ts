// What waits for a slow window is bounded and keeps its order.
import { expect, test } from 'vitest'
import { createEventQueue } from '../../electron/server/events.js'
import type { ApiEvent } from '../../electron/shared/contract/api.js'
import { safeName } from '../../electron/server/upload.js'

const job = (id: string, framesDone: number): ApiEvent => ({
  type: 'job',
  job: {
    id,
    kind: 'preview',
    name: id,
    state: 'running',
    framesDone,
    framesTotal: 9,
    framesPerSecond: 0,
    speed: 0,
    elapsedMs: 0,
    notes: [],
  },
})

test("a job's news replaces its older news; everything else stays in order", () => {
  const queue = createEventQueue()
  for (const event of [job('a', 1), { type: 'menu', command: 'open' } as const, job('b', 1), job('a', 2)])
    queue.push(event)
  expect(queue.length).toBe(3)
  expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([
    job('a', 2),
    { type: 'menu', command: 'open' },
    job('b', 1),
    undefined,
  ])
})

test('names of dropped files lose everything a file system understands', () => {
  expect(safeName('tape 1.mp4')).toBe('tape 1.mp4')
  expect(safeName('../../etc/passwd')).toBe('passwd')
  expect(safeName('C:\\tapes\\one.avi')).toBe('one.avi')
  expect(safeName('a\u0000b\n.mp4')).toBe('a_b_.mp4')
  expect(safeName('..')).toBeUndefined()
  expect(safeName('')).toBeUndefined()
  expect(safeName('夏休み.mp4')).toBe('夏休み.mp4')
  for (const letter of ['x', 'é', '夏', '👨‍👩‍👧'])
    for (const ending of ['.mp4', '']) {
      const name = safeName(letter.repeat(500) + ending) ?? ''
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
      expect(Buffer.byteLength(name)).toBeGreaterThan(255 - 18)
      expect(name).toBe(letter.repeat((name.length - ending.length) / letter.length) + ending)
    }
  expect(Buffer.byteLength(safeName(`a.${'x'.repeat(500)}`) ?? '')).toBe(255)
})
