// Zoom, pan, divider and timeline scale: pure arithmetic with the pointer's promises held.
import { expect, test } from 'vitest'
import { gaps } from '../../renderer/features/timeline/gaps.js'
import {
  following,
  panPixels,
  scaleOf as timelineScale,
  thumbnailSlots,
  ticks,
  toSeconds,
  toX,
  zoomAround,
} from '../../renderer/features/timeline/scale.js'
import {
  afterKey,
  divider,
  flip,
  isNear,
  middleOf,
  moveTo,
  positionAt,
  reach,
  shownIn,
} from '../../renderer/stores/divider.js'
import { placingOf } from '../../electron/shared/planning/composition.js'
import { pictureStyle } from '../../renderer/features/viewer/framing.js'
import { panBy, place, wholePicture, zoomAt } from '../../renderer/stores/view.js'

const pane = { width: 700, height: 400 }
const picture = { width: 1280, height: 960 }

test('a timeline that shows a part goes along with the playhead, and stays where it is otherwise', () => {
  const view = { startSeconds: 10, spanSeconds: 4 }
  expect(following(view, 12, 60)).toBe(view)
  expect(following(view, 14, 60)).toEqual({ startSeconds: 12, spanSeconds: 4 })
  expect(following(view, 0.5, 60)).toEqual({ startSeconds: 0, spanSeconds: 4 })
  expect(following(view, 60, 60)).toEqual({ startSeconds: 56, spanSeconds: 4 })
  const all = { startSeconds: 0 }
  expect(following(all, 50, 60)).toBe(all)
})

test('the whole picture fits and is centred', () => {
  const box = place(wholePicture, pane, picture, 1)
  expect(box.height).toBeCloseTo(400)
  expect(box.width).toBeCloseTo(533.33, 1)
  expect(box.left).toBeCloseTo((700 - 533.33) / 2, 1)
  expect(box.top).toBeCloseTo(0)
})

test('at 100 % one output pixel is one screen pixel, on dense screens too', () => {
  expect(place({ zoom: 1, x: 0.5, y: 0.5 }, pane, picture, 1).width).toBe(1280)
  expect(place({ zoom: 1, x: 0.5, y: 0.5 }, pane, picture, 2).width).toBe(640)
})

test('zooming keeps the point under the pointer', () => {
  const before = { zoom: 1, x: 0.5, y: 0.5 } as const
  const after = zoomAt(before, pane, picture, 1, 1.5, 400, 150)
  const [a, b] = [place(before, pane, picture, 1), place(after, pane, picture, 1)]
  expect((400 - b.left) / b.width).toBeCloseTo((400 - a.left) / a.width, 6)
  expect((150 - b.top) / b.height).toBeCloseTo((150 - a.top) / a.height, 6)
})

test('panning past an edge is not stored up', () => {
  const start = { zoom: 1, x: 0.5, y: 0.5 } as const
  const far = panBy(start, pane, picture, 1, 5000, 0)
  expect(place(far, pane, picture, 1).left).toBeCloseTo(0)
  const back = panBy(far, pane, picture, 1, -10, 0)
  expect(place(back, pane, picture, 1).left).toBeCloseTo(-10)
})

test('the divider is held within 24 pixels, follows the pointer, flips and stays inside', () => {
  const box = { left: 100, top: 0, width: 400, height: 300 }
  expect(isNear(divider, box, 300 + 24, 10)).toBe(true)
  expect(isNear(divider, box, 300 + 25, 10)).toBe(false)
  expect(isNear(flip(divider), box, 10, 150 - 24)).toBe(true)
  expect(positionAt(divider, box, 200, 0)).toBe(0.25)
  expect(positionAt(divider, box, 9000, 0)).toBe(1)
  expect(positionAt(flip(divider), box, 0, 75)).toBe(0.25)
  expect(moveTo(divider, -3).position).toBe(0)
})

test('the divider is within reach at every zoom and pan, and stands where it was put when that is in sight again', () => {
  for (const zoom of [0.2, 1, 2, 16])
    for (const at of [0, 0.25, 0.5, 0.9, 1])
      for (const position of [0, 0.3, 1])
        for (const put of [moveTo(divider, position), flip(moveTo(divider, position))]) {
          const box = place({ zoom, x: at, y: 1 - at }, pane, picture, 1)
          const shown = shownIn(put, box, pane)
          const across = put.isVertical ? pane.width : pane.height
          const line = put.isVertical
            ? box.left + shown.position * box.width
            : box.top + shown.position * box.height
          expect(line).toBeGreaterThanOrEqual(0)
          expect(line).toBeLessThanOrEqual(across)
          expect(isNear(shown, box, put.isVertical ? line : 0, put.isVertical ? 0 : line)).toBe(true)
          const knob = put.isVertical
            ? box.top + middleOf(put, box, pane) * box.height
            : box.left + middleOf(put, box, pane) * box.width
          expect(knob).toBeGreaterThan(0)
          expect(knob).toBeLessThan(put.isVertical ? pane.height : pane.width)
        }
  const far = place({ zoom: 2, x: 1, y: 0.5 }, pane, picture, 1)
  expect(far.left + shownIn(moveTo(divider, 0.1), far, pane).position * far.width).toBeCloseTo(reach)
  const whole = place(wholePicture, pane, picture, 1)
  expect(shownIn(moveTo(divider, 0.1), whole, pane).position).toBe(0.1)
  expect(shownIn(moveTo(divider, 0), whole, pane).position).toBe(0)
})

test('arrow keys move the divider, other keys mean nothing', () => {
  expect(afterKey(divider, 'ArrowRight', false)?.position).toBeCloseTo(0.51)
  expect(afterKey(divider, 'ArrowLeft', true)?.position).toBeCloseTo(0.4)
  expect(afterKey(divider, 'End', false)?.position).toBe(1)
  expect(afterKey(divider, 'a', false)).toBeUndefined()
})

test('the timeline zooms around the pointer and never leaves the film', () => {
  const whole = timelineScale({ startSeconds: 0 }, 1000, 60)
  const closer = timelineScale(zoomAround(whole, 250, 0.5, 0.1), 1000, 60)
  expect(toSeconds(closer, 250)).toBeCloseTo(toSeconds(whole, 250), 9)
  expect(closer.span).toBe(30)
  const right = timelineScale(panPixels(closer, 100_000), 1000, 60)
  expect(right.start + right.span).toBeCloseTo(60)
  expect(zoomAround(closer, 10, 100, 0.1)).toEqual({ startSeconds: 0 })
  expect(toX(right, 60)).toBeCloseTo(1000)
})

test('ticks keep their distance and thumbnails keep their places while panning', () => {
  const scale = timelineScale({ startSeconds: 3.3, spanSeconds: 20 }, 1000, 60)
  const found = ticks(scale, 90)
  const distance = toX(scale, found[1] ?? 0) - toX(scale, found[0] ?? 0)
  expect(distance).toBeGreaterThanOrEqual(90)
  const slots = thumbnailSlots(scale, 80)
  const moved = thumbnailSlots({ ...scale, start: scale.start + 1.7 }, 80)
  const grid = slots[0]?.length ?? 1
  for (const slot of [...slots, ...moved])
    expect(slot.seconds / grid).toBeCloseTo(Math.round(slot.seconds / grid))
  expect((grid / 20) * 1000).toBeGreaterThanOrEqual(80)
})

test('what no clip covers is dimmed', () => {
  expect(
    gaps(
      [
        [20, 40],
        [40, 60],
        [80, 100],
      ],
      120,
    ),
  ).toEqual([
    [0, 20],
    [60, 80],
    [100, 120],
  ])
  expect(gaps([[0, 120]], 120)).toEqual([])
  expect(
    gaps(
      [
        [10, 50],
        [30, 120],
      ],
      120,
    ),
  ).toEqual([[0, 10]])
})

test('in the frame of a film the line cuts the picture where it stands on the frame', () => {
  const film = { width: 200, height: 100 }
  const upright = { width: 50, height: 100 } // 75 to 125 of the film
  const framing = { film, placing: placingOf(upright, film, 'fit') }
  const cut = (position: number, isVertical = true): unknown =>
    pictureStyle(framing, { position, isVertical }).clipPath
  expect(pictureStyle(framing)).toEqual({ left: '37%', width: '25%', top: '0%', height: '100%' })
  expect(cut(0.1)).toBe('inset(0% 0% 0% 0%)')
  expect(cut(0.495)).toBe('inset(0% 0% 0% 50%)')
  expect(cut(0.9)).toBe('inset(0% 0% 0% 100%)')
  expect(cut(0.3, false)).toBe('inset(30% 0% 0% 0%)')
  expect(pictureStyle(undefined, { position: 0.5, isVertical: true })).toEqual({
    clipPath: 'inset(0% 0% 0% 50%)',
  })
})

test('a picture that fills its film shows the part that the film shows', () => {
  const film = { width: 200, height: 100 }
  const style = pictureStyle({ film, placing: placingOf({ width: 50, height: 100 }, film, 'fill') })
  expect(style).toMatchObject({ left: '0%', width: '100%', top: '-150%', height: '400%' })
  expect(style.clipPath).toBe('inset(37.5% 0% 37.5% 0%)')
})
