// @vitest-environment jsdom
// What hands do at the window: keys after clicks, steps there and back, undo, and work that is under way meanwhile.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { AppError } from '../../electron/shared/contract/errors.js'
import { App } from '../../renderer/App.js'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { useJobs } from '../../renderer/stores/jobs.js'
import { openPaths } from '../../renderer/stores/open.js'
import { useProject } from '../../renderer/stores/project.js'
import { useSession } from '../../renderer/stores/session.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'

const session = useSession.getState
const clips = () => useProject.getState().project.clips

async function show(fake: Fake = createFake()): Promise<Fake> {
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  return fake
}

/** As a mouse does it: the focus comes with the pointer. */
function click(element: HTMLElement): void {
  fireEvent.pointerDown(element)
  element.focus()
  fireEvent.click(element)
}

/** Space as a browser does it: a button in focus is pressed by the release, unless somebody took the key. */
function space(): void {
  const target = document.activeElement ?? document.body
  const isDown = fireEvent.keyDown(target, { key: ' ', code: 'Space' })
  const isUp = fireEvent.keyUp(target, { key: ' ', code: 'Space' })
  if (isDown && isUp && target instanceof HTMLButtonElement) fireEvent.click(target)
}

test('Space plays after a click on a button; reached with Tab, the button is pressed', async () => {
  await show()
  const loop = screen.getByRole('button', { name: 'Play over and over' })
  click(loop)
  expect(session().isLooping).toBe(true)
  space()
  expect(session()).toMatchObject({ isLooping: true, isPlaying: true })
  fireEvent.keyDown(loop, { key: ' ', code: 'Space', repeat: true }) // held: neither of the two
  expect(session()).toMatchObject({ isLooping: true, isPlaying: true })
  space()
  expect(session().isPlaying).toBe(false)
  click(screen.getByRole('radio', { name: '×4' }))
  space()
  expect(session().isPlaying).toBe(true)
  actions.playPause()

  fireEvent.keyDown(loop, { key: 'Tab', code: 'Tab' })
  loop.focus()
  space()
  expect(session()).toMatchObject({ isLooping: false, isPlaying: false })
})

test('what stands where after a swap is said, of the clip in hand, and again when it is undone', async () => {
  await show()
  await act(() => openPaths(['/films/second.mp4']))
  const [first, second] = clips().map(({ name }) => name)
  const said = (words: string) => screen.findByText(words, { selector: '[aria-live=polite]' })
  act(() => actions.moveEarlier())
  await said(`${second} is now clip 1 of 2.`)
  act(() => actions.undo())
  await said(`${second} is now clip 2 of 2.`)
  act(() => useSession.setState({ selectedClipId: clips()[0]!.id }))
  act(() => actions.moveLater())
  await said(`${first} is now clip 2 of 2.`)
})

test('Space on a clicked "Hold for original" does not show the original; an open menu keeps it', async () => {
  const fake = await show()
  actions.preview()
  await screen.findByText('Starting…')
  fake.advance(60)
  click(await screen.findByRole('button', { name: 'Hold for original' }))
  fireEvent.pointerUp(document.activeElement as HTMLElement)
  fireEvent.keyDown(document.activeElement as HTMLElement, { key: ' ', code: 'Space' })
  expect(session()).toMatchObject({ isHoldingOriginal: false, isPlaying: true })
  actions.playPause()
  click(screen.getByRole('menuitem', { name: 'Play' }))
  const item = screen.getByRole('menuitemcheckbox', { name: /Play over and over/ })
  item.focus()
  space()
  expect(session()).toMatchObject({ isLooping: true, isPlaying: false })
})

test('the desktop hears how commands stand, as the window shows it', async () => {
  const fake = createFake()
  const menuState = vi.spyOn(fake.api.app, 'menuState')
  await start({ ...fake, host: 'electron' })
  render(<App />)
  await screen.findByTestId('time')
  const told = () => menuState.mock.lastCall?.[0]
  expect(told()?.words).toEqual({ undo: 'Undo: add film', redo: null })
  expect(told()?.idle).toEqual(expect.arrayContaining(['redo', 'moveEarlier', 'moveLater', 'cancelPreview']))
  expect(told()?.idle).not.toContain('undo')
  useSession.setState({ playhead: 100 })
  act(actions.split)
  expect(told()?.words).toEqual({ undo: 'Undo: cut in two', redo: null })
  expect(told()?.idle).not.toContain('moveEarlier') // the later half is in hand
  act(actions.undo)
  expect(told()?.words).toEqual({ undo: 'Undo: add film', redo: 'Redo: cut in two' })
  expect(told()?.on).toContain('compareDivider')
  act(actions.toggleLoop)
  act(actions.compareSide)
  expect(told()?.on).toEqual(expect.arrayContaining(['toggleLoop', 'compareSide']))
  const times = menuState.mock.calls.length
  act(() => useSession.setState({ playhead: 50 }))
  expect(menuState).toHaveBeenCalledTimes(times)
})

test('panels fold away by button and key, which is kept; Motion brings its panel back', async () => {
  const fake = await show()
  const kept = vi.spyOn(fake.api.app, 'setPreferences')
  const list = () => screen.queryByRole('region', { name: 'Clips' })
  const enhance = () => screen.queryByRole('region', { name: 'Enhancement' })
  expect([list(), enhance()].every((panel) => panel !== null)).toBe(true)
  const away = screen.getByRole('button', { name: 'Show the list of clips' })
  expect(away.getAttribute('aria-pressed')).toBe('true')
  click(away)
  expect([list() === null, away.getAttribute('aria-pressed')]).toEqual([true, 'false'])
  fireEvent.keyDown(document.body, { key: 'b', code: 'KeyB', ctrlKey: true, altKey: true })
  await waitFor(() => expect(enhance()).toBeNull())
  expect(kept).toHaveBeenLastCalledWith(expect.objectContaining({ folded: ['clips', 'enhance'] }))
  fireEvent.keyDown(document.body, { key: 'm', code: 'KeyM' })
  await waitFor(() => expect(enhance()).not.toBeNull())
  fireEvent.keyDown(document.body, { key: 'b', code: 'KeyB', ctrlKey: true })
  await waitFor(() => expect(list()).not.toBeNull())
  expect(kept).toHaveBeenLastCalledWith(expect.objectContaining({ folded: [] }))
})

test('Tab leaves a compared picture that was clicked, and switches nothing; A switches the sides', async () => {
  const fake = await show()
  actions.preview()
  await screen.findByText('Starting…')
  fake.advance(60)
  await screen.findByRole('button', { name: 'Hold for original' })
  const pane = document.querySelector<HTMLElement>('[data-pane]')!
  pane.focus()
  fireEvent.keyDown(document.body, { key: '1', code: 'Digit1' })
  const before = session()
  for (const shiftKey of [false, true])
    expect(fireEvent.keyDown(pane, { key: 'Tab', code: 'Tab', shiftKey })).toBe(true) // left to the browser
  expect(session()).toMatchObject({ side: before.side, compareMode: before.compareMode })
  fireEvent.keyDown(pane, { key: 'a', code: 'KeyA' })
  expect(session()).toMatchObject({ compareMode: 'ab', side: 'enhanced' })
  fireEvent.keyDown(pane, { key: 'a', code: 'KeyA' })
  expect(session().side).toBe('original')
})

test('keys mean nothing to the film while a dialog is open', async () => {
  await show()
  click(screen.getByRole('button', { name: 'Play over and over' }))
  actions.shortcuts()
  await screen.findByRole('dialog')
  space()
  fireEvent.keyDown(document.body, { key: 'Delete', code: 'Delete' })
  fireEvent.keyDown(document.body, { key: 'ArrowRight', code: 'ArrowRight' })
  expect(session()).toMatchObject({ isPlaying: false, playhead: 0 })
  expect(clips()).toHaveLength(1)
})

test('a held Delete removes one clip', async () => {
  await show()
  await openPaths(['/films/second.mp4', '/films/third.mp4'])
  fireEvent.keyDown(document.body, { key: 'Delete', code: 'Delete' })
  fireEvent.keyDown(document.body, { key: 'Delete', code: 'Delete', repeat: true })
  expect(clips()).toHaveLength(2)
})

test('as many seconds back as forth lead to the frame they began at; at the ends the first and last frame count', async () => {
  await show() // 29.97 frames a second, 360 frames
  for (const frame of [1, 7, 100, 191]) {
    useSession.setState({ playhead: frame })
    for (let i = 0; i < 3; i++) actions.secondForward()
    expect(session().playhead).toBe(Math.floor(frame + 3 / (1001 / 30000) + 1e-3))
    for (let i = 0; i < 3; i++) actions.secondBack()
    expect(session().playhead).toBe(frame)
  }
  useSession.setState({ playhead: 10 })
  actions.secondBack()
  expect(session().playhead).toBe(0)
  actions.secondForward()
  expect(session().playhead).toBe(29) // 0.968 s, on screen when a second is over
  actions.goToEnd()
  actions.tenSecondsForward()
  expect(session().playhead).toBe(359)
  actions.secondForward()
  actions.secondBack()
  expect(session().playhead).toBe(329)
  actions.nextFrame() // another step in between: the seconds count from there
  actions.secondForward()
  actions.secondBack()
  expect(session().playhead).toBe(330)
})

test('undo takes in hand again what the edit was made on, so that Delete takes the same clip', async () => {
  await show()
  await openPaths(['/films/second.mp4', '/films/third.mp4'])
  const [first, second, third] = clips()
  fireEvent.click(screen.getByRole('option', { name: /^1\. / }))
  useSession.setState({ playhead: 40 })
  actions.delete()
  expect(session().selectedClipId).toBe(second?.id)
  actions.undo()
  expect(session()).toMatchObject({ selectedClipId: first?.id, playhead: 40 })
  actions.delete()
  expect(clips().map((c) => c.id)).toEqual([second?.id, third?.id])
  actions.undo()
  actions.redo()
  expect(clips().map((c) => c.id)).toEqual([second?.id, third?.id])
  expect(session().selectedClipId).toBe(second?.id)
  actions.undo()
  fireEvent.click(screen.getByRole('option', { name: /^3\. / }))
  useSession.setState({ playhead: 100 })
  actions.markIn()
  fireEvent.click(screen.getByRole('option', { name: /^2\. / }))
  actions.undo()
  expect(session()).toMatchObject({ selectedClipId: third?.id, playhead: 100 })
})

test('the menu says what would be undone and redone', async () => {
  await show()
  const items = (): (string | null)[] => {
    click(screen.getByRole('menuitem', { name: 'Edit' }))
    const found = screen.getAllByRole('menuitem', { name: /^(Undo|Redo)/ }).map((item) => item.textContent)
    click(screen.getByRole('menuitem', { name: 'Edit' }))
    return found
  }
  useSession.setState({ playhead: 40 })
  actions.split()
  await waitFor(() => expect(items()[0]).toMatch(/^Undo: cut in two/))
  act(actions.undo)
  expect(items()[1]).toMatch(/^Redo: cut in two/)
})

test('playing ends where the preview does while loop is off', async () => {
  const fake = await show()
  actions.preview()
  await screen.findByText('Starting…')
  fake.advance(60)
  await waitFor(() => expect(screen.getByRole('button', { name: 'Preview' })).toBeTruthy())
  actions.playPause()
  expect(session().range).toEqual({ from: 0, to: 60, isLoop: false })
  actions.toggleLoop()
  expect(session().range?.isLoop).toBe(true)
})

/** A host that has read no film to its end until it is told to. */
function unread(fake: Fake = createFake()): { fake: Fake; read: () => void; fail: () => void } {
  const answers: (() => void)[] = []
  const failures: (() => void)[] = []
  const { frameTable } = fake.api.sources
  vi.spyOn(fake.api.sources, 'frameTable').mockImplementation(
    (id) =>
      new Promise((resolve, reject) => {
        answers.push(() => resolve(frameTable(id)))
        failures.push(() => reject(new AppError('source-unreadable', 'It cannot be read to its end.')))
      }),
  )
  return { fake, read: () => answers.forEach((a) => a()), fail: () => failures.forEach((f) => f()) }
}

const jobs = () => useJobs.getState().jobs
const states = (): string[] => jobs().map((job) => job.state)

describe('a film that is still being read', () => {
  test('shows its first picture; a preview and an export that are asked for begin when it has been read', async () => {
    const { fake, read } = unread()
    const preview = vi.spyOn(fake.api.render, 'preview')
    await start(fake)
    const { container } = render(<App />)
    expect(await screen.findByText(/You can move through it when that is done/)).toBeTruthy()
    await waitFor(() => expect(container.querySelector('canvas[data-layer=original]')).toBeTruthy())
    expect(screen.queryByTestId('time')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Preview' }))
    expect(await screen.findByText('Starts as soon as the film has been read.')).toBeTruthy()
    actions.export()
    expect(await screen.findByText(/The export opens as soon as/)).toBeTruthy()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(preview).not.toHaveBeenCalled()
    read()
    expect(await screen.findByRole('dialog', { name: 'Export the film' })).toBeTruthy()
    await waitFor(() => expect(preview).toHaveBeenCalledTimes(1))
    expect(preview.mock.calls[0]?.[0]).toMatchObject({ from: 0, to: 60 })
    expect(await screen.findByTestId('time')).toBeTruthy()
  })

  test('an awaited preview can be put off again, and goes with its clip', async () => {
    const { fake, read } = unread()
    const preview = vi.spyOn(fake.api.render, 'preview')
    await start(fake)
    render(<App />)
    fireEvent.click(await screen.findByRole('button', { name: 'Preview' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Stop' }))
    actions.preview()
    actions.delete()
    expect(clips()).toHaveLength(0)
    read()
    await waitFor(() => expect(useSources.getState().tables).not.toEqual({}))
    expect(preview).not.toHaveBeenCalled()
  })

  test('takes its true length when it is known, in the steps to undo as well', async () => {
    const { fake, read } = unread()
    const { open: openSource } = fake.api.sources
    vi.spyOn(fake.api.sources, 'open').mockImplementation(async (path) => ({
      ...(await openSource(path)),
      durationSeconds: 20, // says its head
    }))
    await start(fake)
    render(<App />)
    await screen.findByText(/You can move through it/)
    expect(clips()[0]?.to).toBe(599)
    actions.toggleEnhance()
    read()
    await screen.findByTestId('time')
    expect(clips()[0]?.to).toBe(360)
    actions.undo()
    expect(clips()[0]).toMatchObject({ from: 0, to: 360, enhance: { isEnabled: true } })
    expect(useProject.getState().project.sources[0]?.frames).toBe(360)
  })

  test('keeps an export from beginning that was on the page before it came', async () => {
    const fake = await show()
    actions.export()
    const dialog = within(await screen.findByRole('dialog'))
    const begin = await dialog.findByRole<HTMLButtonElement>('button', { name: 'Export' })
    await waitFor(() => expect(begin.disabled).toBe(false))
    const { read } = unread(fake)
    void openPaths(['/films/second.mp4'])
    await waitFor(() => expect(clips()).toHaveLength(2))
    expect(begin.disabled).toBe(true)
    read()
    await waitFor(() => expect(begin.disabled).toBe(false))
  })

  test('was never there when it cannot be read to its end', async () => {
    const { fake, fail } = unread()
    await start(fake)
    render(<App />)
    await screen.findByText(/You can move through it/)
    fail()
    expect(await screen.findByText('It cannot be read to its end.')).toBeTruthy()
    expect(useProject.getState()).toMatchObject({ project: { clips: [], sources: [] }, past: [], future: [] })
  })
})

describe('a preview under way', () => {
  test('is of the settings that are shown: moved ones end it, and the last of them begins another of the same pictures', async () => {
    const fake = await show()
    const preview = vi.spyOn(fake.api.render, 'preview')
    useSession.setState({ playhead: 20 })
    actions.preview()
    await screen.findByText('Starting…')
    fake.advance(5)
    useSession.setState({ playhead: 200 })
    fireEvent.click(screen.getByRole('radio', { name: '×4' }))
    expect(states()).toEqual(['cancelled'])
    expect(screen.getByText('Not yet enhanced')).toBeTruthy() // at once: a moment later ×4 would begin
    fireEvent.click(screen.getByRole('radio', { name: '×1' }))
    await waitFor(() => expect(states()).toEqual(['cancelled', 'running']))
    expect(preview).toHaveBeenCalledTimes(2)
    expect(preview.mock.calls[1]?.[0]).toMatchObject({ from: 20, to: 80, enhance: { scale: 1 } })
    actions.undo() // to ×4
    await waitFor(() => expect(states()).toEqual(['cancelled', 'cancelled', 'running']))
    expect(preview.mock.calls[2]?.[0]).toMatchObject({ from: 20, to: 80, enhance: { scale: 4 } })
    actions.toggleEnhance()
    expect(states()).toEqual(['cancelled', 'cancelled', 'cancelled'])
  })

  test('is of its clip: asked for behind the end it shows the last seconds, and the playhead goes there', async () => {
    const fake = await show()
    const preview = vi.spyOn(fake.api.render, 'preview')
    useSession.setState({ playhead: 149 })
    actions.markOut()
    useSession.setState({ playhead: 200 })
    actions.preview()
    await screen.findByText('Starting…')
    expect(preview.mock.calls[0]?.[0]).toMatchObject({ from: 90, to: 150 })
    expect(session().playhead).toBe(149)
  })

  test('one whose settings change before the host has answered is ended as well', async () => {
    const fake = await show()
    const { preview } = fake.api.render
    let answer: () => void = () => undefined
    vi.spyOn(fake.api.render, 'preview').mockImplementationOnce(async (request) => {
      await new Promise<void>((resolve) => (answer = resolve))
      return preview(request)
    })
    actions.preview()
    fireEvent.click(screen.getByRole('radio', { name: '×4' }))
    await waitFor(() => expect(states()).toEqual(['running']))
    answer()
    await waitFor(() => expect(states()).toEqual(['running', 'cancelled']))
  })

  test('tells its progress at its own clip; it ends with the clip, and with another preview', async () => {
    const fake = await show()
    await openPaths(['/films/second.mp4'])
    actions.preview()
    await screen.findByText('Starting…')
    fake.advance(5)
    expect(await screen.findByText('5 of 60 frames')).toBeTruthy()
    fireEvent.click(screen.getByRole('option', { name: /^1\. / }))
    expect(await screen.findByRole('button', { name: 'Preview' })).toBeTruthy()
    expect(screen.queryByText('5 of 60 frames')).toBeNull()
    fireEvent.click(screen.getByRole('option', { name: /^2\. / }))
    expect(await screen.findByText('5 of 60 frames')).toBeTruthy()
    actions.delete()
    await waitFor(() => expect(states()).toEqual(['cancelled']))
    actions.undo()
    actions.preview()
    await waitFor(() => expect(states()).toEqual(['cancelled', 'running']))
    fireEvent.click(screen.getByRole('option', { name: /^1\. / }))
    actions.preview()
    await waitFor(() => expect(states()).toEqual(['cancelled', 'cancelled', 'running']))
  })

  test('stepping to another clip stops the playing', async () => {
    await show()
    await openPaths(['/films/second.mp4'])
    actions.playPause()
    fireEvent.click(screen.getByRole('option', { name: /^1\. / }))
    expect(session()).toMatchObject({ isPlaying: false, playhead: 0 })
  })
})

test('a suggestion that comes under the hand or a preview is offered', async () => {
  const [model] = await createFake().api.models.list()
  if (!model) throw new Error('the fake has no model')
  const looks = {
    gentle: { strength: 0.3, detail: 0.5 },
    natural: { strength: 0.6, detail: 0.2 },
    strong: { strength: 1, detail: 0 },
  }
  const fake = createFake({
    info: { models: [{ ...model, hasStrength: true, looks }] },
    damage: { noise: 0.6, strength: 0.9 },
  })
  const damage = await fake.api.sources.damage('')
  const answers: (() => void)[] = []
  vi.spyOn(fake.api.sources, 'damage').mockImplementation(
    () => new Promise((resolve) => answers.push(() => resolve(damage))),
  )
  await show(fake)
  fireEvent.pointerDown(await screen.findByRole('slider', { name: 'Strength' })) // held, not moved yet
  answers[0]?.()
  expect(await screen.findByRole('button', { name: 'Use the suggested 90%' })).toBeTruthy()
  expect(clips()[0]?.enhance.strength).toBeUndefined()

  vi.spyOn(fake.api.render, 'preview').mockReturnValue(new Promise(() => undefined)) // the host is slow to answer
  await openPaths(['/films/second.mp4'])
  actions.preview()
  answers[1]?.()
  expect(await screen.findByRole('button', { name: 'Use the suggested 90%' })).toBeTruthy()
  expect(clips()[1]?.enhance.strength).toBeUndefined()
})
