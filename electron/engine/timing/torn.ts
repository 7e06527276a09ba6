// Torn frames: the upper part of one frame of the film, the lower part of another, as a capture card gives that reads while the next frame is written. One part shows
// what the frame before showed while the other moves on, and the two meet at one line that is seen in the frame itself; what is told is repaired, so only plain ones are.
import { type Change, type Raster, rowOf } from './changes.js'
import { seamIn } from './seam.js'
import { type StepProfile, stepProfile } from './steps.js'

/** Frames on both sides among which one is looked for that moves. */
const reach = 3
/** A frame that moves so much less than another only shows the one before again. */
const moves = 0.1
/** By so much a line must part what moves from what stands, more plainly than in the frames around it ... */
const plain = 0.3
/** ... within so many lines of it. */
const near = 8
/** What stands changes by at most this share of what it does in the frames around, and what moves by at least that. */
const [stands, goesOn] = [0.1, 0.4]
/** On one side of it, what stands makes up for it: it changes by so many times what it does on the other. */
const madeUp = 1.3
/** Of 255 levels, squared, by rows: what is not told from nothing. */
const nothing = { fine: 1, coarse: 0.2 }
/** Of 255 levels: by so many more the seam is seen in the torn frame than in the whole one beside it. */
const seen = 1

interface Look {
  picture: Uint8Array
  rows: Change['rows']
  profile: StepProfile
  /** Mean change of all rows. */
  total: number
}

const meanOf = (rows: Float32Array, from: number, to: number): number => {
  const part = rows.subarray(Math.max(0, from), Math.max(0, to))
  return Math.max(0, part.reduce((sum, row) => sum + row, 0) / Math.max(1, part.length))
}

/** By how much less the best line around one parts a frame in the same direction. */
function plainest({ profile }: Look, line: number, sign: number): number {
  const around = profile.subarray(Math.max(0, line - near), line + near + 1)
  return around.reduce((most, value) => Math.max(most, sign * value), 0)
}

/** `next`: the torn one of the two is the later. */
interface Tear {
  next: boolean
  line: number
}

interface Neighbours {
  before: Look
  now: Look
  after: Look
}

/** Whether one part stands at `line` and the other moves on. `next`: what stood then makes up for it in the next frame, not in the one before. */
function partsAt(
  { before, now, after }: Neighbours,
  line: number,
  raster: Raster,
): { next: boolean } | undefined {
  const isLower = (now.profile[line] ?? 0) > 0
  const edge = rowOf(raster, line)
  for (const kind of ['coarse', 'fine'] as const) {
    const count = now.rows[kind].length
    const change = (look: Look, ofLower: boolean): number =>
      ofLower ? meanOf(look.rows[kind], Math.ceil(edge), count) : meanOf(look.rows[kind], 0, Math.floor(edge))
    const [earlier, later] = [change(before, isLower), change(after, isLower)]
    const least = Math.min(earlier, later)
    const moving = change(now, !isLower)
    const usual = Math.min(change(before, !isLower), change(after, !isLower))
    const isSeen = least > 4 * nothing[kind] && moving > 2 * nothing[kind]
    const rest = nothing[kind] / 5
    const isStill = change(now, isLower) + rest < stands * (least + rest)
    const isMadeUp = Math.max(earlier, later) > madeUp * least
    if (isSeen && isStill && isMadeUp && moving > goesOn * usual) return { next: later >= earlier }
  }
  return undefined
}

function tearIn(looks: Neighbours, raster: Raster): Tear | undefined {
  const { before, now, after } = looks
  let best: { tear: Tear; by: number } | undefined
  for (let line = near; line < raster.height - near; line++) {
    const value = now.profile[line] ?? 0
    if (Math.abs(value) < plain) continue
    const sign = Math.sign(value)
    const others = Math.max(plainest(before, line, sign), plainest(after, line, sign))
    const by = Math.abs(value) - others
    if (by < plain || (best && by <= best.by)) continue
    const parts = partsAt(looks, line, raster)
    if (parts) best = { tear: { ...parts, line }, by }
  }
  return best?.tear
}

/** Gets frame after frame with its change from the one before, and finds those that are torn. */
export function tearFinder(raster: Raster): {
  look: (now: Uint8Array, before: Uint8Array, change: Change) => void
  /** Numbers of torn frames, in rising order; the first frame that is looked at is number 1. */
  found: () => number[]
} {
  const looks: Look[] = []
  const torn = new Set<number>()
  let frame = 0 // of the last of the looks
  /** `at`: a place among the looks. */
  const decide = (at: number): void => {
    const now = looks[at]
    if (!now) return
    const isMoving = ({ total }: Look): boolean => total > moves * now.total
    const before = looks.slice(Math.max(0, at - reach), at).findLast(isMoving)
    const after = looks.slice(at + 1, at + 1 + reach).find(isMoving)
    const earlier = looks[at - 1]
    const tear = before && after && earlier && tearIn({ before, now, after }, raster)
    if (!tear) return
    const { next, line } = tear
    const [one, other] = next ? [now, earlier] : [earlier, now]
    if (seamIn(one.picture, other.picture, line, raster) < seen) return
    torn.add(frame - (looks.length - 1 - at) - (next ? 0 : 1))
  }
  return {
    look(now, before, change) {
      const profile = stepProfile(now, before, raster)
      const total = meanOf(change.rows.coarse, 0, Infinity)
      looks.push({ picture: Uint8Array.from(now), rows: change.rows, profile, total })
      if (looks.length > 2 * reach + 1) looks.shift()
      frame++
      decide(looks.length - 1 - reach)
    },
    found() {
      for (let at = Math.max(0, looks.length - reach); at < looks.length; at++) decide(at)
      return [...torn].toSorted((a, b) => a - b)
    },
  }
}
