// What MP4 and QuickTime files say of a track beside its language: its name and what it is for. ffmpeg writes the name and does not
// read it, and knows roles in MP4 only; Apple's players know them by words of their own.
import { Box, boxes, readIndex } from './boxes.js'
import { AudioStream, TrackRole } from '../shared/media/source.js'

/** In the words of DASH (`kind`) and of Apple (`tagc`). What is played first is a flag of the track. */
const marks: Readonly<Partial<Record<TrackRole, { dash?: string; apple: string }>>> = {
  comment: { dash: 'commentary', apple: 'public.auxiliary-content' },
  forced: { dash: 'forced-subtitle', apple: 'public.subtitles.forced-only' },
  hearing_impaired: { apple: 'public.accessibility.enhances-speech-intelligibility' },
  visual_impaired: { dash: 'description', apple: 'public.accessibility.describes-video' },
  original: { apple: 'public.original-content' },
  dub: { dash: 'dub', apple: 'public.translation.dubbed' },
}
const roles = Object.entries(marks) as [TrackRole, { dash?: string; apple: string }][]
const scheme = 'urn:mpeg:dash:role:2011'

function box(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}

/** What ffmpeg writes into MP4 itself. */
const isWritten = (container: 'mp4' | 'mov', role: TrackRole): boolean =>
  container === 'mp4' && (role === 'comment' || role === 'dub' || role === 'forced')

/** For the `udta` of a track. */
export const roleBoxes = (container: 'mp4' | 'mov', wanted: readonly TrackRole[]): Buffer =>
  Buffer.concat(
    roles
      .filter(([role]) => wanted.includes(role))
      .flatMap(([role, { dash, apple }]) => [
        ...(dash === undefined || isWritten(container, role)
          ? []
          : [box('kind', Buffer.from(`\0\0\0\0${scheme}\0${dash}\0`))]),
        box('tagc', Buffer.from(apple)),
      ]),
  )

export interface TrackWords {
  title?: string | undefined
  roles: TrackRole[]
}

function wordsOf(data: Buffer, track: Box): TrackWords {
  const own = boxes(data, track.start, track.end).find(({ type }) => type === 'udta')
  const inside = own ? boxes(data, own.start, own.end) : []
  const texts = (wanted: string): string[] =>
    inside
      .filter(({ type }) => type === wanted)
      .map(({ start, end }) => data.toString('utf8', start, end).replace(/\0+$/, ''))
  const kinds = texts('kind').map((text) => text.split('\0').at(-1))
  const told = texts('tagc')
  const [title] = texts('name')
  return {
    title: title?.trim() ? title : undefined,
    roles: roles
      .filter(([, { dash, apple }]) => told.includes(apple) || (dash !== undefined && kinds.includes(dash)))
      .map(([role]) => role),
  }
}

/** By track, in the file's order; none of other containers. */
export async function trackWords(path: string, container: string): Promise<TrackWords[]> {
  const data = /\bmov\b/.test(container) ? await readIndex(path) : undefined
  return data
    ? boxes(data)
        .filter(({ type }) => type === 'trak')
        .map((track) => wordsOf(data, track))
    : []
}

/** What ffmpeg knows of a track, and what the file says of it besides. */
export const withTold = (track: AudioStream, told: TrackWords | undefined): AudioStream => ({
  ...track,
  title: track.title ?? told?.title,
  roles: TrackRole.options.filter((role) => track.roles.includes(role) || told?.roles.includes(role)),
})

/** A track with words added to its own. */
export function withWords(data: Buffer, track: Box, added: Buffer): Buffer {
  const inside = boxes(data, track.start, track.end)
  const own = inside.find(({ type }) => type === 'udta')
  const rest = inside.filter((inner) => inner !== own).map(({ start, end }) => data.subarray(start - 8, end))
  const kept = own ? data.subarray(own.start, own.end) : Buffer.alloc(0)
  return box('trak', Buffer.concat([...rest, box('udta', Buffer.concat([kept, added]))]))
}
