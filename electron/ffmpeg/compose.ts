// Frames of one form into a film of another: the form that the clips of a film get in common, and the filters that bring a clip's finished
// frames to it. A clip whose frames are of that form already is left alone.
import type { VideoCodec } from '../shared/contract/output.js'
import {
  type Composition,
  type FrameForm,
  type Placing,
  type Size,
  placingOf,
} from '../shared/planning/composition.js'
import { type FrameFormat, pixelFormat } from './format.js'
import { cropped, matrixName } from './geometry.js'
import { type Colour, isFar, toneMap } from './toneMap.js'

/** x264 writes no place of chroma where it is on the left, and files of the last two have none. */
const isLeftUntold = (codec: VideoCodec): boolean =>
  codec === 'h264' || codec === 'prores' || codec === 'ffv1'

/** Whether segments of two forms can be one stream. */
export function isOneForm(codec: VideoCodec, a: FrameForm, b: FrameForm): boolean {
  const told = ({ siting, ...form }: FrameForm): unknown[] => [
    ...[form.width, form.height, form.bits, form.chroma, form.matrix, form.range],
    ...[form.primaries, form.transfer, siting ?? (isLeftUntold(codec) ? 'left' : undefined)],
  ]
  return JSON.stringify(told(a)) === JSON.stringify(told(b))
}

type Colours = Pick<FrameForm, 'matrix' | 'primaries' | 'transfer'>

const isSameColour = (a: Colours, b: Colours): boolean =>
  a.matrix === b.matrix && a.primaries === b.primaries && a.transfer === b.transfer

/** What all have in common; else those of the first clip that every screen can show: what is brighter and more colourful comes down to it. */
function commonColours(forms: readonly FrameForm[], first: FrameForm): Colours {
  if (forms.every((form) => isSameColour(form, first))) return coloursOf(first)
  const plain = forms.find((form) => !isFar(form, form))
  return plain ? coloursOf(plain) : usual.bt709
}

/** What is meant where a matrix alone is told. */
const usual: Record<Colours['matrix'], Required<Colours>> = {
  bt601: { matrix: 'bt601', primaries: 'smpte170m', transfer: 'smpte170m' },
  bt709: { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' },
  bt2020: { matrix: 'bt2020', primaries: 'bt2020', transfer: 'bt2020-10' },
}

/** FFV1 itself says nothing of colours, and its container only what is complete: players would go by the size of the film. */
const tellable = (codec: VideoCodec, colours: Colours): Colours =>
  codec === 'ffv1' ? { ...usual[colours.matrix], ...colours } : colours

/** Without those that are not told. */
const coloursOf = ({ matrix, primaries, transfer }: Colours): Colours => ({
  matrix,
  ...(primaries ? { primaries } : {}),
  ...(transfer ? { transfer } : {}),
})

const chromas = ['gray', '420', '422', '444'] as const

/**
 * The form of a film of clips of these forms: theirs where they have one in common and its size. Else no clip loses depth or colour resolution
 * to another, and the range is limited: what players expect, and where bars are black in every ffmpeg. Gray is full: ffmpeg knows no other.
 */
export function formOfFilm(
  codec: VideoCodec,
  forms: readonly FrameForm[],
  size: Size,
): FrameForm | undefined {
  const [first] = forms
  if (!first) return undefined
  const isAlike = forms.every((form) => isOneForm(codec, { ...form, ...size }, { ...first, ...size }))
  const isOfSize = forms.every(({ width, height }) => width === size.width && height === size.height)
  if (isAlike && isOfSize) return first
  const chroma = chromas[Math.max(...forms.map((form) => chromas.indexOf(form.chroma)))] ?? '420'
  const isHalved = chroma === '420' || chroma === '422'
  const siting = forms.every((form) => form.siting === first.siting) ? first.siting : 'left'
  return {
    ...{ width: size.width, height: size.height },
    ...{ bits: Math.max(...forms.map(({ bits }) => bits)), chroma },
    range:
      chroma === 'gray' || (isOfSize && forms.every(({ range }) => range === 'full')) ? 'full' : 'limited',
    ...tellable(codec, commonColours(forms, first)),
    ...(isHalved && siting ? { siting } : {}),
  }
}

/** What a composition is made of. */
interface Composed {
  format: FrameFormat
  /** What is shown of the frames, from the left and the top. */
  size: Size
  colour: Colour
}

/** Its values mean another light than the film's: they are mapped to it, not only converted. */
export const isMapped = ({ format, colour }: Pick<Composed, 'format' | 'colour'>, form: FrameForm): boolean =>
  isFar(format, colour) && !isSameColour({ ...colour, matrix: format.matrix }, form)

/** Where chroma sits, in 1/256 of a luma sample; only for the directions in which it is halved. */
function places(side: 'in' | 'out', chroma: FrameForm['chroma'], siting: FrameForm['siting']): string[] {
  return [
    ...(chroma === '420' || chroma === '422' ? [`${side}_h_chr_pos=${siting === 'center' ? 128 : 0}`] : []),
    ...(chroma === '420' ? [`${side}_v_chr_pos=${siting === 'topleft' ? 0 : 128}`] : []),
  ]
}

/** ffmpeg's `pad` draws black of limited range, which gray is not: there the bars are drawn around green, blue and red, where black is 0. */
function padded(form: FrameForm, { x, y }: Placing['at']): string[] {
  const pad = `pad=${form.width}:${form.height}:${x}:${y}:black`
  if (form.chroma !== 'gray') return [pad]
  const planar = form.bits === 8 ? 'gbrp' : `gbrp${form.bits}le`
  return [`mergeplanes=0x000000:${planar}`, pad, 'extractplanes=g']
}

/** Scaled, cut and between black bars as its fit says, in the film's colours and layout. */
export function composeFilters(composed: Composed, { fit, form }: Composition): string[] {
  const { format, size, colour } = composed
  const { scaled, part, at } = placingOf(size, form, fit)
  const mustMap = isMapped(composed, form)
  const read = mustMap
    ? []
    : [
        ...[`in_color_matrix=${matrixName[format.matrix]}`, `in_range=${format.range}`],
        ...places('in', format.chroma, format.siting),
      ]
  const write = [`out_color_matrix=${matrixName[form.matrix]}`, `out_range=${form.range}`]
  const scale = [
    `scale=${scaled.width}:${scaled.height}:flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp`,
    ...[...read, ...write, ...places('out', form.chroma, form.siting)],
  ]
  const cut = part.width < scaled.width || part.height < scaled.height
  const isBarred = part.width < form.width || part.height < form.height
  return [
    ...cropped(format, size),
    ...(mustMap ? toneMap(format, colour) : []),
    ...[scale.join(':'), `format=${pixelFormat(form)}`],
    ...(cut ? [`crop=${part.width}:${part.height}:${part.x}:${part.y}`] : []),
    ...(isBarred ? padded(form, at) : []),
    'setsar=1',
  ]
}
