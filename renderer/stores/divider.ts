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

export interface Box {
  left: number
  top: number
  width: number
  height: number
}
