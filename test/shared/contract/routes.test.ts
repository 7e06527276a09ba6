import { expect, test } from 'vitest'
import { type Route, parseRoute, toPath } from '../../../electron/shared/contract/routes.js'

const sourceId = '0123456789abcdef'
const routes: Route[] = [
  { kind: 'media', sourceId },
  { kind: 'proxy', sourceId },
  { kind: 'frame', sourceId, frame: 12 },
  { kind: 'frame', sourceId, frame: 0, width: 1280 },
  { kind: 'thumbnail', sourceId, frame: 3, height: 64 },
  { kind: 'look', id: '0f'.repeat(16), side: 'given' },
  { kind: 'rendered', sourceId: 'abcdef0123456789', recipe: 'abc_x2_0.6_0_0_fp8+small', frame: 7 },
  { kind: 'rendered', sourceId: 'abcdef0123456789', recipe: 'untouched_smooth_50-1', frame: 7, way: 416_667 },
  { kind: 'output', jobId: 'export-a/b c-1' },
]

test.each(routes)('a route comes back from its address: $kind', (route) => {
  expect(parseRoute(toPath(route))).toEqual(route)
})

test.each([
  '',
  '/',
  '/media/../../etc/passwd',
  '/media/ABC',
  '/frame/0123456789abcdef/-1.jpg',
  '/frame/0123456789abcdef/1.png',
  '/frame/0123456789abcdef/1.jpg?width=1000000',
  '/thumbnail/0123456789abcdef/1.jpg',
  '/look/0f0f/made.png',
  `/look/${'0f'.repeat(16)}/other.png`,
  `/look/${'0f'.repeat(16)}/../made.png`,
  '/rendered/0123456789abcdef/x2/7.jpg?way=0',
  '/output/%E0%A4%A',
  '/output/',
  '/other/0123456789abcdef',
])('anything else is nobody: %s', (path) => expect(parseRoute(path)).toBeUndefined())
