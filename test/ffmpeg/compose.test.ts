// The form that the clips of a film get in common, and which of them are composed for it.
import { expect, test } from 'vitest'
import { formOfFilm } from '../../electron/ffmpeg/compose.js'
import { compositionsOf } from '../../electron/ffmpeg/compositions.js'
import { deliveryOf, encodeArguments } from '../../electron/ffmpeg/encode.js'
import type { Tools } from '../../electron/ffmpeg/resolve.js'
import { VideoCodec } from '../../electron/shared/contract/output.js'
import { type Clip, defaultEnhance } from '../../electron/shared/document/project.js'
import type { Source } from '../../electron/shared/media/source.js'
import type { FrameForm } from '../../electron/shared/planning/composition.js'
import { type Plan, makePlan } from '../../electron/shared/planning/plan.js'
import { planModels } from '../shared/contracts.js'
import { source, table } from '../shared/sources.js'

const tools: Tools = {
  ...{ ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', version: '7.1', from: 'PATH', encoders: new Set() },
}
const off = { ...defaultEnhance, isEnabled: false, scale: 1 as const }

function planFor(videos: readonly Partial<Source['video']>[], over: Partial<Clip> = {}): Plan {
  const known = videos.map((video, i) => ({ source: source(`abcdef`[i], video), table: table(50) }))
  const clips = known.map(({ source: { id } }, i): Clip => ({
    ...{ id: `c${i}`, sourceId: id, name: 'x', from: 0, to: 50, enhance: off },
    ...over,
  }))
  return makePlan(clips, known, planModels)
}
const composed = (codec: VideoCodec, ...videos: Partial<Source['video']>[]): boolean[] =>
  compositionsOf(planFor(videos), codec).map((composition) => composition !== undefined)

const phone = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', range: 'full' } as const

test.each(VideoCodec.options)('clips that are alike are not touched, whatever they are: %s', (codec) => {
  for (const video of [
    {},
    phone,
    { ...phone, bits: 10, siting: 'topleft' as const },
    { rotation: 90 as const },
  ])
    for (const enhance of [off, defaultEnhance])
      expect(compositionsOf(planFor([video, video], { enhance }), codec)).toEqual([undefined, undefined])
})

test('those of another size, colour or range are, and only those', () => {
  expect(composed('h264', {}, { width: 320 })).toEqual([false, true])
  expect(composed('h264', { width: 320 }, {}, { width: 320 })).toEqual([false, true, false])
  expect(composed('h264', {}, { matrix: 'bt709' })).toEqual([false, true])
  expect(composed('h264', {}, { range: 'full' })).toEqual([false, true])
  expect(composed('h264', { range: 'full' }, {})).toEqual([true, false])
  expect(composed('h264', {}, { bits: 10 })).toEqual([false, false]) // both become 8
  expect(composed('h265', {}, { bits: 10 })).toEqual([true, false]) // both become 10
  expect(composed('prores', {}, { bits: 10, chroma: '422' })).toEqual([false, false])
})

test('a turned clip is written as one that was not, where nothing tells them apart', () => {
  const turned = { width: 480, height: 640, rotation: 90 as const }
  expect(composed('h264', {}, turned)).toEqual([false, false])
  expect(composed('h265', {}, turned)).toEqual([false, true])
})

test('no fit makes a difference to a clip of the size of the film', () => {
  const plan = planFor([{}, { matrix: 'bt709' }])
  const coding = { codec: 'h264', quality: 'good', frameRate: { num: 25, den: 1 } } as const
  const said = (['fit', 'fill', 'centre'] as const).map((fit) => {
    const [, composition] = compositionsOf(
      { ...plan, segments: plan.segments.map((segment) => ({ ...segment, fit })) },
      'h264',
    )
    return encodeArguments(tools, deliveryOf(plan.segments[1]!, { ...coding, composition })).join(' ')
  })
  expect(new Set(said).size).toBe(1)
  expect(said[0]).not.toMatch(/pad=|crop=/)
})

const form = (over: Partial<FrameForm> = {}): FrameForm => ({
  ...{ width: 640, height: 480, bits: 8, chroma: '420', matrix: 'bt601', range: 'limited', siting: 'left' },
  ...over,
})
const size = { width: 640, height: 480 }
const hdr = { matrix: 'bt2020', primaries: 'bt2020', transfer: 'smpte2084' } as const

test('a film of different clips keeps the depth of the deepest and the colours of the first ordinary one', () => {
  const film = formOfFilm('h265', [form({ bits: 10, ...hdr }), form({ ...phone, width: 100 })], size)
  expect(film).toEqual({ ...form({ ...phone, range: 'limited' }), bits: 10 })
  const dynamic = formOfFilm('h265', [form(hdr), form({ ...hdr, width: 100 })], size)
  expect(dynamic).toEqual(form(hdr))
  const two = formOfFilm('h265', [form(hdr), form({ ...hdr, transfer: 'arib-std-b67' })], size)
  expect(two).toMatchObject({ matrix: 'bt709', transfer: 'bt709' })
})

test('full range stays where nothing has bars; FFV1 is told all of its colours', () => {
  const full = form({ range: 'full' })
  expect(formOfFilm('h264', [full, { ...full, matrix: 'bt709' }], size)?.range).toBe('full')
  expect(formOfFilm('h264', [full, { ...full, width: 100 }], size)?.range).toBe('limited')
  expect(formOfFilm('ffv1', [form(), form({ width: 100 })], size)).toMatchObject({ primaries: 'smpte170m' })
  expect(formOfFilm('ffv1', [form(), form()], size)).toEqual(form())
})
