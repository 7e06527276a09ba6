// @vitest-environment jsdom
// The export page: what was chosen is there again when it is opened again, and an export that began is no reason to begin another.
import './dom.js'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { failing } from '../../electron/shared/contract/errors.js'
import { phrase, message } from '../../electron/shared/words/sentences.js'
import { App } from '../../renderer/App.js'
import { createFake, type Fake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { exportWishStart, useExportWish } from '../../renderer/stores/exportWish.js'
import { openPaths } from '../../renderer/stores/open.js'
import { start } from '../../renderer/stores/start.js'

beforeEach(() => useExportWish.setState(exportWishStart, true))

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

test('what was chosen is there again the next time, name and all, until it has been exported', async () => {
  const fake = await show()
  const exported = vi.spyOn(fake.api.render, 'export')
  let page = await openPage()
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  fireEvent.click(page.getByRole('radio', { name: /Best/ }))
  fireEvent.change(page.getByRole('textbox'), { target: { value: 'Wedding' } })
  close()
  page = await openPage()
  expect(isChecked(page.getByRole('radio', { name: 'This clip only' }))).toBe(true)
  expect(isChecked(page.getByRole('radio', { name: /Best/ }))).toBe(true)
  expect(page.getByDisplayValue('Wedding')).toBeTruthy()
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
  const content = document.activeElement as HTMLElement
  expect(content.closest('dialog')).toBeTruthy()
  expect(content.tagName).toBe('DIV') // not the button that closes
  fireEvent.keyDown(content, { key: 'Enter' }) // nothing is known of the place yet
  await waitFor(() => expect(begin.disabled).toBe(false))
  fireEvent.keyDown(content, { key: 'Enter', repeat: true })
  const name = page.getByRole('textbox')
  fireEvent.keyDown(name, { key: 'Enter', isComposing: true })
  fireEvent.keyDown(page.getByRole('button', { name: /Change/ }), { key: 'Enter' })
  expect(exported).not.toHaveBeenCalled()
  fireEvent.keyDown(name, { key: 'Enter' })
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(exported).toHaveBeenCalledTimes(1)
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
