// @vitest-environment jsdom
// The clips in the list and in the strip: what has the focus, what is chosen and what Delete removes are one thing, whatever keys
// came before.
import './dom.js'
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { openPaths } from '../../renderer/stores/open.js'
import { clipOf, useProject } from '../../renderer/stores/project.js'
import { setSession, useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'
import { random } from '../shared/random.js'

const clips = () => useProject.getState().project.clips
const chosen = () => clipOf(useProject.getState().project, useSession.getState().selectedClipId)?.id
const strip = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('[role=listbox] > [role=option]'),
]
const faces = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('li [data-face]')]
const idOf = (element: Element | null | undefined): string | undefined =>
  element?.closest<HTMLElement>('[data-piece]')?.dataset['piece']

async function show(): Promise<void> {
  await start(createFake())
  render(<App />)
  await screen.findByTestId('time')
  await openPaths(['/films/second.mp4'])
  await waitFor(() => expect(strip()).toHaveLength(2))
}

function press(key: string, modifiers: Partial<KeyboardEventInit> = {}): void {
  const target = document.activeElement ?? document.body
  const code = key.length === 1 ? `Key${key.toUpperCase()}` : key
  fireEvent.keyDown(target, { key, code, ...modifiers })
  fireEvent.keyUp(target, { key, code, ...modifiers })
}

/** As Tab does it: only one of each row takes the focus. */
function tabInto(row: HTMLElement[]): void {
  fireEvent.keyDown(document.body, { key: 'Tab', code: 'Tab' })
  row.find((element) => element.tabIndex === 0)?.focus()
}

function click(element: HTMLElement | undefined): void {
  if (!element) return
  fireEvent.pointerDown(element)
  element.focus()
  fireEvent.click(element)
}

/** What the window shows as the one clip in hand, by each of the ways in which it tells it. */
function expectOneInHand(after: string): void {
  if (clips().length === 0) return
  const told = {
    pressed: faces()
      .filter((face) => face.getAttribute('aria-pressed') === 'true')
      .map(idOf),
    reached: faces()
      .filter((face) => face.tabIndex === 0)
      .map(idOf),
    selected: strip()
      .filter((piece) => piece.getAttribute('aria-selected') === 'true')
      .map(idOf),
    reachedInStrip: strip()
      .filter((piece) => piece.tabIndex === 0)
      .map(idOf),
    focused: idOf(document.activeElement),
  }
  const one = [chosen()]
  const inStrip = clips().length > 1 ? one : []
  expect(told, after).toEqual({
    ...{ pressed: one, reached: one, selected: inStrip, reachedInStrip: inStrip },
    focused: told.focused === undefined ? undefined : chosen(),
  })
}

test('after a cut the focus is on the piece that Delete removes', async () => {
  await show()
  click(strip()[0])
  press('Home')
  setSession({ playhead: 100 })
  press('s')
  expect(clips().map(({ from, to }) => [from, to])).toEqual([
    [0, 100],
    [100, 360],
    [0, 360],
  ])
  expect(idOf(document.activeElement)).toBe(clips()[1]?.id)
  expect(document.activeElement?.getAttribute('role')).toBe('option')
  const [first, , last] = clips()
  press('Delete')
  expect(clips()).toEqual([first, last])
  expect(idOf(document.activeElement)).toBe(last?.id)
})

test('a film that is opened takes the focus from the clip before it', async () => {
  await show()
  click(faces()[0])
  await openPaths(['/films/third.mp4'])
  await waitFor(() => expect(idOf(document.activeElement)).toBe(clips()[2]?.id))
  expectOneInHand('opening')
})

test('the tools of a clip in the list keep the focus there, whether it moves or goes', async () => {
  await show()
  await openPaths(['/films/third.mp4'])
  const [first, second, third] = clips().map(({ id }) => id)
  const earlier = (): HTMLElement => screen.getByRole('button', { name: 'Move clip earlier' })
  await waitFor(() => expect(earlier()).toBeTruthy())
  click(earlier())
  expect(document.activeElement).toBe(earlier())
  click(earlier())
  expect(clips().map(({ id }) => id)).toEqual([third, first, second])
  expect(idOf(document.activeElement)).toBe(third) // the button can do no more
  expect(document.activeElement).toBe(faces()[0])
  const tool = document.querySelector<HTMLElement>('li [aria-label="Remove this clip"]')
  click(tool ?? undefined)
  expect(document.activeElement).toBe(faces()[0])
  expect(idOf(document.activeElement)).toBe(first)
})

test('Tab reaches one clip; arrow keys go on from it, and leave the film alone', async () => {
  await show()
  await openPaths(['/films/third.mp4'])
  await waitFor(() => expect(strip()).toHaveLength(3))
  setSession({ playhead: 10 })
  tabInto(strip())
  press('ArrowRight') // there is nothing behind the last
  expect(idOf(document.activeElement)).toBe(clips()[2]?.id)
  press('ArrowLeft')
  expect(idOf(document.activeElement)).toBe(clips()[1]?.id)
  press('Home')
  expect(chosen()).toBe(clips()[0]?.id)
  expect(useSession.getState().playhead).toBe(0)
  tabInto(faces())
  press('ArrowDown')
  expect(document.activeElement).toBe(faces()[1])
  click(strip()[1])
  press('ArrowRight') // clicked: the keys are the film's
  expect(chosen()).toBe(clips()[1]?.id)
  expect(useSession.getState().playhead).toBe(1)
  press(' ', { code: 'Space' })
  expect(useSession.getState().isPlaying).toBe(true)
})

test('a cut is made in the piece under the playhead, were another of the same film in hand', async () => {
  await show()
  click(strip()[0])
  setSession({ playhead: 100 })
  press('s')
  click(strip()[0])
  setSession({ playhead: 200 })
  press('s')
  expect(clips().map(({ from, to }) => [from, to])).toEqual([
    [0, 100],
    [100, 200],
    [200, 360],
    [0, 360],
  ])
  expectOneInHand('cut')
  expect(chosen()).toBe(clips()[2]?.id)
})

const seeds = [1, 2, 3]

test.each(seeds)(
  'focus, choice and what Delete removes are one, whatever was pressed, seed %i',
  async (seed) => {
    await show()
    const dice = random(seed)
    const any = (of: readonly HTMLElement[]): HTMLElement | undefined =>
      of.length > 0 ? dice.pick(of) : undefined
    const hands: Record<string, () => void> = {
      cut: () => press('s'),
      seek: () => act(() => setSession({ playhead: dice.whole(0, 359) })),
      undo: () => press('z', { ctrlKey: true }),
      redo: () => press('z', { ctrlKey: true, shiftKey: true }),
      earlier: () => press('ArrowUp', { altKey: true }),
      later: () => press('ArrowDown', { altKey: true }),
      right: () => press('ArrowRight'),
      left: () => press('ArrowLeft'),
      up: () => press('ArrowUp'),
      down: () => press('ArrowDown'),
      home: () => press('Home'),
      end: () => press('End'),
      start: () => press('i'),
      clickStrip: () => click(any(strip())),
      clickList: () => click(any(faces())),
      tabStrip: () => tabInto(strip()),
      tabList: () => tabInto(faces()),
      tool: () => click(any([...document.querySelectorAll<HTMLElement>('li button:not(:disabled)')])),
      remove: () => {
        if (clips().length < 2) return
        const before = clips().map(({ id }) => id)
        const inFocus = idOf(document.activeElement) ?? chosen()
        press('Delete')
        expect(clips().map(({ id }) => id)).toEqual(before.filter((id) => id !== inFocus))
      },
    }
    const done: string[] = []
    for (let i = 0; i < 30; i++) {
      const name = dice.pick(Object.keys(hands))
      done.push(name)
      hands[name]?.()
      expectOneInHand(done.join(' '))
      if (clips().length === 0) act(actions.undo)
    }
  },
)
