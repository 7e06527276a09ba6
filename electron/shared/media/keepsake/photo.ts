// A Keepsake photo, `.hlm`: a file of its own (docs/KEEPSAKE.md) that holds a picture as symbols of a model. What is written, and what was found of
// it. Pure; what the symbols mean is known to the engine alone.
import { z } from 'zod'
import { Fingerprint } from '../source.js'
import { Name, NamedModel, readJson, whole } from './info.js'
import { KeepsakeDamage, Version, hurtOf, wordless } from './keepsake.js'
import {
  type Form,
  type ReadSections,
  type Section,
  letters,
  mostBytes,
  readSections,
  writeSections,
} from './sections.js'

const form: Form = {
  ...{ magic: letters('HLMPHOTO'), magicAt: 0, checkedFrom: 0 },
  version: { major: 1, minor: 0 },
}

export const mostPhotoBytes = mostBytes
/** Beyond them nobody encodes, and nobody believes that a file holds so many. */
export const mostPixels = 100_000_000

/** 63 is the finest. */
export const PhotoQuality = z.number().int().min(0).max(63)

/** Fields of later versions are let through unread. */
export const PhotoInfo = z
  .object({
    /** Program and version that wrote the file. */
    writer: Name,
    width: whole.min(1).max(65_535),
    height: whole.min(1).max(65_535),
    quality: PhotoQuality,
    /** Of the detail that is drawn by chance, 0..2^32-1. */
    seed: whole.max(0xffff_ffff),
    /** Without these very weights nothing of it can be shown. */
    model: NamedModel,
    /** By which Heirloom knows the photo that it was made of. */
    source: z.object({ fingerprint: Fingerprint }),
    /** What was not photographed: in the picture that was encoded, and what is drawn on top of it where that is asked for ("detail"). */
    invented: z.object({ inPhoto: z.array(z.string().max(500)).max(20), onTop: z.array(Name).max(20) }),
    /** When it was taken, and what it says of itself, as a source says it. */
    takenAt: z.string().max(100).optional(),
    tags: z.record(z.string().max(100), z.string().max(2000)),
  })
  .refine(({ width, height }) => width * height <= mostPixels)
export type PhotoInfo = z.infer<typeof PhotoInfo>

export interface KeepsakePhoto {
  info: PhotoInfo
  /** The bytes of all tiles (docs/KEEPSAKE.md, Entropy coding). They name their own damage, so that what is left of them is here too. */
  side: Uint8Array
  /** As its source had it: a TIFF without a picture. */
  exif?: Uint8Array
}

/** Names of sections. */
const types = { info: 'info', side: 'side', exif: 'exif' } as const

/** Throws where no reader would take it. */
export const writePhotoFile = ({ info, side, exif }: KeepsakePhoto): Uint8Array =>
  writeSections(form, [
    { type: types.info, data: new TextEncoder().encode(JSON.stringify(PhotoInfo.parse(info))) },
    { type: types.side, data: side },
    ...(exif ? [{ type: types.exif, data: exif }] : []),
  ])

export const readPhotoFile = (bytes: Uint8Array): ReadSections => readSections(form, bytes)

/** By its first bytes, one of which may be another: that is damage which is told, not a file of a kind that nobody knows. */
export const isKeepsakePhoto = (start: Uint8Array): boolean =>
  form.magic.filter((letter, i) => start[i] === letter).length >= form.magic.length - 1

/** What was found of it in a file of so many bytes. */
export const FoundPhoto = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('newer'), bytes: whole, version: Version }),
  z.object({
    state: z.literal('there'),
    bytes: whole,
    version: Version.optional(),
    /** Undefined where its section is damaged: nothing can be shown then. */
    info: PhotoInfo.optional(),
    /** Of the picture, and of what its source said of itself; undefined where not there or damaged. */
    sideBytes: whole.optional(),
    exifBytes: whole.optional(),
    /** Sections that this version does not know. */
    unread: z.array(z.string()),
    damages: z.array(KeepsakeDamage),
  }),
])
export type FoundPhoto = z.infer<typeof FoundPhoto>

const dataOf = (sections: readonly Section[], type: string): Uint8Array | undefined =>
  sections.find((section) => section.type === type)?.data

/** What it takes to show it; undefined where the head or `info` is damaged, newer or says nothing that fits. */
export function photoOf(read: ReadSections): KeepsakePhoto | undefined {
  if (read.state !== 'read') return undefined
  const told = dataOf(read.sections, types.info)
  const info = told && readJson(told, PhotoInfo)
  const side = dataOf([...read.sections, ...read.hurt], types.side)
  const exif = dataOf(read.sections, types.exif)
  return info && side ? { info, side, ...(exif ? { exif } : {}) } : undefined
}

/** `bytes`: of the file. */
export function foundPhotoOf(read: ReadSections, bytes: number): FoundPhoto {
  if (read.state === 'newer') return { state: 'newer', bytes, version: read.version }
  const hurt = hurtOf(read)
  if (read.state === 'damaged') return { state: 'there', bytes, unread: [], damages: hurt }
  const { sections, version } = read
  const told = dataOf(sections, types.info)
  const info = told && readJson(told, PhotoInfo)
  const isHurt = (type: string): boolean => hurt.some(({ place }) => place === type)
  const [side, exif] = [dataOf(sections, types.side), dataOf(sections, types.exif)]
  const known: readonly string[] = Object.values(types)
  return {
    ...{ state: 'there', bytes, version, info, sideBytes: side?.length, exifBytes: exif?.length },
    unread: sections.map(({ type }) => type).filter((type) => !known.includes(type)),
    damages: [
      ...hurt,
      ...(info || isHurt(types.info) ? [] : [wordless(types.info, told ? 'nonsense' : 'missing', bytes)]),
      ...(side || isHurt(types.side) ? [] : [wordless(types.side, 'missing', bytes)]),
      // What stands behind it was not written with it.
      ...(bytes > read.bytes
        ? [{ place: 'end', what: 'changed' as const, from: read.bytes, to: bytes }]
        : []),
    ],
  }
}
