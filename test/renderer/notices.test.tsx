// @vitest-environment jsdom
// What the window says of itself: text that cannot be read, notices, a host that is lost, files on their way, names that are taken.
import { clipsOf } from './dom.js'
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError, failing, toFailure } from '../../electron/shared/contract/errors.js'
import { emptyProject } from '../../electron/shared/document/document.js'
import { App } from '../../renderer/App.js'
import type { Connection } from '../../renderer/api/connect.js'
import { createFake } from '../../renderer/api/fake.js'
import { openSocket } from '../../renderer/api/socket.js'
import type { UploadOptions } from '../../renderer/api/upload.js'
import { actions } from '../../renderer/stores/actions.js'
import { selectClip } from '../../renderer/stores/scene.js'
import { useContact } from '../../renderer/stores/contact.js'
import { useJobs } from '../../renderer/stores/jobs.js'
import { openFiles, openPaths } from '../../renderer/stores/open.js'
import { replaceProject, useProject } from '../../renderer/stores/project.js'
import { inform, notify, sessionStart, useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

beforeEach(() => {
  localStorage.clear()
  useContact.setState({ isLost: false })
})
afterEach(() => void vi.useRealTimers())

async function show(connection: Connection): Promise<void> {
  await start(connection)
  render(<App />)
  await screen.findByText(/frames per second/)
}

/** Does leaving the page ask first? */
function isLeavingAsked(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

test('text in the time field that is no time stays, and what is wrong is said beside it', async () => {
  await show(createFake())
  useSession.setState({ playhead: 100 })
  fireEvent.click(await screen.findByTestId('time'))
  const field = (): HTMLInputElement => screen.getByRole('textbox', { name: /^Time/ })
  fireEvent.change(field(), { target: { value: 'five past' } })
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(field().value).toBe('five past')
  expect(field().getAttribute('aria-invalid')).toBe('true')
  const words = screen.getByText(/“five past” is not a time. Write for example 1:23/)
  expect(field().getAttribute('aria-describedby')).toBe(words.id)
  fireEvent.blur(field()) // going elsewhere does not throw it away either
  expect(field().value).toBe('five past')
  expect(useSession.getState().playhead).toBe(100)
  fireEvent.change(field(), { target: { value: '0:02' } })
  expect(screen.queryByText(/is not a time/)).toBeNull()
  fireEvent.keyDown(field(), { key: 'Enter' })
  expect(useSession.getState().playhead).toBe(60)
})

test('a failure stands once however often it happens, until it is put away; news leaves by itself; what was cancelled is none', async () => {
  await show(createFake())
  vi.useFakeTimers()
  const gone = { failure: toFailure(failing('not-found', 'videoNotOpen')) }
  act(() => {
    notify(gone)
    notify(gone)
    notify({ failure: { code: 'cancelled', message: 'Cancelled.' } })
    inform('connectedAgain')
  })
  expect(screen.getAllByText(/not open here/)).toHaveLength(1)
  expect(screen.queryByText('Cancelled.')).toBeNull()
  const news = screen.getByText(/Connected to Heirloom again/)
  expect(news.closest('[role=status]')).toBeTruthy()
  // Each is its own live region: a second notice does not read out the first one again.
  expect(screen.getByText(/not open here/).closest('[role=alert]')?.textContent).not.toMatch(/Connected/)
  act(() => void vi.advanceTimersByTime(60_000))
  expect(screen.queryByText(/Connected to Heirloom again/)).toBeNull()
  const card = screen.getByText(/not open here/).closest<HTMLElement>('[role=alert]')
  fireEvent.click(within(card!).getByRole('button', { name: 'Close' }))
  expect(screen.queryByText(/not open here/)).toBeNull()
})

test('Escape puts the newest message away, one at a time; in an open dialog it is the dialog that closes', async () => {
  await show(createFake())
  const said = (): number => useSession.getState().notices.length
  act(() => {
    notify({ failure: toFailure(failing('not-found', 'videoNotOpen')) })
    notify({ failure: toFailure(failing('internal', 'connectionLost')) })
    useSession.setState({ dialog: 'shortcuts' })
  })
  const escape = (): boolean => fireEvent.keyDown(document.body, { key: 'Escape' })
  escape()
  expect(said()).toBe(2)
  act(() => useSession.setState({ dialog: undefined }))
  escape()
  expect(screen.queryByText(/connection to Heirloom is lost/)).toBeNull()
  expect(screen.getByText(/not open here/)).toBeTruthy()
  escape()
  expect(said()).toBe(0)
})

test('F1 shows the keys', async () => {
  await show(createFake())
  fireEvent.keyDown(document.body, { key: 'F1' })
  expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy()
})

test('a failure leaves when it no longer applies: another clip, a preview that begins, a film that opens, edits that are saved', async () => {
  const fake = createFake()
  await show(fake)
  const said = (): string[] =>
    useSession.getState().notices.flatMap((notice) => ('failure' in notice ? [notice.failure.message] : []))
  const failure = (name: string) => Promise.reject(new AppError('internal', name))
  const { render, sources, project } = fake.api
  const spies = {
    preview: () => vi.spyOn(render, 'preview'),
    photo: () => vi.spyOn(render, 'photo'),
    open: () => vi.spyOn(sources, 'open'),
    save: () => vi.spyOn(project, 'save'),
  }
  const once = (name: keyof typeof spies): unknown =>
    spies[name]().mockImplementationOnce(() => failure(name))
  once('preview')
  actions.preview()
  await waitFor(() => expect(said()).toEqual(['preview']))
  once('photo')
  actions.snapshot()
  await waitFor(() => expect(said()).toEqual(['preview', 'photo']))
  actions.preview()
  await waitFor(() => expect(said()).toEqual([]))

  once('open')
  await openPaths(['/films/second.mp4'])
  expect(said()).toEqual(['open'])
  await openPaths(['/films/second.mp4'])
  expect(said()).toEqual([])

  once('photo')
  actions.snapshot()
  await waitFor(() => expect(said()).toEqual(['photo']))
  act(() => selectClip(useProject.getState().project.clips[0]!))
  expect(said()).toEqual([])

  once('save')
  actions.markOut()
  await waitFor(() => expect(said()).toEqual(['save']))
  actions.undo()
  await waitFor(() => expect(said()).toEqual([]))
})

test('a lost host is told at once, edits made meanwhile are kept and saved when it is back, which is told too', async () => {
  const fake = createFake()
  let tell: (isConnected: boolean) => void = () => undefined
  await show({ ...fake, onState: (listener) => ((tell = listener), () => undefined) })
  await waitFor(() => expect(clipsOf(fake.saved.at(-1))).toHaveLength(1), { timeout: 3000 })
  act(() => tell(false))
  expect(screen.getByText(/connection to Heirloom is lost/)).toBeTruthy()
  const savedBefore = fake.saved.length
  useSession.setState({ playhead: 100 })
  act(() => actions.markIn())
  expect(isLeavingAsked()).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 600)) // longer than the delay of saving
  expect(fake.saved).toHaveLength(savedBefore)
  act(() => notify({ failure: toFailure(failing('internal', 'connectionLost')) }))
  act(() => tell(true))
  await waitFor(() => expect(clipsOf(fake.saved.at(-1))[0]?.from).toBe(100))
  expect(await screen.findByText(/Connected to Heirloom again/)).toBeTruthy()
  expect(screen.queryByText(/connection to Heirloom is lost/)).toBeNull()
  expect(isLeavingAsked()).toBe(false)
})

test('a job that ended while the host was lost has ended in the window too', async () => {
  const fake = createFake()
  let tell: (isConnected: boolean) => void = () => undefined
  await show({ ...fake, onState: (listener) => ((tell = listener), () => undefined) })
  fireEvent.click(await screen.findByRole('button', { name: 'Preview' }))
  await waitFor(() => expect(useJobs.getState().jobs[0]?.state).toBe('running'))
  const [job] = useJobs.getState().jobs
  act(() => tell(false))
  vi.spyOn(fake.api.jobs, 'list').mockResolvedValue([{ ...job!, state: 'done' }])
  act(() => tell(true))
  await waitFor(() => expect(useJobs.getState().jobs[0]?.state).toBe('done'))
})

test('the socket tells when the host hangs up or falls silent, and dials again by itself', async () => {
  vi.useFakeTimers()
  const opened: FakeSocket[] = []
  class FakeSocket extends EventTarget {
    static OPEN = 1
    readyState = 1
    onopen?: () => void
    onmessage?: (event: { data: string }) => void
    onclose?: () => void
    sent: string[] = []
    constructor() {
      super()
      opened.push(this)
      queueMicrotask(() => this.onopen?.())
    }
    send(text: string): void {
      this.sent.push(text)
    }
    say(data: string): void {
      this.onmessage?.({ data })
      this.dispatchEvent(new Event('message'))
    }
    close(): void {
      this.readyState = 3
      this.onclose?.()
      this.dispatchEvent(new Event('close'))
    }
  }
  vi.stubGlobal('WebSocket', FakeSocket)
  try {
    const states: boolean[] = []
    const socket = await openSocket('ws://127.0.0.1/api', ['heirloom'])
    socket.onState((isConnected) => states.push(isConnected))
    const call = socket.call({ id: 1, name: 'jobs.list', args: [] })
    opened[0]?.close()
    await expect(call).rejects.toMatchObject({ sentence: { key: 'connectionLost' } })
    expect(states).toEqual([false])
    await vi.advanceTimersByTimeAsync(1500)
    expect(states).toEqual([false, true])
    // It answers for a while, then it hangs.
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(5000)
      opened[1]?.say(JSON.stringify({ id: -1, result: [] }))
    }
    expect(states).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(25_000)
    expect(states.slice(2)).toContain(false)
  } finally {
    vi.unstubAllGlobals()
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe(): void {}
        disconnect(): void {}
      },
    )
  }
})

test('files on their way are shown with how far each is; leaving the page asks first until all have arrived', async () => {
  const sending: { name: string; options: UploadOptions; arrive: (path: string) => void }[] = []
  const upload = (file: File, options: UploadOptions = {}): Promise<string> =>
    new Promise((arrive, reject) => {
      sending.push({ name: file.name, options, arrive })
      options.signal?.addEventListener('abort', () => reject(failing('internal', 'connectionLost')))
    })
  await show({ ...createFake(), upload })
  const file = (name: string): File => new File([new Uint8Array(1000)], name)
  expect(isLeavingAsked()).toBe(false)
  const opening = openFiles([file('one.mp4'), file('two.mp4'), file('three.mp4')])
  const panel = within(await screen.findByRole('region', { name: 'Files on their way' }))
  expect(panel.getByText('0 of 3 files have arrived')).toBeTruthy()
  act(() => sending[0]?.options.onProgress?.(400))
  expect(panel.getByRole('progressbar', { name: 'one.mp4' }).getAttribute('aria-valuenow')).toBe('40')
  expect(isLeavingAsked()).toBe(true)
  // The page is closed here and opened again: it says which did not arrive.
  sending[0]?.arrive('/films/one.mp4')
  expect(await panel.findByText('1 of 3 files have arrived')).toBeTruthy()
  const left = localStorage.getItem('heirloom.uploads')
  expect(JSON.parse(left ?? '')).toEqual(['two.mp4', 'three.mp4'])
  await waitFor(() => expect(sending).toHaveLength(2))
  sending[1]?.arrive('/films/two.mp4')
  await waitFor(() => expect(sending).toHaveLength(3))
  sending[2]?.arrive('/films/three.mp4')
  await act(() => opening)
  expect(isLeavingAsked()).toBe(false)
  expect(screen.getByText('All 3 files have arrived.')).toBeTruthy()

  cleanup()
  replaceProject(emptyProject)
  useSession.setState(sessionStart, true)
  localStorage.setItem('heirloom.uploads', left ?? '')
  await show(createFake())
  expect(await screen.findByText(/2 files did not arrive.*two\.mp4, three\.mp4/)).toBeTruthy()
  expect(localStorage.getItem('heirloom.uploads')).toBeNull()
})

test('a name that an export under way will have is refused in the dialog, and a free one offered', async () => {
  const fake = createFake()
  await show(fake)
  const dialogOf = async () => {
    act(() => actions.export())
    return within(await screen.findByRole('dialog'))
  }
  const first = await dialogOf()
  const begin = await first.findByRole('button', { name: 'Export' })
  await waitFor(() => expect(begin.hasAttribute('disabled')).toBe(false))
  fireEvent.click(begin)
  await waitFor(() => expect(useSession.getState().dialog).toBeUndefined())
  const second = await dialogOf()
  expect(
    await second.findByText(/Another export that is under way or waiting will have this name/),
  ).toBeTruthy()
  expect(second.getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(true)
  fireEvent.click(second.getByRole('button', { name: /^Use “.*\(2\)\.mp4”$/ }))
  await waitFor(() =>
    expect(second.getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(false),
  )
  expect(second.getByDisplayValue(/\(2\)$/)).toBeTruthy()
})
