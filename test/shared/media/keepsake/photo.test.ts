// The file of a Keepsake photo as bytes: read as it was written, any changed byte named, and nothing believed that is not there.
import { expect, test } from 'vitest'
import {
  type FoundPhoto,
  foundPhotoOf,
  isKeepsakePhoto,
  photoOf,
  readPhotoFile,
  writePhotoFile,
} from '../../../../electron/shared/media/keepsake/photo.js'
import { photoProblem, photoRows } from '../../../../electron/shared/media/keepsake/photoFacts.js'
import { localeOf } from '../../../../electron/shared/words/lookup.js'
import { crc32c } from '../../../../electron/shared/media/keepsake/crc32c.js'
import { inEnglish } from '../../../../electron/shared/words/sentences.js'
import { random } from '../../random.js'
import { photoFor } from './photoKit.js'

const whole = photoFor()
const bytes = writePhotoFile(whole)
const found = (data: Uint8Array): FoundPhoto => foundPhotoOf(readPhotoFile(data), data.length)
function placesIn(data: Uint8Array): string[] {
  const told = found(data)
  return told.state === 'there' ? told.damages.map(({ place, what }) => `${place} ${what}`) : [told.state]
}

test('what is written is read again', () => {
  expect(photoOf(readPhotoFile(bytes))).toEqual(whole)
  expect(found(bytes)).toMatchObject({
    ...{ state: 'there', bytes: bytes.length, sideBytes: 400, exifBytes: whole.exif.length },
    ...{ unread: [], damages: [], info: { width: 301, quality: 24 } },
  })
  const { info, side } = whole
  expect(photoOf(readPhotoFile(writePhotoFile({ info, side })))).toEqual({ info, side })
})

test('every single changed byte is named by its section, and the file is still known for what it is', () => {
  const head = bytes.length - (400 + whole.exif.length + JSON.stringify(whole.info).length)
  const ends: [string, number][] = [
    ['head', head],
    ['info', bytes.length - 400 - whole.exif.length],
    ['side', bytes.length - whole.exif.length],
    ['exif', bytes.length],
  ]
  for (let at = 0; at < bytes.length; at++) {
    const hurt = bytes.map((byte, i) => (i === at ? byte ^ (1 << (at % 8)) : byte))
    const [place] = ends.find(([, end]) => at < end) ?? []
    expect(placesIn(hurt), `byte ${at}`).toEqual([`${place} changed`])
    expect(isKeepsakePhoto(hurt), `byte ${at}`).toBe(true)
    const shown = photoOf(readPhotoFile(hurt))
    expect(shown !== undefined, `byte ${at}`).toBe(place === 'side' || place === 'exif')
    // Tiles name their own damage: their bytes are handed on as they are.
    if (place === 'side') expect(shown?.side, `byte ${at}`).not.toEqual(whole.side)
    if (place === 'exif') expect(shown?.exif, `byte ${at}`).toBeUndefined()
  }
})

test('a file that is cut off anywhere says which section is not whole; what was added behind it is told', () => {
  for (let length = 1; length < bytes.length; length++) {
    const places = placesIn(bytes.subarray(0, length))
    expect(places.length, `${length}`).toBeGreaterThan(0)
    for (const place of places) expect(place, `${length}`).toMatch(/ cutOff$/)
  }
  const half = photoOf(readPhotoFile(bytes.subarray(0, bytes.length - 200)))
  expect(half?.side.length).toBe(400 - (200 - whole.exif.length))
  expect(placesIn(Uint8Array.from([...bytes, 0]))).toEqual(['end changed'])
  expect(photoOf(readPhotoFile(Uint8Array.from([...bytes, 0])))).toEqual(whole)
})

/** The same file, its `info` with other words and a checksum that fits. */
function withInfo(words: string): Uint8Array {
  const start = 16
  const from = start + 3 * 12 + 4
  const old = JSON.stringify(whole.info).length
  const info = new TextEncoder().encode(words)
  const made = Uint8Array.from([...bytes.subarray(0, from), ...info, ...bytes.subarray(from + old)])
  const view = new DataView(made.buffer)
  view.setUint32(start + 4, info.length)
  view.setUint32(start + 8, crc32c(info))
  view.setUint32(from - 4, crc32c(made.subarray(0, from - 4)))
  return made
}

test('an info that says nothing that fits is nonsense, and nothing is shown by it', () => {
  const { info } = whole
  expect(placesIn(withInfo(JSON.stringify({ ...info, later: 1 })))).toEqual([])
  const wrong = [
    ...['{"seed":', '{}', '"\\ud800"'],
    ...[
      { width: 0 },
      { height: 65_536 },
      { quality: 64 },
      { seed: -1 },
      { width: 50_000, height: 50_000 },
    ].map((change) => JSON.stringify({ ...info, ...change })),
    JSON.stringify({ ...info, model: null }),
  ]
  for (const words of wrong) {
    expect(placesIn(withInfo(words)), words).toEqual(['info nonsense'])
    expect(photoOf(readPhotoFile(withInfo(words))), words).toBeUndefined()
  }
  expect(() => writePhotoFile({ ...whole, info: { ...info, quality: 64 } })).toThrow()
})

test('a newer major version is told as that; another file is no Keepsake photo', () => {
  const newer = bytes.slice()
  const view = new DataView(newer.buffer)
  const end = 16 + 3 * 12
  view.setUint16(8, 2)
  view.setUint32(end, crc32c(newer.subarray(0, end)))
  expect(found(newer)).toMatchObject({ state: 'newer', version: { major: 2, minor: 0 } })
  expect(photoOf(readPhotoFile(newer))).toBeUndefined()
  for (const other of ['', 'HLMPHO', 'KEEPSAKE', '\x89PNG\r\n\x1a\n'])
    expect(isKeepsakePhoto(new TextEncoder().encode(other)), other).toBe(false)
})

test('500 damaged photos: no crash, and whatever was changed is told', () => {
  for (let seed = 0; seed < 500; seed++) {
    const next = random(seed)
    const hurt = bytes.slice(0, next.unit() < 0.3 ? next.whole(1, bytes.length) : bytes.length)
    for (let n = 0; n < 1 + 20 * next.unit() ** 4; n++)
      hurt[next.whole(0, hurt.length - 1)] = next.whole(0, 255)
    const isSame = hurt.length === bytes.length && hurt.every((byte, i) => byte === bytes[i])
    expect(placesIn(hurt).length === 0, `seed ${seed}`).toBe(isSame)
    const shown = photoOf(readPhotoFile(hurt))
    if (shown) expect(shown.info, `seed ${seed}`).toEqual(whole.info)
  }
})

test('its facts in both languages: what it is, what draws it, what is wrong', () => {
  const there = found(bytes)
  if (there.state !== 'there') throw new Error('it is not there')
  const rows = Object.fromEntries(photoRows(there, false, localeOf('en')))
  expect(rows).toMatchObject({
    photo: `301×200, ${bytes.length} bytes, ${Number(((8 * bytes.length) / 60_200).toFixed(3))} bits per pixel`,
    ...{ quality: '24 of 0..63', model: 'heirloom-photo abababababab', 'on top': 'detail' },
    shown: 'no, its model is not among those here',
  })
  expect(photoRows(there, true, localeOf('ja')).map(([, value]) => value)).toContain(
    'できます（モデルがあります）',
  )
  expect(photoProblem(there, 'a.hlm')).toBeUndefined()
  const problem = photoProblem(found(bytes.subarray(0, bytes.length - 1)), 'a.hlm')
  expect(problem && inEnglish(problem)).toMatch(/"a.hlm" is damaged: the file ends within "exif"/)
})
