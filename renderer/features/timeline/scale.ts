// Seconds and pixels of the timeline, and where its ticks and thumbnails fall. Pure.
import { TimelineView } from '../../stores/session.js'

export interface Scale {
  start: number
  span: number
  width: number
  whole: number
}

export const scaleOf = (view: TimelineView, width: number, whole: number): Scale => ({
  start: view.spanSeconds === undefined ? 0 : view.startSeconds,
  span: view.spanSeconds ?? whole,
  width,
  whole,
})

export const toX = (scale: Scale, seconds: number): number =>
  ((seconds - scale.start) / scale.span) * scale.width
export const toSeconds = (scale: Scale, x: number): number => scale.start + (x / scale.width) * scale.span

/** What is seen begins inside of the whole and ends there. */
export const clampView = (start: number, span: number, whole: number, shortest: number): TimelineView => {
  const kept = Math.max(shortest, span)
  if (kept >= whole) return { startSeconds: 0 }
  return { startSeconds: Math.min(Math.max(0, start), whole - kept), spanSeconds: kept }
}

/** Zooms by a factor (2 = twice as far) around a point. `shortest` is the least span in seconds. */
export function zoomAround(scale: Scale, x: number, factor: number, shortest: number): TimelineView {
  const span = Math.min(scale.whole, Math.max(shortest, scale.span * factor))
  const seconds = toSeconds(scale, x)
  return clampView(seconds - (x / scale.width) * span, span, scale.whole, shortest)
}

export const panPixels = (scale: Scale, pixels: number): TimelineView =>
  scale.span >= scale.whole
    ? { startSeconds: 0 }
    : clampView(scale.start + (pixels / scale.width) * scale.span, scale.span, scale.whole, 0)

/** The view, or the same of another stretch where the moment lies outside of it. */
export const following = (view: TimelineView, seconds: number, whole: number): TimelineView => {
  const { startSeconds: start, spanSeconds: span } = view
  if (span === undefined || (seconds >= start && seconds < start + span)) return view
  return clampView(seconds - span / 2, span, whole, 0)
}

const steps = [0.04, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]

/** Seconds between labelled ticks so that labels stand at least `room` pixels apart. */
export const tickStep = (scale: Scale, room: number): number =>
  steps.find((step) => (step / scale.span) * scale.width >= room) ?? 7200

export function ticks(scale: Scale, room: number): number[] {
  const step = tickStep(scale, room)
  const first = Math.ceil(scale.start / step)
  const last = Math.floor((scale.start + scale.span) / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
}

/**
 * Seconds at which thumbnails stand, on a grid of 1, 1.5, 2, 3, 4, 6 ... so that panning moves pictures instead of asking for new
 * ones. Each has `seconds` and its slot's `length`.
 */
export function thumbnailSlots(scale: Scale, thumbnailWidth: number): { seconds: number; length: number }[] {
  if (scale.width <= 0 || scale.span <= 0) return []
  const least = (thumbnailWidth / scale.width) * scale.span
  const power = 2 ** Math.floor(Math.log2(least))
  const length = [power, power * 1.5, power * 2].find((l) => l >= least) ?? power * 2
  const first = Math.floor(scale.start / length)
  const last = Math.ceil(Math.min(scale.start + scale.span, scale.whole) / length)
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => ({
    seconds: (first + i) * length,
    length,
  }))
}
