// Names of results: what decides a picture is in them, and nothing else, so that what is finished is found again after an edit.
import { expect, test } from 'vitest'
import { type Coding, keysOf } from '../../../electron/app/render/keys.js'
import type { Tools } from '../../../electron/ffmpeg/resolve.js'
import { type Clip, type EnhanceSettings, defaultEnhance } from '../../../electron/shared/document/project.js'
import { type PlanSource, makePlan } from '../../../electron/shared/planning/plan.js'
import { source, table } from '../../shared/sources.js'
import { planModels } from '../../shared/contracts.js'

const tools: Tools = {
  ...{ ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', version: '7.1', from: 'PATH', encoders: new Set() },
}
const coding: Coding = { codec: 'h264', quality: 'good', frameRate: { num: 25, den: 1 } }
const minutes3 = 4500
const sources: PlanSource[] = ['a', 'b'].map((id) => ({ source: source(id), table: table(minutes3) }))
const clip = (id: string, over: Partial<Clip> = {}): Clip => ({
  ...{ id, sourceId: source(id).id, name: id, from: 0, to: minutes3, enhance: defaultEnhance },
  ...over,
})
const none = { enhance: '', motion: '' }
const [a, b] = [clip('a'), clip('b')]

interface Keys {
  frames: string
  segment: string
}
const keysFor = (clips: Clip[], over: Partial<Coding> = {}, hash = 'm'): Keys[] =>
  makePlan(clips, sources, planModels).segments.map((segment) =>
    keysOf(segment, { enhance: hash, motion: '' }, tools, { ...coding, ...over }),
  )

/** How many of the whole project's results are found again. */
const found = (kind: keyof Keys, other: Keys[]): number => {
  const there = new Set(keysFor([a, b]).map((keys) => keys[kind]))
  return other.filter((keys) => there.has(keys[kind])).length
}

test('of 36 units all but the one that was cut are found again, and their segments with them', () => {
  expect(keysFor([a, b])).toHaveLength(36)
  for (const kind of ['frames', 'segment'] as const) {
    expect(found(kind, keysFor([clip('a', { from: 1 }), b]))).toBe(35)
    expect(found(kind, keysFor([clip('a', { to: minutes3 - 1 }), b]))).toBe(35)
    expect(found(kind, keysFor([b, a]))).toBe(36)
    expect(found(kind, keysFor([clip('a', { to: 1000 }), clip('a', { id: 'c', from: 1000 }), b]))).toBe(36)
  }
})

test('another quality needs other segments of the same frames; so do codecs that take the same layout', () => {
  const others: Partial<Coding>[] = [
    { quality: 'best' },
    { codec: 'h265' },
    { frameRate: { num: 30, den: 1 } },
  ]
  for (const over of others) {
    expect(found('frames', keysFor([a, b], over))).toBe(36)
    expect(found('segment', keysFor([a, b], over))).toBe(0)
  }
  expect(found('frames', keysFor([a, b], { codec: 'prores' }))).toBe(0)
})

test('a key changes with everything that changes a picture, and with nothing else', () => {
  const key = (over: Partial<EnhanceSettings> = {}, hash = 'm', from = 0): string => {
    const made = keysFor([clip('a', { from, enhance: { ...defaultEnhance, ...over } })], {}, hash)[0]
    return made!.frames
  }
  const others = [
    key({ scale: 4 }),
    key({ seed: 1 }),
    key({ strength: 0.5 }),
    key({ device: 'cuda:0 fp8' }),
    key({}, 'n'),
    key({}, 'm', 1),
  ]
  expect(new Set([key(), ...others]).size).toBe(others.length + 1)
  expect([key({ device: 'cpu' }), key({ device: 'cuda:1' })]).toEqual([key(), key()])
})

test('frames that pass through depend neither on their neighbours nor on settings that are off', () => {
  const off = { ...defaultEnhance, isEnabled: false }
  const plain = (enhance: EnhanceSettings): string =>
    keysOf(makePlan([clip('a', { enhance })], sources, planModels).segments[3]!, none, tools, coding).frames
  expect(plain({ ...off, seed: 9, scale: 4, model: 'x' })).toBe(plain(off))
  expect(plain({ ...defaultEnhance, scale: 1, strength: 0 })).toBe(plain(off))
})
