// How coarsely each frame of a film was encoded, read off its own stream: ffmpeg writes out every header (`trace_headers`), in the same words from
// 5.1 to 7.1, and nothing is decoded. Encoders' own statistics were the other way: each has a format of its own, SVT-AV1 none, and they are gone
// when the film is joined. What an encoder varies inside a frame (adaptive quantisation) is not seen: it is the frame's own quantiser that counts.
import { fault } from '../shared/contract/errors.js'

/** H.264 and H.265 at 8 bits go to 51; deeper ones go below 0 as well, which is as fine as 0. AV1's index goes to 255. */
const coarsest = { qp: 51, index: 255 } as const

const share = (value: number, most: number): number => Math.min(1, Math.max(0, value / most))

/** What an AV1 decoder keeps for later frames, as far as it matters here. */
interface Kept {
  value: number
  isKey: boolean
}

const [keyFrame, switchFrame] = [0, 3]
const allSlots = 0xff

/** Of one packet. H.264 and H.265 may have several slices or two fields in it; of AV1 exactly one frame is shown. */
interface Packet {
  pts: number
  values: number[]
}

const packetLine = /^\[trace_headers @ \w+\] Packet: .*\bpts (-?\d+|\S+),/
const fieldLine = /^\[trace_headers @ \w+\] \d+\s+(\w+)\s+[01]+ = (-?\d+)/

/** Takes the lines of `trace_headers`; gives a quantiser for each packet, 0 (finest) to 1 (coarsest), in the order of showing. */
export function quantiserReader(): { take: (line: string) => void; values: () => number[] } {
  const packets: Packet[] = []
  const tell = (value: number): void => void packets.at(-1)?.values.push(value)

  let set = 0
  const initial = new Map<number, number>()

  let frame = { type: 0, isShown: false, refreshed: allSlots }
  const slots: (Kept | undefined)[] = []
  const keep = (kept: Kept | undefined, flags: number): void => {
    for (let slot = 0; slot < 8; slot++) if ((flags >> slot) & 1) slots[slot] = kept
  }

  const fields: Record<string, (value: number) => void> = {
    // H.264 and H.265: the first quantiser stands in a set of parameters, each slice names its set and the difference.
    pic_parameter_set_id: (value) => (set = value),
    pps_pic_parameter_set_id: (value) => (set = value),
    slice_pic_parameter_set_id: (value) => (set = value),
    pic_init_qp_minus26: (value) => initial.set(set, 26 + value),
    init_qp_minus26: (value) => initial.set(set, 26 + value),
    slice_qp_delta: (value) => tell(share((initial.get(set) ?? 26) + value, coarsest.qp)),
    // AV1: the first field of every frame's header; flags of which nothing is written are all set (a key frame that is shown).
    show_existing_frame: () => (frame = { type: 0, isShown: false, refreshed: allSlots }),
    frame_to_show_map_idx: (value) => {
      const kept = slots[value]
      if (kept) tell(kept.value)
      if (kept?.isKey) keep(kept, allSlots)
    },
    frame_type: (value) => (frame.type = value),
    show_frame: (value) => (frame.isShown = value === 1),
    refresh_frame_flags: (value) => (frame.refreshed = value),
    base_q_idx: (value) => {
      const { type, isShown, refreshed } = frame
      const kept = { value: share(value, coarsest.index), isKey: type === keyFrame }
      keep(kept, type === switchFrame ? allSlots : refreshed)
      if (isShown) tell(kept.value)
    },
  }

  return {
    take(line) {
      const [, name = '', value] = fieldLine.exec(line) ?? []
      if (value !== undefined) return Object.hasOwn(fields, name) ? fields[name]?.(Number(value)) : undefined
      const [, pts] = packetLine.exec(line) ?? []
      if (pts !== undefined) packets.push({ pts: Number(pts), values: [] })
    },
    values() {
      const shown = packets.toSorted((a, b) => a.pts - b.pts)
      return shown.map(({ values }) => values.reduce((sum, value) => sum + value, 0) / values.length)
    },
  }
}

/** Of every frame of the picture track. Fails where one of so many frames says nothing of it. */
export function checkQuantisers(found: number[], frames: number): number[] {
  if (found.length !== frames || found.some((value) => Number.isNaN(value)))
    throw fault('ffmpeg-failed', `The quantiser of ${found.length} of ${frames} frames could be read.`)
  return found
}
