// The Keepsake box as bytes: read as it was written, any changed byte named, and nothing believed that is not there.
import { expect, test } from 'vitest'
import { isKeepsakeBox, readBox, writeBox } from '../../../../electron/shared/media/keepsake/container.js'
import { crc32c } from '../../../../electron/shared/media/keepsake/crc32c.js'
import { writeInfo } from '../../../../electron/shared/media/keepsake/info.js'
import {
  type FoundKeepsake,
  foundOf,
  keepsakeOf,
  writeKeepsake,
} from '../../../../electron/shared/media/keepsake/keepsake.js'
import {
  readQuantiser,
  runsOf,
  writeQuantiser,
} from '../../../../electron/shared/media/keepsake/quantiser.js'
import { readScenes, writeScenes } from '../../../../electron/shared/media/keepsake/scenes.js'
import { type Section, mostSections } from '../../../../electron/shared/media/keepsake/sections.js'
import { random } from '../../random.js'
import { keepsakeFor, scene } from './kit.js'

const text = (words: string): Uint8Array => new TextEncoder().encode(words)
const found = (bytes: Uint8Array): Exclude<FoundKeepsake, { state: 'none' }> =>
  foundOf(readBox(bytes), 0, bytes.length)
const placesIn = (bytes: Uint8Array): string[] => {
  const told = found(bytes)
  return told.state === 'there' ? told.damages.map(({ place, what }) => `${place} ${what}`) : [told.state]
}
const changed = (bytes: Uint8Array, at: number, value: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? value : byte))

test('CRC-32C is the one of iSCSI', () => {
  expect(crc32c(text('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(0))).toBe(0)
})

test('what is written is read again, to the step in which it is kept', () => {
  const keepsake = keepsakeFor(61)
  const read = keepsakeOf(readBox(writeKeepsake(keepsake)))
  expect(read?.info).toEqual(keepsake.info)
  expect(read?.quantiser).toEqual(keepsake.quantiser)
  expect(read?.scenes.map(({ from, to }) => [from, to])).toEqual([
    [0, 31],
    [31, 61],
  ])
  const levels = read?.scenes.flatMap(({ grain }) => grain.levels) ?? []
  const wanted = keepsake.scenes.flatMap(({ grain }) => grain.levels)
  for (const [i, level] of levels.entries()) expect(Math.abs(level - (wanted[i] ?? 0))).toBeLessThan(1e-5)
  expect(read?.scenes[0]?.grain).toMatchObject({ size: 0.75, chroma: 0.5 })
})

test('what stands behind it does not belong to it', () => {
  const bytes = writeKeepsake(keepsakeFor(5))
  const more = Uint8Array.from([...bytes, ...text('....free')])
  expect(placesIn(more)).toEqual([])
  expect(found(more)).toMatchObject({ from: 0, to: bytes.length })
})

test('every single changed byte is named by its section', () => {
  const bytes = writeKeepsake(keepsakeFor(30))
  const read = readBox(bytes)
  if (read.state !== 'read') throw new Error('it was not read')
  const head = bytes.length - read.sections.reduce((sum, { data }) => sum + data.length, 0)
  const ends: [string, number][] = [
    ['box', 8],
    ['head', head],
  ]
  for (const { type, data } of read.sections) ends.push([type, (ends.at(-1)?.[1] ?? 0) + data.length])
  for (let at = 0; at < bytes.length; at++) {
    const hurt = changed(bytes, at, (bytes[at] ?? 0) ^ (1 << (at % 8)))
    const [place] = ends.find(([, end]) => at < end) ?? []
    expect(placesIn(hurt), `byte ${at}`).toEqual([`${place} changed`])
    expect(isKeepsakeBox(hurt), `byte ${at}`).toBe(true)
    expect(keepsakeOf(readBox(hurt)), `byte ${at}`).toBeUndefined()
  }
})

test('a box that is cut off anywhere says which section is not whole, and gives those before it', () => {
  const bytes = writeKeepsake(keepsakeFor(30))
  for (let length = 1; length < bytes.length; length++) {
    const places = placesIn(bytes.subarray(0, length))
    expect(places.length, `${length}`).toBeGreaterThan(0)
    for (const place of places) expect(place, `${length}`).toMatch(/ cutOff$/)
  }
  expect(placesIn(bytes.subarray(0, bytes.length - 1))).toEqual(['qntz cutOff'])
  expect(found(bytes.subarray(0, bytes.length - 1))).toMatchObject({ info: { seed: 7 } })
})

const whole = (): Section[] => {
  const read = readBox(writeKeepsake(keepsakeFor(30)))
  return read.state === 'read' ? read.sections : []
}

test('sections that this version does not know are left aside, and told', () => {
  const bytes = writeBox([{ type: 'late', data: text('of tomorrow') }, ...whole()])
  expect(found(bytes)).toMatchObject({ unread: ['late'], damages: [], info: { seed: 7 } })
  expect(keepsakeOf(readBox(bytes))?.info.seed).toBe(7)
})

/** As a later version writes it: its numbers, and the CRC of its head. */
function ofVersion(major: number, minor: number): Uint8Array {
  const bytes = writeKeepsake(keepsakeFor(30))
  const view = new DataView(bytes.buffer)
  const end = 40 + 3 * 12
  view.setUint16(32, major)
  view.setUint16(34, minor)
  view.setUint32(end, crc32c(bytes.subarray(8, end)))
  return bytes
}

test('a newer minor version is read, a newer major one is told as that', () => {
  expect(found(ofVersion(1, 9))).toMatchObject({ state: 'there', damages: [], info: { seed: 7 } })
  expect(found(ofVersion(2, 1))).toMatchObject({ state: 'newer', version: { major: 2, minor: 1 } })
  expect(keepsakeOf(readBox(ofVersion(2, 1)))).toBeUndefined()
})

test('sections that are whole and say nothing that fits are nonsense; one that is not there is missing', () => {
  const [info, scenes, quantiser] = whole() as [Section, Section, Section]
  const bad = (section: Section, data: Uint8Array): Section => ({ ...section, data })
  expect(placesIn(writeBox([bad(info, text('{"seed":')), scenes, quantiser]))).toEqual(['info nonsense'])
  expect(placesIn(writeBox([bad(info, text('{}')), scenes, quantiser]))).toEqual(['info nonsense'])
  const short = writeScenes([scene(0, 29)])
  expect(placesIn(writeBox([info, bad(scenes, short), quantiser]))).toEqual(['scen nonsense'])
  expect(placesIn(writeBox([info, scenes]))).toEqual(['qntz missing'])
  expect(placesIn(writeBox([]))).toEqual(['info missing'])
})

test('scenes follow each other without a gap from the first frame to the last', () => {
  const read = (frames: number, ...scenes: [number, number][]): boolean =>
    readScenes(writeScenes(scenes.map(([from, to]) => scene(from, to))), frames) !== undefined
  expect(read(9, [0, 4], [4, 9])).toBe(true)
  expect(read(9, [0, 4], [5, 9])).toBe(false)
  expect(read(9, [0, 9], [9, 9])).toBe(false)
  expect(read(10, [0, 9])).toBe(false)
  expect(read(0)).toBe(false)
})

test('a quantiser of hours is a few bytes, and one of other frames is refused', () => {
  const hours = writeQuantiser(runsOf(Array<number>(400_000).fill(0.4)))
  expect(hours.length).toBe(10)
  expect(readQuantiser(hours, 400_000)).toEqual([
    { frames: 400_000, value: Math.round(0.4 * 65_535) / 65_535 },
  ])
  expect(readQuantiser(hours, 399_999)).toBeUndefined()
  expect(readQuantiser(hours.subarray(0, 9), 400_000)).toBeUndefined()
  expect(readQuantiser(new Uint8Array(0), 0)).toBeUndefined()
})

test('what no reader takes is not written', () => {
  expect(() => writeBox(Array(mostSections + 1).fill({ type: 'none', data: text('') }))).toThrow(RangeError)
  expect(() => writeBox([{ type: 'toolong', data: text('') }])).toThrow(RangeError)
  const { info } = keepsakeFor(30)
  expect(() => writeInfo({ ...info, seed: -1 })).toThrow()
})

test('any bytes at all are read without a crash, and only a whole box is used', () => {
  const next = random(11)
  const bytes = writeKeepsake(keepsakeFor(30))
  for (let round = 0; round < 2000; round++) {
    const hurt = bytes.slice(0, next.unit() < 0.3 ? next.whole(1, bytes.length) : bytes.length)
    for (let n = 0; n < 1 + 20 * next.unit() ** 4; n++)
      hurt[next.whole(0, hurt.length - 1)] = next.whole(0, 255)
    const isSame = hurt.length === bytes.length && hurt.every((byte, i) => byte === bytes[i])
    expect(keepsakeOf(readBox(hurt)) !== undefined, `round ${round}`).toBe(isSame)
    found(hurt)
  }
})
