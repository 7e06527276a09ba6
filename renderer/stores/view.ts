// Zoom and pan of the viewer as data, the same for every pane. Sizes are CSS pixels; `Picture` is the output grid.
import { Box } from './divider.js'

export interface View {
  /** `fit`, or screen pixels per output pixel: 1 means one output pixel is one screen pixel. */
  zoom: 'fit' | number
  /** The point of the picture in the middle of the pane, 0 to 1 each way. */
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

export const wholePicture: View = { zoom: 'fit', x: 0.5, y: 0.5 }
const smallest = 0.1
const largest = 16

/** CSS pixels per output pixel. `density` is screen pixels per CSS pixel. */
export function scaleOf(view: View, pane: Size, picture: Size, density: number): number {
  if (view.zoom !== 'fit') return view.zoom / density
  return Math.min(pane.width / picture.width, pane.height / picture.height)
}

/** Where the picture stands in the pane: centred where it is smaller, without gaps where it is larger. */
export function place(view: View, pane: Size, picture: Size, density: number): Box {
  const scale = scaleOf(view, pane, picture, density)
  const width = picture.width * scale
  const height = picture.height * scale
  const start = (room: number, length: number, centre: number): number =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, room / 2 - centre * length))
  return {
    left: start(pane.width, width, view.x),
    top: start(pane.height, height, view.y),
    width,
    height,
  }
}

const centreOf = (box: Box, pane: Size, zoom: View['zoom']): View => ({
  zoom,
  x: Math.min(1, Math.max(0, (pane.width / 2 - box.left) / box.width)),
  y: Math.min(1, Math.max(0, (pane.height / 2 - box.top) / box.height)),
})

/** Zooms by a factor and keeps the point under the pointer where it is. */
export function zoomAt(
  view: View,
  pane: Size,
  picture: Size,
  density: number,
  factor: number,
  x: number,
  y: number,
): View {
  const before = place(view, pane, picture, density)
  const scale = scaleOf(view, pane, picture, density) * density
  const fit = scaleOf(wholePicture, pane, picture, density) * density
  const zoom = Math.min(largest, Math.max(Math.min(smallest, fit), scale * factor))
  const ratio = zoom / scale
  const after = {
    left: x - (x - before.left) * ratio,
    top: y - (y - before.top) * ratio,
    width: before.width * ratio,
    height: before.height * ratio,
  }
  return centreOf(after, pane, zoom)
}

export function panBy(view: View, pane: Size, picture: Size, density: number, dx: number, dy: number): View {
  const box = place(view, pane, picture, density)
  const moved = centreOf({ ...box, left: box.left + dx, top: box.top + dy }, pane, view.zoom)
  // Settle on what is really shown, so that dragging past an edge is not stored up.
  return centreOf(place(moved, pane, picture, density), pane, view.zoom)
}
