import { expect, test } from 'vitest'
import { Project } from '../../../electron/shared/document/document.js'
import { lift, rippleDelete } from '../../../electron/shared/document/edits/lift.js'
import { detachSound, link, unlink } from '../../../electron/shared/document/edits/link.js'
import { move, reorder } from '../../../electron/shared/document/edits/move.js'
import { append, insert, overwrite } from '../../../electron/shared/document/edits/place.js'
import { setRecipe } from '../../../electron/shared/document/edits/recipe.js'
import { slip } from '../../../electron/shared/document/edits/slip.js'
import { split } from '../../../electron/shared/document/edits/split.js'
import { addTrack, setSequence } from '../../../electron/shared/document/edits/tracks.js'
import { roll, trimInPlace, trimRipple } from '../../../electron/shared/document/edits/trim.js'
import { problemsOf } from '../../../electron/shared/document/problems.js'
import { itemsAt } from '../../../electron/shared/document/sequence.js'
import { frozen, item, itemsOf, media, project, ranges, track } from './kit.js'

/** a 0-100, b 100-150, c 150-200, each with a handle of 20 in a media of 200. */
const film = (): Project =>
  frozen(
    project(
      [media('m', 200)],
      track('v', [
        item('a', 'm', [0, 100, 20]),
        item('b', 'm', [100, 50, 20]),
        item('c', 'm', [150, 50, 20]),
      ]),
    ),
  )

const sound = (id: string, [at, duration, from]: [number, number, number], link?: string) =>
  item(id, 'm', [at, duration, from], link === undefined ? {} : { link })
/** The same film, each clip linked with its sound on a track of its own, and music under all of it. */
const linked = (): Project =>
  frozen(
    project(
      [media('m', 200)],
      track('v', [
        item('a', 'm', [0, 100, 20], { link: '1' }),
        item('b', 'm', [100, 50, 20], { link: '2' }),
        item('c', 'm', [150, 50, 20], { link: '3' }),
      ]),
      track(
        's',
        [sound('as', [0, 100, 20], '1'), sound('bs', [100, 50, 20], '2'), sound('cs', [150, 50, 20], '3')],
        'audio',
      ),
      track('music', [sound('song', [0, 120, 0]), sound('next', [120, 80, 0])], 'audio'),
    ),
  )

test('inserting makes room: what lies there is cut, what follows moves with its sound, music stays', () => {
  const after = insert([{ track: 'v', item: item('n', 'm', [60, 10]) }], 'x')(linked())
  expect(ranges(after)).toEqual([
    [
      ['a', 0, 60, 20],
      ['n', 60, 70, 0],
      ['x-cut0', 70, 110, 80],
      ['b', 110, 160, 20],
      ['c', 160, 210, 20],
    ],
    [
      ['as', 0, 60, 20],
      ['x-cut0-1', 70, 110, 80],
      ['bs', 110, 160, 20],
      ['cs', 160, 210, 20],
    ],
    [
      ['song', 0, 120, 0],
      ['next', 120, 200, 0],
    ],
  ])
  expect(problemsOf(after)).toEqual([])
})

test('overwriting takes the place of what was there and moves nothing', () => {
  expect(ranges(overwrite([{ track: 'v', item: item('n', 'm', [90, 70]) }], 'x')(film()))).toEqual([
    [
      ['a', 0, 90, 20],
      ['n', 90, 160, 0],
      ['c', 160, 200, 30],
    ],
  ])
  expect(
    ranges(overwrite([{ track: 'v', item: item('n', 'm', [10, 10]) }], 'x')(film()))[0]!.slice(0, 3),
  ).toEqual([
    ['a', 0, 10, 20],
    ['n', 10, 20, 0],
    ['x-rest0', 20, 100, 40],
  ])
})

test('the next item of a film goes to its end; one that cannot be is not taken', () => {
  expect(ranges(append([{ track: 'v', item: item('n', 'm', [0, 30]) }])(film()))[0]!.at(-1)).toEqual([
    'n',
    200,
    230,
    0,
  ])
  const before = film()
  expect(append([{ track: 'v', item: item('n', 'unknown', [0, 30]) }])(before)).toBe(before)
  expect(append([{ track: 'v', item: item('a', 'm', [0, 30]) }])(before)).toBe(before)
  expect(append([{ track: 'nowhere', item: item('n', 'm', [0, 30]) }])(before)).toBe(before)
  expect(append([{ track: 'v', item: item('n', 'm', [0, 201]) }])(before)).toBe(before)
})

test('lifting leaves a gap, ripple delete closes up; sound goes along, music stays', () => {
  expect(ranges(lift('b')(linked())).slice(0, 2)).toEqual([
    [
      ['a', 0, 100, 20],
      ['c', 150, 200, 20],
    ],
    [
      ['as', 0, 100, 20],
      ['cs', 150, 200, 20],
    ],
  ])
  const before = linked()
  const after = rippleDelete('bs')(before)
  expect(ranges(after)).toEqual([
    [
      ['a', 0, 100, 20],
      ['c', 100, 150, 20],
    ],
    [
      ['as', 0, 100, 20],
      ['cs', 100, 150, 20],
    ],
    [
      ['song', 0, 120, 0],
      ['next', 120, 200, 0],
    ],
  ])
  expect(after.sequences[0]!.tracks[2]).toBe(before.sequences[0]!.tracks[2])
})

test('closing up goes as far as the sound that moves along has room', () => {
  const before = frozen(
    project(
      [media('m', 200)],
      track('v', [
        item('a', 'm', [0, 10], { link: '1' }),
        item('b', 'm', [10, 10]),
        item('c', 'm', [20, 10], { link: '3' }),
      ]),
      track('s', [sound('as', [0, 14, 0], '1'), sound('cs', [20, 10, 0], '3')], 'audio'),
    ),
  )
  expect(ranges(rippleDelete('b')(before))).toEqual([
    [
      ['a', 0, 10, 0],
      ['c', 14, 24, 0],
    ],
    [
      ['as', 0, 14, 0],
      ['cs', 14, 24, 0],
    ],
  ])
})

test('trimming with ripple keeps the start and moves what follows', () => {
  expect(ranges(trimRipple({ id: 'b', edge: 'end', by: -10 })(film()))).toEqual([
    [
      ['a', 0, 100, 20],
      ['b', 100, 140, 20],
      ['c', 140, 190, 20],
    ],
  ])
  expect(ranges(trimRipple({ id: 'b', edge: 'start', by: 15 })(linked())).slice(0, 2)).toEqual([
    [
      ['a', 0, 100, 20],
      ['b', 100, 135, 35],
      ['c', 135, 185, 20],
    ],
    [
      ['as', 0, 100, 20],
      ['bs', 100, 135, 35],
      ['cs', 135, 185, 20],
    ],
  ])
  expect(ranges(trimRipple({ id: 'b', edge: 'start', by: -50 })(film()))[0]!.slice(1)).toEqual([
    ['b', 100, 170, 0],
    ['c', 170, 220, 20],
  ])
})

test('edges stay inside the media and the least that shall be left', () => {
  expect(ranges(trimRipple({ id: 'a', edge: 'end', by: 5000 })(film()))[0]![0]).toEqual(['a', 0, 180, 20])
  expect(ranges(trimRipple({ id: 'a', edge: 'end', by: -5000, shortest: 10 })(film()))[0]![0]).toEqual([
    'a',
    0,
    10,
    20,
  ])
  expect(ranges(trimInPlace({ id: 'a', edge: 'start', by: 5000, shortest: 10 })(film()))[0]![0]).toEqual([
    'a',
    90,
    100,
    110,
  ])
})

test('trimming in place opens a gap and never runs over a neighbour', () => {
  const open = trimInPlace({ id: 'b', edge: 'start', by: 20 })(linked())
  expect(ranges(open).slice(0, 2)).toEqual([
    [
      ['a', 0, 100, 20],
      ['b', 120, 150, 40],
      ['c', 150, 200, 20],
    ],
    [
      ['as', 0, 100, 20],
      ['bs', 120, 150, 40],
      ['cs', 150, 200, 20],
    ],
  ])
  expect(ranges(trimInPlace({ id: 'a', edge: 'end', by: 90 })(open))[0]![0]).toEqual(['a', 0, 120, 20])
  const before = film()
  expect(trimInPlace({ id: 'a', edge: 'end', by: 5 })(before)).toBe(before)
})

test('rolling moves the cut and its sound, and keeps the length of the film', () => {
  expect(ranges(roll('a', -30)(linked())).slice(0, 2)).toEqual([
    [
      ['a', 0, 80, 20],
      ['b', 80, 150, 0],
      ['c', 150, 200, 20],
    ],
    [
      ['as', 0, 80, 20],
      ['bs', 80, 150, 0],
      ['cs', 150, 200, 20],
    ],
  ])
  const before = lift('b')(film())
  expect(roll('a', 5)(before)).toBe(before)
  expect(roll('c', 5)(before)).toBe(before)
})

test('slipping shows another part, no further than there is', () => {
  expect(ranges(slip('b', 7)(linked())).map((items) => items[1])).toEqual([
    ['b', 100, 150, 27],
    ['bs', 100, 150, 27],
    ['next', 120, 200, 0],
  ])
  expect(ranges(slip('b', 1e6)(film()))[0]![1]).toEqual(['b', 100, 150, 150])
  expect(ranges(slip('b', -1e6)(film()))[0]![1]).toEqual(['b', 100, 150, 0])
})

test('splitting cuts the sound too, and each part is linked with its own', () => {
  const after = split('as', 40, 'x')(linked())
  expect(
    ranges(after)
      .slice(0, 2)
      .map((items) => items.slice(0, 2)),
  ).toEqual([
    [
      ['a', 0, 40, 20],
      ['x-1', 40, 100, 60],
    ],
    [
      ['as', 0, 40, 20],
      ['x', 40, 100, 60],
    ],
  ])
  expect(
    itemsOf(after)
      .filter(({ link: l }) => l === 'x')
      .map(({ id }) => id),
  ).toEqual(['x-1', 'x'])
  const before = film()
  for (const time of [0, 100, 500]) expect(split('a', time, 'x')(before)).toBe(before)
})

test('links: made between tracks, dissolved alone, gone when one end is gone', () => {
  const before = linked()
  const free = unlink('a')(before)
  expect(itemsOf(free).filter(({ link: l }) => l === '1')).toEqual([])
  expect(itemsOf(link(['a', 'as'], 'new')(free)).filter(({ link: l }) => l === 'new')).toHaveLength(2)
  expect(link(['a', 'b'], 'new')(free)).toBe(free)
  expect(link(['a', 'as'], 'new')(before)).toBe(before)
  const covered = overwrite([{ track: 's', item: sound('over', [90, 70, 0]) }], 'x')(before)
  expect(itemsOf(covered).find(({ id }) => id === 'b')).not.toHaveProperty('link')
  expect(problemsOf(covered)).toEqual([])
})

test('a clip brings its own sound until that becomes an item of its own', () => {
  const before = addTrack('audio', 's')(film())
  const after = detachSound('b', 's', 'bs')(before)
  expect(ranges(after)[1]).toEqual([['bs', 100, 150, 20]])
  expect(
    itemsOf(after)
      .filter(({ link: l }) => l === 'bs')
      .map(({ of }) => of.kind === 'media' && of.isHeard),
  ).toEqual([false, true])
  expect(problemsOf(after)).toEqual([])
  expect(detachSound('b', 's', 'again')(after)).toBe(after)
})

test('moving puts an item over what is there, with its sound; nothing begins before 0', () => {
  expect(ranges(move('c', { at: 20 }, 'x')(linked()))[0]).toEqual([
    ['a', 0, 20, 20],
    ['c', 20, 70, 20],
    ['x-rest0', 70, 100, 90],
    ['b', 100, 150, 20],
  ])
  expect(ranges(move('c', { at: 20 }, 'x')(linked()))[1]![1]).toEqual(['cs', 20, 70, 20])
  const before = film()
  expect(move('a', { at: 0 }, 'x')(before)).toBe(before)
  expect(move('a', { at: 0, onTrack: 'nowhere' }, 'x')(before)).toBe(before)
})

test('another place in the order: the others close up and make room', () => {
  const order = (p: Project): string[] => ranges(p)[0]!.map(([id]) => id)
  for (const before of [film(), linked()]) {
    expect(order(reorder('c', 0, 'x')(before))).toEqual(['c', 'a', 'b'])
    expect(order(reorder('a', 2, 'x')(before))).toEqual(['b', 'c', 'a'])
    expect(ranges(reorder('a', 1, 'x')(before))[0]).toEqual([
      ['b', 0, 50, 20],
      ['a', 50, 150, 20],
      ['c', 150, 200, 20],
    ])
    expect(reorder('b', 1, 'x')(before)).toBe(before)
  }
})

test('items with the same recipe share it, and one that nobody has leaves', () => {
  const strong = { steps: [{ model: 'm', isOn: true, settings: { scale: 2 } }], device: 'auto' }
  const weak = { steps: [{ model: 'm', isOn: true, settings: { scale: 1 } }], device: 'auto' }
  const two = setRecipe(['a', 'b'], strong)(film())
  expect(two.recipes).toHaveLength(1)
  expect(setRecipe(['a', 'b'], strong)(two)).toBe(two)
  const three = setRecipe(['c'], weak)(two)
  expect(three.recipes.map(({ id }) => id)).toEqual(['recipe-1', 'recipe-2'])
  expect(setRecipe(['a', 'b'], weak)(three).recipes).toHaveLength(1)
  expect(setRecipe(['a', 'b'], undefined)(two).recipes).toEqual([])
})

test('an edit that changes nothing gives the same document, and what an edit does not touch is shared', () => {
  const before = linked()
  const same = [
    ...[lift('x'), rippleDelete('x'), slip('x', 1), roll('x', 1), split('x', 1, 'n'), unlink('song')],
    ...[
      trimRipple({ id: 'a', edge: 'end', by: 0 }),
      trimInPlace({ id: 'x', edge: 'end', by: 9 }),
      slip('a', 0),
    ],
    ...[
      setRecipe(['a'], undefined),
      setRecipe([], { steps: [], device: 'auto' }),
      setSequence('as-first-item'),
      addTrack('audio', 's'),
    ],
  ]
  for (const edit of same) expect(edit(before)).toBe(before)
  const after = trimRipple({ id: 'c', edge: 'end', by: -5 })(before)
  expect(after.media).toBe(before.media)
  expect(after.sequences[0]!.tracks[2]).toBe(before.sequences[0]!.tracks[2])
  expect(after.sequences[0]!.tracks[0]!.items[0]).toBe(before.sequences[0]!.tracks[0]!.items[0])
})

test('twice the speed takes twice the media, and edges stay inside it', () => {
  const fast = item('f', 'm', [0, 50, 0], { speed: { num: 2, den: 1 } })
  const before = frozen(project([media('m', 200)], track('v', [fast])))
  expect(ranges(split('f', 20, 'x')(before))).toEqual([
    [
      ['f', 0, 20, 0],
      ['x', 20, 50, 40],
    ],
  ])
  expect(ranges(trimRipple({ id: 'f', edge: 'end', by: 500 })(before))).toEqual([[['f', 0, 100, 0]]])
  expect(ranges(slip('f', 500)(before))).toEqual([[['f', 0, 50, 100]]])
})

test('what is on the tracks at a time', () => {
  const at = (time: number): string[] => itemsAt(linked().sequences[0]!, time).map(({ item: { id } }) => id)
  expect(at(0)).toEqual(['a', 'as', 'song'])
  expect(at(120)).toEqual(['b', 'bs', 'next'])
  expect(at(200)).toEqual([])
})
