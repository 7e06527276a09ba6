// The drawn film of the fake host: its facts, its frame tables, its pictures.
import { Route } from '../../electron/shared/contract/routes.js'
import { Damage } from '../../electron/shared/media/damage.js'
import { durationOf } from '../../electron/shared/media/frameTable.js'
import { rational } from '../../electron/shared/media/rational.js'
import {
  ChosenFields,
  Film,
  FrameTable,
  Source,
  Tagged,
  distilled,
  interpreted,
  readOtherwise,
} from '../../electron/shared/media/source.js'
import { message } from '../../electron/shared/words/sentences.js'

export const size = { width: 640, height: 480 }
const frames = 360

export const table: FrameTable = {
  timeBase: rational(1001, 30000),
  frames: [{ start: 0, steps: [1], count: frames }],
  lastTicks: 1,
  start: 0,
  keyFrames: [{ start: 0, steps: [] }],
}

/** The same film, a picture for every field. */
export const tableOfFields: FrameTable = {
  ...table,
  timeBase: rational(1001, 60000),
  frames: [{ start: 0, steps: [1], count: 2 * frames }],
}

/** A name's letters as the identity of its content. */
export const idOf = (name: string): string =>
  Array.from(name)
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(16, '0')
    .slice(0, 32)

const tagged = (path: string): Tagged => ({
  index: 0,
  codec: 'h264',
  ...(path.includes('upright') ? { width: size.height, height: size.width } : size),
  pixelFormat: 'yuv420p',
  bits: 8,
  chroma: '420',
  sampleAspect: rational(1),
  rotation: 0,
  isMirrored: false,
  fieldOrder: path.includes('tape') ? 'tff' : 'progressive',
  frameRate: rational(30000, 1001),
  isVariable: false,
  timeBase: rational(1, 30000),
  matrix: 'bt601',
  range: 'limited',
  siting: 'left',
})

export const source = (path: string): Source => ({
  id: idOf(path),
  fingerprint: idOf(path),
  path,
  name: path.split('/').at(-1) ?? path,
  bytes: 8_400_000,
  modifiedMs: Date.UTC(2004, 5, 12),
  container: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: durationOf(table),
  startSeconds: 0,
  tagged: tagged(path),
  interpretation: {},
  video: interpreted(tagged(path), {}),
  audio: path.includes('mute') ? [] : [{ index: 1, codec: 'aac', channels: 2, sampleRate: 48000, roles: [] }],
  others: [],
  chapters: path.includes('chapters') ? [0, 4, 8].map((from) => ({ from, to: from + 4, title: '' })) : [],
  createdAt: '1994-07-16T15:04:00Z',
  tags: {},
  warnings: path.includes('odd') ? [message('noteTruncated')] : [],
  films: path.includes('several') ? films : undefined,
})

/** Tracks 0 and 2 of a file with several films; the one that opens by itself is the first. */
const films: Film[] = [
  { index: 0, codec: 'h264', ...size, seconds: durationOf(table) },
  {
    index: 2,
    codec: 'h264',
    width: 320,
    height: 240,
    seconds: durationOf(table) / 2,
    title: 'Behind the scenes',
  },
]

/** The file itself for its first film as it says itself; other films and other fields are sources of their own. */
const idIn = (path: string, track: number, fields: ChosenFields | undefined): string =>
  track === 0 && fields === undefined ? idOf(path) : idOf(`${track}${fields ?? ''}${path}`)

export function filmOf(read: Source, track: number): Source {
  const { width, height } = films.find(({ index }) => index === track) ?? size
  const tagged = { ...read.tagged, width, height, index: track }
  const film = { ...read, tagged }
  return readOtherwise(film, idIn(read.path, track, undefined), {})
}

export function withFields(read: Source, chosen: ChosenFields | null): Source {
  const { fields } = distilled(read.tagged, { fields: chosen ?? undefined })
  return readOtherwise(read, idIn(read.path, read.tagged.index, fields), fields ? { fields } : {})
}

/** Of the second film. */
export const shortTable: FrameTable = { ...table, frames: [{ start: 0, steps: [1], count: frames / 2 }] }

export const damage: Damage = {
  noise: 0.4,
  blockiness: 0.2,
  blur: 0.3,
  combing: 0,
  position: 0.4,
  strength: 0.7,
}

/** A drawn picture of a frame; `isSharp` for enhanced ones. */
function drawing(frame: number, isSharp: boolean): string {
  const x = 60 + ((frame * 3) % 520)
  const blur = isSharp ? '' : '<filter id="b"><feGaussianBlur stdDeviation="2.4"/></filter>'
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="960" viewBox="0 0 640 480">${blur}
<g${isSharp ? '' : ' filter="url(#b)"'}><rect width="640" height="480" fill="#9db8c6"/><circle cx="500" cy="90" r="46" fill="#f5d58c"/>
<path d="M0 250 L140 150 L260 240 L400 130 L640 260 V320 H0Z" fill="#6d8a72"/><rect y="300" width="640" height="180" fill="#4f7f95"/>
<g stroke="#86aebd" stroke-width="3"><path d="M40 340h90M220 372h120M420 345h80M90 420h160M360 436h190"/></g>
<g transform="translate(${x} 330)"><path d="M-60 0h120l-24 34h-72z" fill="#7d3f22"/><path d="M0-120v120M0-116l52 92h-52z" fill="#f4ead6" stroke="#3a2a1c" stroke-width="3"/></g>
<text x="24" y="462" font-family="monospace" font-size="26" fill="#fff">JUL 16 1994  ${String(frame).padStart(3, '0')}</text></g></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

export function addressOf(route: Route): string {
  switch (route.kind) {
    case 'frame':
    case 'thumbnail':
      return drawing(route.frame, false)
    case 'rendered':
      return drawing(route.frame, true)
    case 'look':
      return drawing(0, route.side === 'given')
    default:
      return `/${route.kind}` // there is no film to play: pictures are shown instead
  }
}
