// @vitest-environment jsdom
// Steps through a film of several clips, and the lane that shows it: what is in hand, and which time of the film that is.
import './dom.js'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { setMotion } from '../../renderer/commands/setMotion.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import { actions, reachedEnd, reachedStart } from '../../renderer/stores/actions.js'
import { openPaths } from '../../renderer/stores/open.js'
import { run, useProject } from '../../renderer/stores/project.js'
import { selectClipById } from '../../renderer/stores/scene.js'
import { setSession, useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'
import { goToTyped } from '../../renderer/stores/steps.js'

const session = useSession.getState
const clips = () => useProject.getState().project.clips
/** The clip in hand by its place, and the frame of its source. */
const place = (): [number, number] => [
  clips().findIndex(({ id }) => id === session().selectedClipId),
  session().playhead,
]
const standAt = (clip: number, playhead: number): void =>
  setSession({ selectedClipId: clips()[clip]!.id, playhead, between: undefined, moment: undefined })

/** Three clips of 360 frames at 29.97 per second, the second one trimmed to [100, 200). */
async function open(): Promise<void> {
  await start(createFake())
  await openPaths(['/films/one.mp4', '/films/two.mp4', '/films/three.mp4'])
  run(trimClip(clips()[1]!.id, { from: 100, to: 200 }))
}

describe('steps through the film', () => {
  beforeEach(open)

  test('a frame on from the last one of a clip is the first one of the next, and back', () => {
    standAt(0, 358)
    actions.nextFrame()
    expect(place()).toEqual([0, 359])
    actions.nextFrame()
    expect(place()).toEqual([1, 100])
    actions.previousFrame()
    expect(place()).toEqual([0, 359])
    standAt(1, 199)
    actions.nextFrame()
    expect(place()).toEqual([2, 0])
  })

  test('in the part of a source that the film does not show steps stay in that source', () => {
    standAt(1, 98)
    actions.previousFrame()
    expect(place()).toEqual([1, 97])
    actions.secondBack()
    expect(place()).toEqual([1, 67])
    standAt(1, 250)
    actions.nextFrame()
    actions.secondForward()
    expect(place()).toEqual([1, 280])
    expect(goToTyped('-0:00:00:10')).toBe(true)
    expect(place()).toEqual([1, 270])
  })

  test('seconds go on over cuts and add up: as many back lead to the frame they began at', () => {
    standAt(0, 340)
    for (let i = 0; i < 5; i++) actions.secondForward()
    expect(place()).toEqual([2, 29]) // 340 + 5 s = frame 489.9 of the film, 460 of them before this clip
    for (let i = 0; i < 5; i++) actions.secondBack()
    expect(place()).toEqual([0, 340])
    actions.tenSecondsForward()
    actions.tenSecondsForward()
    actions.tenSecondsForward()
    expect(place()).toEqual([2, 359])
  })

  test('Up and Down go over the cuts of the film, Home and End to its ends', () => {
    actions.goToStart()
    expect(place()).toEqual([0, 0])
    const downs = Array.from({ length: 4 }, () => (actions.nextCut(), place()))
    expect(downs).toEqual([
      [1, 100],
      [2, 0],
      [2, 359],
      [2, 359],
    ])
    actions.previousCut()
    actions.previousCut()
    expect(place()).toEqual([1, 100])
    standAt(1, 150)
    actions.previousCut()
    expect(place()).toEqual([1, 100])
    standAt(1, 20) // before what the film shows of it
    actions.nextCut()
    expect(place()).toEqual([1, 100])
    standAt(1, 300) // behind it
    actions.nextCut()
    expect(place()).toEqual([2, 0])
    actions.goToEnd()
    expect(place()).toEqual([2, 359])
  })

  test('a typed time is one of the film; + and - count from where it stands in it', () => {
    expect(goToTyped('0:14')).toBe(true) // 420 frames: 60 into the second clip
    expect(place()).toEqual([1, 160])
    expect(goToTyped('+0:00:02:00')).toBe(true)
    expect(place()).toEqual([2, 20])
    expect(goToTyped('9:00:00')).toBe(true)
    expect(place()).toEqual([2, 359])
    expect(goToTyped('soon')).toBe(false)
  })

  test('of a slowed clip each of its frames of the film is reached by its time', () => {
    run(setMotion(clips()[0]!.id, { kind: 'slow', factor: 4, sound: 'silent' }, { num: 1, den: 4 }))
    expect(goToTyped('0:48')).toBe(true) // frame 1439 of the film, the last of 4 * 360
    expect(place()).toEqual([0, 359])
    expect(goToTyped('0:49')).toBe(true) // 1469: 29 into the second clip
    expect(place()).toEqual([1, 129])
  })

  test('playing goes on from the end of a clip; at the end of the film it begins again at its start', () => {
    standAt(0, 359)
    actions.playPause()
    expect([place(), session().isPlaying]).toEqual([[0, 359], true])
    reachedEnd()
    expect([place(), session().isPlaying]).toEqual([[1, 100], true])
    actions.playPause()
    standAt(2, 359)
    actions.playPause()
    expect([place(), session().isPlaying]).toEqual([[0, 0], true])
  })

  test('backwards it goes on from the start of a clip, and stops at the start of the film', () => {
    standAt(1, 100)
    actions.shuttleBack()
    reachedStart()
    expect([place(), session().isPlaying, session().rate]).toEqual([[0, 359], true, -1])
    reachedStart()
    expect([place(), session().isPlaying]).toEqual([[0, 0], false])
  })

  test('the view of the picture stays over a cut within one source, and is whole for another', () => {
    setSession({ selectedClipId: clips()[0]!.id, playhead: 100 })
    actions.split()
    const zoomed = { zoom: 2, x: 0.2, y: 0.2 }
    setSession({ view: zoomed })
    actions.previousFrame()
    expect([place(), session().view]).toEqual([[0, 99], zoomed])
    actions.goToEnd()
    expect(session().view.zoom).toBe('fit')
  })
})

describe('the lane', () => {
  beforeEach(async () => {
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(private tell: (entries: { contentRect: { width: number; height: number } }[]) => void) {}
        observe(): void {
          this.tell([{ contentRect: { width: 1000, height: 100 } }])
        }
        disconnect(): void {}
      },
    )
    HTMLElement.prototype.setPointerCapture = () => {}
    await open()
    render(<App />)
    await screen.findByTestId('time')
  })
  const ruler = (): HTMLElement => screen.getByRole('slider', { name: 'Time of the film' })
  const options = (): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>('[role=listbox] > [role=option]'),
  ]

  test('clips stand at their times, as wide as they last', () => {
    const boxes = options().map(({ style }) => [parseFloat(style.left), parseFloat(style.width)])
    const share = (frames: number): number => (frames / 820) * 1000
    expect(boxes[0]).toEqual([0, expect.closeTo(share(360) - 1, 3)])
    expect(boxes[1]).toEqual([expect.closeTo(share(360), 3), expect.closeTo(share(100) - 1, 3)])
    expect(boxes[2]).toEqual([expect.closeTo(share(460), 3), expect.closeTo(share(360) - 1, 3)])
    expect(screen.getByTestId('length').textContent).toBe('/ 00:00:27:10') // 820 frames, the first of second 27 is 810
  })

  test('a drag over the ruler goes through the clips; the clock and the playhead tell the time of the film', () => {
    const to = (frame: number): { clientX: number } => ({ clientX: ((frame + 0.5) / 820) * 1000 })
    fireEvent.pointerDown(ruler(), { button: 0, ...to(30) })
    expect([place(), screen.getByTestId('time').textContent]).toEqual([[0, 30], '00:00:01:00'])
    fireEvent.pointerMove(ruler(), to(390))
    expect([place(), screen.getByTestId('time').textContent]).toEqual([[1, 130], '00:00:13:00'])
    expect(ruler().getAttribute('aria-valuetext')).toBe('00:00:13:00')
    fireEvent.pointerMove(ruler(), { clientX: 5000 })
    expect(place()).toEqual([2, 359])
    fireEvent.pointerMove(ruler(), { clientX: -50 })
    expect(place()).toEqual([0, 0])
    fireEvent.pointerUp(ruler())
    fireEvent.pointerMove(ruler(), to(390))
    expect(place()).toEqual([0, 0])
  })

  test('where the film does not show what is looked at that is said, with the time in its source', () => {
    act(() => standAt(1, 250))
    expect(screen.getByTestId('time').textContent).toBe('00:00:08:10')
    expect(screen.getByText('not in the film')).toBeTruthy()
    expect(screen.queryByTestId('lane-playhead')).toBeNull()
    act(() => standAt(1, 150))
    expect(screen.queryByText('not in the film')).toBeNull()
    expect(screen.getByTestId('lane-playhead')).toBeTruthy()
  })

  test('near enough, only what is in sight is drawn, and the clip in hand; the playhead takes the lane along', () => {
    act(() => selectClipById(clips()[0]!.id))
    act(() => actions.goToStart())
    act(() => setSession({ lane: { startSeconds: 20, spanSeconds: 2 } }))
    expect(options().map(({ title }) => title.slice(0, 2))).toEqual(['1.', '3.'])
    act(() => actions.nextCut())
    expect(session().lane.startSeconds).toBeCloseTo(12.012 - 1, 3)
    expect(options().map(({ title }) => title.slice(0, 2))).toEqual(['1.', '2.'])
    act(() => actions.timelineZoomFit())
    expect(options()).toHaveLength(3)
  })

  test('a clip is dragged to another place of the film, and is in hand there; a short way is a click, Escape lets go', () => {
    const names = (): string[] => clips().map(({ name }) => name)
    const drag = (from: number, to: number): void => {
      fireEvent.pointerDown(options()[from]!, { button: 0, clientX: 500 })
      fireEvent.pointerMove(options()[from]!, { clientX: to })
    }
    drag(0, 504)
    expect(screen.queryByTestId('insertion')).toBeNull()
    fireEvent.pointerUp(options()[0]!)
    drag(0, 530) // behind the middle of the second one
    expect(parseFloat(screen.getByTestId('insertion').style.left)).toBeCloseTo((460 / 820) * 1000, 3)
    fireEvent.keyDown(document.body, { key: 'Escape' })
    fireEvent.pointerUp(options()[0]!)
    expect(names()).toEqual(['one.mp4', 'two.mp4', 'three.mp4'])
    drag(0, 530)
    fireEvent.pointerUp(options()[0]!)
    expect(names()).toEqual(['two.mp4', 'one.mp4', 'three.mp4'])
    expect(place()[0]).toBe(1)
    drag(2, 10)
    fireEvent.pointerUp(options()[2]!)
    expect(names()).toEqual(['three.mp4', 'two.mp4', 'one.mp4'])
    act(() => actions.undo())
    expect(names()).toEqual(['two.mp4', 'one.mp4', 'three.mp4'])
  })
})
