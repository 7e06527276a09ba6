// @vitest-environment jsdom
// The export page: what was chosen is there again when it is opened again, and an export that began is no reason to begin another.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { failing } from '../../electron/shared/contract/errors.js'
import { phrase, message } from '../../electron/shared/words/sentences.js'
import { App } from '../../renderer/App.js'
import { createFake, type Fake } from '../../renderer/api/fake.js'
import { setEnhance } from '../../renderer/commands/setEnhance.js'
import { setMotion } from '../../renderer/commands/setMotion.js'
import { actions } from '../../renderer/stores/actions.js'
import { selectClipById } from '../../renderer/stores/scene.js'
import { exportWishStart, useExportWish } from '../../renderer/stores/exportWish.js'
import { sizeOfFilm } from '../../renderer/stores/filmSize.js'
import { openPaths } from '../../renderer/stores/open.js'
import { run, useProject } from '../../renderer/stores/project.js'
import { useProjectFile } from '../../renderer/stores/projectFile.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'

beforeEach(() => {
  useExportWish.setState(exportWishStart, true)
  useProjectFile.setState({ file: undefined, recent: [] })
  sessionStorage.clear()
})

async function show(fake: Fake = createFake()): Promise<Fake> {
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  await openPaths(['/films/second.mp4'])
  return fake
}

async function openPage() {
  actions.export()
  const page = within(await screen.findByRole('dialog', { name: 'Export the film' }))
  await page.findByRole('textbox')
  return page
}
const close = (): void => void fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
const isChecked = (element: HTMLElement): boolean => element.getAttribute('aria-checked') === 'true'

test('what was chosen is there again the next time, name and all, until it has been exported; what of the film only once it has been', async () => {
  const fake = await show()
  const exported = vi.spyOn(fake.api.render, 'export')
  let page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  fireEvent.click(page.getByRole('radio', { name: /Best/ }))
  fireEvent.change(page.getByRole('textbox'), { target: { value: 'Wedding' } })
  close()
  page = await openPage()
  expect(isChecked(page.getByRole('radio', { name: 'The whole film' }))).toBe(true)
  expect(isChecked(page.getByRole('radio', { name: /Best/ }))).toBe(true)
  expect(page.getByDisplayValue('Wedding')).toBeTruthy()
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  await waitFor(() => expect(begin.disabled).toBe(false))
  fireEvent.click(begin)
  fireEvent.click(begin) // an impatient second click
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(exported).toHaveBeenCalledTimes(1)
  expect(exported.mock.calls[0]?.[0]).toMatchObject({
    project: { clips: [{ name: 'second.mp4' }] },
    output: { quality: 'best', path: expect.stringContaining('Wedding') as string },
  })
  page = await openPage()
  expect(isChecked(page.getByRole('radio', { name: 'This clip only' }))).toBe(true)
  expect(page.queryByDisplayValue('Wedding')).toBeNull()
})

test('Enter begins it, but neither the key that opened the page nor one that ends a word', async () => {
  const fake = await show()
  const exported = vi.spyOn(fake.api.render, 'export')
  const page = await openPage()
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  const name = page.getByRole('textbox')
  await waitFor(() => expect(document.activeElement).toBe(name)) // ready to be typed over
  await waitFor(() => expect(begin.disabled).toBe(false))
  fireEvent.keyDown(name, { key: 'Enter', repeat: true })
  fireEvent.keyDown(name, { key: 'Enter', isComposing: true })
  fireEvent.keyDown(page.getByRole('button', { name: /Change/ }), { key: 'Enter' })
  expect(exported).not.toHaveBeenCalled()
  fireEvent.keyDown(name, { key: 'Enter' })
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(exported).toHaveBeenCalledTimes(1)
})

test('Enter waits for what the host says of the place and the film; the button does too; a change takes Enter back; what is to be known is read first', async () => {
  const fake = await show()
  const exported = vi.spyOn(fake.api.render, 'export')
  const { estimate } = fake.api.render
  let notes = [message('noteHdr'), message('noteMkv')]
  const waiting: (() => void)[] = []
  vi.spyOn(fake.api.render, 'estimate').mockImplementation(async (request) => {
    await new Promise<void>((go) => waiting.push(go))
    return { ...(await estimate(request)), notes }
  })
  const letGo = async (): Promise<void> => {
    await waitFor(() => expect(waiting.length).toBeGreaterThan(0))
    waiting.splice(0).forEach((go) => go())
  }
  const page = await openPage()
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  const name = page.getByRole('textbox')
  fireEvent.keyDown(name, { key: 'Enter' })
  fireEvent.change(name, { target: { value: 'Lake' } })
  await letGo()
  await waitFor(() => expect(begin.disabled).toBe(false))
  const region = within(page.getByRole('region', { name: 'What to know before' }))
  expect(region.getByRole('heading').textContent).toBe('2 things to know before')
  expect(region.getAllByRole('listitem')).toHaveLength(2)
  expect(exported).not.toHaveBeenCalled()
  fireEvent.change(name, { target: { value: 'River' } })
  fireEvent.keyDown(name, { key: 'Enter' })
  await letGo()
  await waitFor(() => expect(begin.disabled).toBe(false))
  expect(exported).not.toHaveBeenCalled()
  notes = []
  fireEvent.change(name, { target: { value: 'Sea' } })
  fireEvent.keyDown(name, { key: 'Enter' })
  expect(exported).not.toHaveBeenCalled()
  await letGo()
  await waitFor(() => expect(exported).toHaveBeenCalledTimes(1))
  expect(exported.mock.calls[0]?.[0].output.path).toBe('/films/Sea.mp4')
})

test('a name that is proposed is a free one, also where another folder was chosen; a name that was typed is asked about', async () => {
  const fake = await show()
  vi.spyOn(fake.api.files, 'checkOutput').mockImplementation((path) =>
    Promise.resolve({
      ...{ exists: !path.includes('(2)'), isSource: false, isInWork: false, freeBytes: 1e12 },
      freePath: path.replace('.mp4', ' (2).mp4'),
    }),
  )
  const page = await openPage()
  const name = await page.findByDisplayValue<HTMLInputElement>(/\(2\)$/)
  await waitFor(() =>
    expect(page.getByRole<HTMLButtonElement>('button', { name: 'Export' }).disabled).toBe(false),
  )
  fireEvent.change(name, { target: { value: 'Mine' } })
  await page.findByText(/is there already/)
  expect(name.value).toBe('Mine')
})

test('a film whose frames are only timed otherwise is not called enhanced', async () => {
  await show()
  const { clips } = useProject.getState().project
  for (const { id } of clips) act(() => run(setEnhance(id, { isEnabled: false })))
  act(() => run(setMotion(clips[1]!.id, { kind: 'slow', factor: 2, sound: 'silent' }, undefined)))
  let page = await openPage()
  expect(page.getByDisplayValue('Summer by the lake 1994 (slow)')).toBeTruthy()
  close()
  act(() => run(setEnhance(clips[0]!.id, { isEnabled: true })))
  page = await openPage()
  expect(page.getByDisplayValue('Summer by the lake 1994 (enhanced)')).toBeTruthy()
})

test('a film of which nothing is enhanced or timed otherwise is not called enhanced', async () => {
  await show()
  const { clips } = useProject.getState().project
  act(() => clips.forEach(({ id }) => run(setEnhance(id, { isEnabled: false }))))
  const page = await openPage()
  expect(page.getByDisplayValue('Summer by the lake 1994 (exported)')).toBeTruthy()
})

test('the whole film is called like its project, or its beginning; a clip alone like its recording, unless a name was typed', async () => {
  const fake = await show()
  const suggested = vi.spyOn(fake.api.files, 'suggestOutput')
  let page = await openPage() // the second film is in hand
  expect(suggested.mock.lastCall).not.toContain(undefined) // it would arrive as null, which is refused
  expect(page.getByDisplayValue('Summer by the lake 1994 (enhanced)')).toBeTruthy()
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  expect(await page.findByDisplayValue('second (enhanced)')).toBeTruthy()
  close()
  useProjectFile.setState({ file: { path: '/films/Our wedding.heirloom', name: 'Our wedding' } })
  page = await openPage()
  const name = page.getByDisplayValue('Our wedding (enhanced)')
  fireEvent.change(name, { target: { value: 'Mine' } })
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  await page.findByText(/of work on this computer/)
  expect(page.getByDisplayValue('Mine')).toBeTruthy()
})

test('a photo among the films is told as one, has no part in the film and does not decide its size', async () => {
  const fake = createFake()
  const { open } = fake.api.sources
  fake.api.sources.open = async (path) => {
    const source = await open(path.replace('.jpg', '.mp4'))
    return path.endsWith('.jpg') ? { ...source, container: 'jpeg_pipe', name: 'upright Grandma.jpg' } : source
  }
  await show(fake)
  await openPaths(['/films/upright Grandma.jpg'])
  actions.moveEarlier()
  actions.moveEarlier()
  expect(useProject.getState().project.clips[0]?.name).toBe('upright Grandma.jpg')
  expect(await screen.findByText('Photo, 480 × 640')).toBeTruthy()
  const { project } = useProject.getState()
  expect(sizeOfFilm(project, useSources.getState().sources)).toMatchObject({ width: 1280, height: 960 })
  selectClipById(project.clips[1]!.id)
  const exported = vi.spyOn(fake.api.render, 'export')
  const page = await openPage()
  expect(await page.findByText(/“upright Grandma.jpg” is a photo: it is not part of the film/)).toBeTruthy()
  fireEvent.keyDown(page.getByRole('textbox'), { key: 'Enter' })
  await waitFor(() => expect(exported).toHaveBeenCalledTimes(1))
  expect(exported.mock.calls[0]?.[0].project.clips.map(({ name }) => name)).toEqual([
    ...['Summer by the lake 1994.mp4', 'second.mp4'],
  ])
})

test('a click beside the page closes it, the second half of a double click on what opened it does not', async () => {
  await show()
  await openPage()
  const page = screen.getByRole('dialog')
  fireEvent.mouseDown(page, { detail: 2 })
  expect(screen.queryByRole('dialog')).toBe(page)
  fireEvent.mouseDown(page, { detail: 1 })
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('a folder that is gone is said; one that goes at the last moment as well, and the page stays', async () => {
  const fake = await show()
  const { checkOutput } = fake.api.files
  vi.spyOn(fake.api.files, 'checkOutput').mockImplementation(async (path) => ({
    ...(await checkOutput(path)),
    refusal: path.includes('gone')
      ? message('outputFolderGone', { name: 'gone.mp4', folder: '/f', reason: phrase('reasonNotThere') })
      : undefined,
  }))
  vi.spyOn(fake.api.render, 'export').mockRejectedValue(
    failing('output-not-writable', 'folderUnreadable', { name: 'x', reason: phrase('reasonBusy') }),
  )
  const page = await openPage()
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  fireEvent.change(page.getByRole('textbox'), { target: { value: 'gone' } })
  expect((await page.findByRole('alert')).textContent).toMatch(
    /is not there\. Plug its drive in or make the folder again/,
  )
  expect(begin.disabled).toBe(true)
  fireEvent.change(page.getByRole('textbox'), { target: { value: 'here' } })
  await waitFor(() => expect(begin.disabled).toBe(false))
  fireEvent.click(begin)
  expect((await page.findByRole('alert')).closest('footer')).toBeTruthy() // in sight in a low window too
  expect(begin.disabled).toBe(false)
})

test('"This clip only" is no choice any more where there is one clip', async () => {
  const fake = await show()
  fireEvent.click((await openPage()).getByRole('radio', { name: 'This clip only' }))
  close()
  actions.delete()
  const page = await openPage()
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  await waitFor(() => expect(begin.disabled).toBe(false))
  expect(page.queryByRole('radio', { name: 'This clip only' })).toBeNull()
  const exported = vi.spyOn(fake.api.render, 'export')
  fireEvent.click(begin)
  await waitFor(() => expect(exported).toHaveBeenCalledTimes(1))
})

test('what was made before of a film is said beside what is left to do', async () => {
  const fake = await show()
  const { estimate } = fake.api.render
  const page = await openPage()
  expect(page.queryByText(/was made before/)).toBeNull()
  vi.spyOn(fake.api.render, 'estimate').mockImplementation(async (request) => ({
    ...(await estimate(request)),
    ...{ frames: 1200, framesKept: 480 },
  }))
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  expect(await page.findByText('What was made before is used again: 480 of 1200 frames.')).toBeTruthy()
})

test('the time of work that was never done here is told as a guess', async () => {
  const fake = await show()
  const { estimate } = fake.api.render
  vi.spyOn(fake.api.render, 'estimate').mockImplementation(async (request) => ({
    ...(await estimate(request)),
    ...{ workMs: 90_000, isGuess: request.project.clips.length === 1 },
  }))
  const page = await openPage()
  expect(await page.findByText(/About .* of work on this computer\./)).toBeTruthy()
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  expect(await page.findByText(/Perhaps .*: it has not done this before/)).toBeTruthy()
})

test('clips that cannot be one film are told with what to do, and doing it makes the export possible', async () => {
  const fake = await show()
  const { estimate } = fake.api.render
  vi.spyOn(fake.api.render, 'estimate').mockImplementation((request) =>
    request.project.clips.length > 1
      ? Promise.reject(failing('bad-argument', 'toneMapMissing', { name: 'b' }))
      : estimate(request),
  )
  const page = await openPage()
  expect((await page.findByRole('alert')).textContent).toMatch(
    /or export the clips one at a time with "This clip only"/,
  )
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  expect(begin.disabled).toBe(true)
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  await waitFor(() => expect(begin.disabled).toBe(false))
  expect(page.queryByRole('alert')).toBeNull()
})

test('a Keepsake by quality is said before it is made: what each level is for, and what it will be', async () => {
  const fake = await show()
  const [exported, estimated] = [vi.spyOn(fake.api.render, 'export'), vi.spyOn(fake.api.render, 'estimate')]
  const page = await openPage()
  expect(page.queryByRole('radio', { name: 'By size' })).toBeNull()
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake/ }))
  fireEvent.click(page.getByRole('radio', { name: 'To send' }))
  expect(page.getByText(/^For a chat/)).toBeTruthy()
  fireEvent.change(page.getByLabelText('Coding'), { target: { value: 'h264' } })
  const files = within(page.getByLabelText('File type')).getAllByRole('option')
  expect(files.map(({ textContent }) => textContent)).toEqual(['MP4', 'MOV'])
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  await waitFor(() => expect(begin.disabled).toBe(false))
  expect(estimated.mock.lastCall?.[0].output).toMatchObject({ codec: 'h264', keepsake: { crf: 36 } })
  fireEvent.click(begin)
  await waitFor(() => expect(exported).toHaveBeenCalledTimes(1))
  expect(exported.mock.calls[0]?.[0].output).toMatchObject({ codec: 'h264', keepsake: { crf: 36 } })
  const again = await openPage()
  expect(isChecked(again.getByRole('radio', { name: /^Keepsake/ }))).toBe(true)
  fireEvent.click(again.getByRole('radio', { name: /^Best to keep/ }))
  expect(again.queryByRole('radio', { name: 'By size' })).toBeNull()
  await waitFor(() => expect(estimated.mock.lastCall?.[0].output.keepsake).toBeUndefined())
})

test('a Keepsake of a size: Enter works out how good it will be, then begins; a size that is too small says which would do', async () => {
  const fake = await show()
  const exported = vi.spyOn(fake.api.render, 'export')
  const fit = vi.spyOn(fake.api.render, 'fitKeepsake')
  fit.mockRejectedValueOnce(
    failing('bad-argument', 'keepsakeTooLarge', { name: 'a.mp4', bytes: '0.30', most: '0.10' }),
  )
  const page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake/ }))
  fireEvent.click(page.getByRole('radio', { name: 'By size' }))
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  const size = page.getByLabelText('The file at most')
  fireEvent.change(size, { target: { value: 'small' } })
  expect(page.getByText(/Write a size in megabytes/)).toBeTruthy()
  expect(page.getByRole<HTMLButtonElement>('button', { name: 'See how good it will be' }).disabled).toBe(true)
  fireEvent.change(size, { target: { value: '0.1' } })
  expect(await page.findByText('See first how good it will be at this size.')).toBeTruthy()
  expect(fit).not.toHaveBeenCalled() // not with every letter
  fireEvent.click(page.getByRole('button', { name: 'See how good it will be' }))
  expect((await page.findByRole('alert')).textContent).toMatch(/at its coarsest it has 0.30 MB/)
  expect(begin.disabled).toBe(true)
  fireEvent.change(size, { target: { value: '8' } })
  expect(page.queryByRole('alert')).toBeNull()
  fireEvent.keyDown(size, { key: 'Enter' })
  expect(
    await page.findByText('It will have about 7.6 MB, and look about as with “To watch closely” (CRF 40).'),
  ).toBeTruthy()
  await waitFor(() => expect(begin.disabled).toBe(false))
  expect(exported).not.toHaveBeenCalled()
  fireEvent.keyDown(size, { key: 'Enter' })
  await waitFor(() => expect(exported).toHaveBeenCalledTimes(1))
  expect(exported.mock.calls[0]?.[0].output.keepsake).toEqual({ crf: 40, mostBytes: 8e6 })
})

test('working out how good a size is can be stopped, and ends when another size is wanted', async () => {
  const fake = await show()
  const cancelled = vi.spyOn(fake.api.jobs, 'cancel').mockResolvedValue(null)
  let stop: (() => void) | undefined
  vi.spyOn(fake.api.render, 'fitKeepsake').mockImplementation(({ output: { path } }) => {
    const job = { kind: 'fit' as const, name: path.split('/').at(-1) ?? '', state: 'running' as const }
    const counts = { framesDone: 0, framesTotal: 0, framesPerSecond: 0, speed: 0, elapsedMs: 0, notes: [] }
    act(() => fake.emit({ type: 'job', job: { id: 'fit-1', ...job, ...counts } }))
    return new Promise((_, reject) => (stop = () => reject(failing('cancelled', 'cancelled'))))
  })
  const page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake/ }))
  fireEvent.click(page.getByRole('radio', { name: 'By size' }))
  fireEvent.click(page.getByRole('button', { name: 'See how good it will be' }))
  fireEvent.click(await page.findByRole('button', { name: 'Stop' }))
  expect(cancelled).toHaveBeenCalledWith('fit-1')
  stop?.()
  fireEvent.click(await page.findByRole('button', { name: 'See how good it will be' }))
  await page.findByRole('button', { name: 'Stop' })
  fireEvent.change(page.getByLabelText('The file at most'), { target: { value: '9' } })
  await waitFor(() => expect(cancelled).toHaveBeenCalledTimes(2))
  stop?.()
  expect(page.getByRole<HTMLButtonElement>('button', { name: 'See how good it will be' }).disabled).toBe(
    false,
  )
})

test('a frame of a Keepsake is seen before it is made, when a person asks: beside the one that is given, and not of other choices', async () => {
  const fake = await show()
  const look = vi.spyOn(fake.api.render, 'lookAtKeepsake')
  const page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake/ }))
  fireEvent.click(page.getByRole('radio', { name: 'To send' }))
  expect(page.queryByRole('region', { name: /Keepsake will show it/ })).toBeNull()
  fireEvent.click(page.getByRole('button', { name: 'See a frame as it will be' }))
  expect(await page.findByRole('region', { name: 'As the Keepsake will show it, at 100 %' })).toBeTruthy()
  expect(page.getByRole('region', { name: /^As (filmed|given to the encoder), at 100 %/ })).toBeTruthy()
  const [request] = look.mock.calls[0] ?? []
  const clip = useProject.getState().project.clips.at(-1)
  expect(request).toMatchObject({ clipId: clip?.id, frame: clip?.from, output: { keepsake: { crf: 58 } } })
  fireEvent.click(page.getByRole('radio', { name: 'To keep' }))
  expect(page.queryByRole('region', { name: /Keepsake will show it/ })).toBeNull()
  fireEvent.click(page.getByRole('radio', { name: 'By size' }))
  const see = page.getByRole<HTMLButtonElement>('button', { name: 'See a frame as it will be' })
  expect(see.disabled).toBe(true) // how coarse it will be is not known yet
  fireEvent.click(page.getByRole('button', { name: 'See how good it will be' }))
  await waitFor(() => expect(see.disabled).toBe(false))
  fireEvent.click(see)
  await waitFor(() => expect(look).toHaveBeenCalledTimes(2))
  expect(look.mock.calls[1]?.[0].output.keepsake).toEqual({ crf: 40, mostBytes: 8e6 })
})

test('a look stays where a setting changes that changes nothing of the frame, and goes where one does', async () => {
  await show()
  const clip = useProject.getState().project.clips.at(-1)
  act(() => run(setEnhance(clip?.id ?? '', { isEnabled: false })))
  const page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake/ }))
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  fireEvent.click(page.getByRole('button', { name: 'See a frame as it will be' }))
  await page.findByRole('region', { name: 'As filmed, at 100 %' })
  act(() => run(setEnhance(clip?.id ?? '', { strength: 0.4 })))
  expect(page.getByRole('region', { name: 'As filmed, at 100 %' })).toBeTruthy()
  act(() => run(setEnhance(clip?.id ?? '', { isEnabled: true })))
  expect(page.queryByRole('region', { name: /at 100 %/ })).toBeNull()
})

test('a look can be stopped, and what went wrong with it is told where it was asked for', async () => {
  const fake = await show()
  const cancelled = vi.spyOn(fake.api.jobs, 'cancel').mockResolvedValue(null)
  let end: ((error: unknown) => void) | undefined
  vi.spyOn(fake.api.render, 'lookAtKeepsake').mockImplementation(({ output: { path } }) => {
    const job = { kind: 'look' as const, name: path.split('/').at(-1) ?? '', state: 'running' as const }
    const counts = { framesDone: 11, framesTotal: 33, framesPerSecond: 0, speed: 0, elapsedMs: 0, notes: [] }
    act(() => fake.emit({ type: 'job', job: { id: 'look-1', ...job, ...counts } }))
    return new Promise((_, reject) => (end = reject))
  })
  const page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake/ }))
  const see = 'See a frame as it will be'
  fireEvent.click(page.getByRole('button', { name: see }))
  const bar = await page.findByRole('progressbar')
  expect(bar.getAttribute('aria-valuenow')).toBe('33')
  fireEvent.click(page.getByRole('button', { name: 'Stop' }))
  expect(cancelled).toHaveBeenCalledWith('look-1')
  end?.(failing('cancelled', 'cancelled'))
  fireEvent.click(await page.findByRole('button', { name: see }))
  await page.findByRole('progressbar')
  end?.(failing('bad-argument', 'keepsakeForm'))
  expect((await page.findByRole('alert')).textContent).toMatch(/AV1, H.265 or H.264/)
})
