// Open sources: what they are, what they suffer from, how they are looked at and heard.
import { z } from 'zod'
import { Damage } from '../media/damage.js'
import { FoundKeepsake } from '../media/keepsake/keepsake.js'
import { FoundPhoto } from '../media/keepsake/photo.js'
import { Timing } from '../media/timing.js'
import { ChosenFields, FieldCounts, FrameTable, Source, SourceId } from '../media/source.js'
import { JobId } from './job.js'
import { Path } from './path.js'

export const RecentFile = z.object({ path: z.string(), name: z.string(), openedMs: z.number() })

/** How the viewer can play a source: the file itself, or a proxy that a job is making. */
export const Playable = z.object({
  kind: z.enum(['file', 'proxy', 'pending']),
  /** Path of the route (see routes.ts), when there is something to play. */
  route: z.string().optional(),
  jobId: JobId.optional(),
})
export type Playable = z.infer<typeof Playable>

export const Waveform = z.object({ peaksPerSecond: z.number(), peaks: z.array(z.number().min(0).max(1)) })
export type Waveform = z.infer<typeof Waveform>

export const sourcesRequests = {
  /** The films in a folder and in those inside it; fails with `not-found` when there are none. */
  inFolder: { args: z.tuple([Path]), result: z.array(Path) },
  recent: { args: z.tuple([]), result: z.array(RecentFile) },
  open: { args: z.tuple([Path]), result: Source },
  /** What some tens of its pictures show of fields, whatever the file says of them. */
  fieldCounts: { args: z.tuple([SourceId]), result: FieldCounts },
  /** An open source with its fields read as chosen (null: as the file says), under an identity of its own. The file stays as it is. */
  readFields: { args: z.tuple([SourceId, ChosenFields.nullable()]), result: Source },
  /** Of several films in an open file (`Source.films`) the one at a track, as a source of its own. */
  chooseFilm: { args: z.tuple([SourceId, z.number().int().nonnegative()]), result: Source },
  frameTable: { args: z.tuple([SourceId]), result: FrameTable },
  /** What it suffers from, by a few of its pictures: a second or two of work. */
  damage: { args: z.tuple([SourceId]), result: Damage },
  /** The source was closed: nobody waits for `damage` any more, which ends as cancelled. */
  cancelDamage: { args: z.tuple([SourceId]), result: z.null() },
  /** In what rhythm it shows its frames: all of them are decoded. Asked of a source whose fields are not taken apart. */
  timing: { args: z.tuple([SourceId]), result: Timing },
  /** The Keepsake part of its file: read, and held to the length of the film. */
  keepsake: { args: z.tuple([SourceId]), result: FoundKeepsake },
  /** The same, and all bytes of the film are held to what it says of them. */
  checkKeepsake: { args: z.tuple([SourceId]), result: FoundKeepsake },
  /** Whether a file is a Keepsake photo, and what is in it, every byte read. It need not be one that can be opened. */
  keepsakePhoto: { args: z.tuple([Path]), result: FoundPhoto },
  waveform: { args: z.tuple([SourceId]), result: Waveform },
  /** Second argument: the browser has tried the file and could not play it. */
  playable: { args: z.tuple([SourceId, z.boolean()]), result: Playable },
} as const
