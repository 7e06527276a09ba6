// The compare divider as data: where it stands, how it moves, when the pointer has hold of it.
export interface Divider {
  /** 0 = left or top edge of the picture, 1 = right or bottom. */
  position: number
  isVertical: boolean
}

export const divider: Divider = { position: 0.5, isVertical: true }

/** The pointer takes hold of the line within this many pixels. */
export const reach = 24

const limit = (value: number): number => Math.min(1, Math.max(0, value))

export const moveTo = (d: Divider, position: number): Divider => ({ ...d, position: limit(position) })
export const flip = (d: Divider): Divider => ({ ...d, isVertical: !d.isVertical })

/** The positions at which the line is on screen: all of them where the picture is, else those well inside the pane. */
export function reachable(d: Divider, box: Box, pane: Size): { low: number; high: number } {
  const [start, length, room] = d.isVertical
    ? [box.left, box.width, pane.width]
    : [box.top, box.height, pane.height]
  if (length <= 0 || room <= 0) return { low: 0, high: 1 }
  const margin = Math.min(reach, room / 2)
  const low = start < 0 ? (margin - start) / length : 0
  const high = start + length > room ? (room - margin - start) / length : 1
  return { low: limit(low), high: Math.max(limit(low), limit(high)) }
}

/** Where the line stands on screen: where it was put, or as near to it as zoom and pan let be seen. */
export function shownIn(d: Divider, box: Box, pane: Size): Divider {
  const { low, high } = reachable(d, box, pane)
  return { ...d, position: Math.min(high, Math.max(low, d.position)) }
}

/** The middle of what is seen of the line, 0 to 1 of the picture: its handle stands there. */
export function middleOf(d: Divider, box: Box, pane: Size): number {
  const [start, length, room] = d.isVertical
    ? [box.top, box.height, pane.height]
    : [box.left, box.width, pane.width]
  if (length <= 0) return 0.5
  const middle = (Math.max(0, start) + Math.min(room, start + length)) / 2
  return limit((middle - start) / length)
}

/** Position under a point, both in pixels; `box` is where the picture stands. */
export function positionAt(d: Divider, box: Box, x: number, y: number): number {
  return limit(d.isVertical ? (x - box.left) / box.width : (y - box.top) / box.height)
}

export function isNear(d: Divider, box: Box, x: number, y: number): boolean {
  const line = d.isVertical ? box.left + d.position * box.width : box.top + d.position * box.height
  return Math.abs((d.isVertical ? x : y) - line) <= reach
}

/** What a key does to the divider; undefined when it means nothing. */
export function afterKey(d: Divider, key: string, isCoarse: boolean): Divider | undefined {
  const step = isCoarse ? 0.1 : 0.01
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return moveTo(d, d.position - step)
    case 'ArrowRight':
    case 'ArrowDown':
      return moveTo(d, d.position + step)
    case 'Home':
      return moveTo(d, 0)
    case 'End':
      return moveTo(d, 1)
    default:
      return undefined
  }
}

export interface Size {
  width: number
  height: number
}

export interface Box extends Size {
  left: number
  top: number
}
