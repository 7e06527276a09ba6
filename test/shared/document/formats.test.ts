import { expect, test } from 'vitest'
import { Project, emptyProject } from '../../../electron/shared/document/document.js'
import { settle } from '../../../electron/shared/document/edits/media.js'
import { parseDocument, readDocument } from '../../../electron/shared/document/formats/read.js'
import { framesOf, timesOf } from '../../../electron/shared/document/frames.js'
import { problemsOf } from '../../../electron/shared/document/problems.js'
import { random } from '../random.js'
import { table } from '../sources.js'
import { item, itemsOf, media, project, track } from './kit.js'
import { saved1, saved2 } from './saved.js'

function read(value: unknown): Project {
  const found = parseDocument(JSON.stringify(value))
  if (found.state !== 'ok') throw new Error(JSON.stringify(found))
  return found.project
}

/** Frames of every item, whatever its times are. */
const frames = (document: Project, tables: Record<string, ReturnType<typeof table>> = {}) =>
  itemsOf(document).map((one) => {
    const of = document.media.find(({ id }) => one.of.kind === 'media' && one.of.media === id)!
    const range = framesOf(one, timesOf(of, tables[of.id])!)!
    return [one.id, range.from, range.to]
  })
const wanted = [
  ['a', 10, 250],
  ['b', 0, 90],
  ['c', 0, 10],
]

test('a document of format 2 becomes one video track of the same frames, with its media, its choices and its recipes', () => {
  const after = read(saved2)
  expect(frames(after)).toEqual(wanted)
  expect(after.sequences[0]!.tracks.map(({ kind, items }) => [kind, items.length])).toEqual([['video', 3]])
  expect(
    after.media.map(({ id, locations, track: t, interpretation }) => [
      id,
      locations.absolute,
      t,
      interpretation,
    ]),
  ).toEqual([
    ['00000000000000aa', '/films/tape.avi', undefined, { fields: 'tff' }],
    ['00000000000000bb', '/films/phone.mov', 2, {}],
  ])
  expect(after.recipes).toEqual([
    {
      id: 'recipe-1',
      steps: [{ model: 'heirloom-s', isOn: true, settings: { scale: 2, look: 'strong', seed: 0 } }],
      device: 'auto',
    },
    {
      id: 'recipe-2',
      steps: [
        { model: 'heirloom-s', isOn: false, settings: { scale: 2, look: 'natural', strength: 0, seed: 0 } },
      ],
      device: 'auto',
    },
  ])
  expect(itemsOf(after).map(({ recipe, name }) => [recipe, name])).toEqual([
    ['recipe-1', undefined],
    ['recipe-2', 'The garden'],
    ['recipe-1', undefined],
  ])
})

test('a document of format 1 gets the look that everybody begins with, and keeps a strength that somebody had set', () => {
  const after = read(saved1)
  expect(frames(after)).toEqual(wanted)
  expect(after.recipes.map(({ steps }) => steps[0]!.settings)).toEqual([
    { scale: 2, look: 'natural', seed: 0 },
    { scale: 2, look: 'natural', strength: 0.4, seed: 0 },
  ])
})

test('frames that were counted stay the same frames when their table is there, whatever its rate, and the film closes up', () => {
  const tables = {
    '00000000000000aa': table(250, [1001], 60_000),
    '00000000000000bb': table(90, [33, 34, 33, 250], 1000),
  }
  const after = Object.entries(tables).reduce(
    (before, [id, own]) => settle(id, timesOf({ ...media(id, 1), countedAt: undefined }, own)!)(before),
    read(saved2),
  )
  expect(after.media.map(({ countedAt }) => countedAt)).toEqual([undefined, undefined])
  expect(frames(after, tables)).toEqual(wanted)
  expect(problemsOf(after)).toEqual([])
  const items = itemsOf(after)
  items.forEach(({ at }, i) => expect(at).toBe(i === 0 ? 0 : items[i - 1]!.at + items[i - 1]!.duration))
  expect(read(after)).toEqual(after)
  expect(settle('00000000000000aa', timesOf(after.media[0]!, tables['00000000000000aa'])!)(after)).toBe(after)
})

test('a film that turns out longer or shorter than it was listed: what reached its end still does', () => {
  for (const count of [200, 300]) {
    const own = timesOf(media('x', 1), table(count))!
    const after = settle('00000000000000aa', own)(read(saved2))
    expect(framesOf(itemsOf(after)[0]!, own)).toEqual({ from: 10, to: count })
    expect(problemsOf(after)).toEqual([])
  }
})

test('a newer format is known by its number alone', () => {
  expect(readDocument({ format: 4, anything: { else: [] } })).toEqual({ state: 'newer', format: 4 })
  expect(parseDocument('{"format": 900, "__proto__": {}}')).toEqual({ state: 'newer', format: 900 })
})

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const whole = project([media('m', 100)], track('v', [item('a', 'm', [0, 50])]))

test.each([
  ['nothing', ''],
  ['half a file', JSON.stringify(saved2).slice(0, 300)],
  ['no document', '[]'],
  ['no format', '{"clips": []}'],
  ['a format that is no number', '{"format": "2"}'],
  ['half a format', '{"format": 2.5}'],
  ['format 0', '{"format": 0}'],
  ['an inherited format', '{"__proto__": {"format": 3}}'],
  ['deep', `{"format": 3, "media": ${deep(200_000)}}`],
  ['an unknown field', JSON.stringify({ ...emptyProject, more: 1 })],
  ['a clip without its source', JSON.stringify({ ...saved2, sources: [] })],
  ['an empty clip', JSON.stringify({ ...saved2, clips: [{ ...saved2.clips[0], from: 20, to: 20 }] })],
  [
    'overlapping items',
    JSON.stringify(whole).replace(
      '[{"id":"a"',
      '[{"id":"b","at":10,"duration":50,"of":{"kind":"title","text":""},"fit":"fit"},{"id":"a"',
    ),
  ],
  ['an item of no media', JSON.stringify({ ...whole, media: [] })],
  ['an item beyond its media', JSON.stringify(whole).replace('"duration":50', '"duration":101')],
  ['an endless item', JSON.stringify(whole).replace('"duration":50', '"duration":1e300')],
  ['ids twice', JSON.stringify({ ...whole, media: [media('m', 100), media('m', 100)] })],
])('damage is found and is no document: %s', (_, text) => {
  expect(parseDocument(text).state).toBe('damaged')
})

test('settings of a recipe are plain JSON within bounds', () => {
  const having = (settings: string): string =>
    JSON.stringify(emptyProject).replace(
      '"recipes":[]',
      `"recipes":[{"id":"r","device":"auto","steps":[{"model":"m","isOn":true,"settings":${settings}}]}]`,
    )
  expect(parseDocument(having('{"a":[1,"x",null,{"b":true}]}')).state).toBe('ok')
  for (const settings of [
    '[]',
    'null',
    '"x"',
    `{"a":${deep(9)}}`,
    `{"a":[${'1,'.repeat(1000)}1]}`,
    '{"__proto__":{"a":1}}',
  ])
    expect([settings.slice(0, 30), parseDocument(having(settings)).state]).toEqual([
      settings.slice(0, 30),
      'damaged',
    ])
})

test('whatever bytes of a file are changed, reading answers and what it takes for whole is whole (seed 5)', () => {
  const r = random(5)
  for (const text of [saved1, saved2, read(saved2)].map((value) => JSON.stringify(value)))
    for (let i = 0; i < 300; i++) {
      const at = r.whole(0, text.length - 1)
      const found = parseDocument(
        text.slice(0, at) + r.pick(['', '9', '"', '{', ']', 'e', '-', ',']) + text.slice(at + r.whole(0, 2)),
      )
      if (found.state === 'ok') {
        expect(problemsOf(found.project)).toEqual([])
        expect(Project.parse(found.project)).toEqual(found.project)
      }
    }
})
