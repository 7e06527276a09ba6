// @vitest-environment jsdom
// The page that saves a film's cuts for other editors.
import './dom.js'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { App } from '../../renderer/App.js'
import { actions } from '../../renderer/stores/actions.js'
import { useProject } from '../../renderer/stores/project.js'
import { useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

const page = (element: HTMLElement) => within(element)
type Page = ReturnType<typeof page>

async function show(): Promise<{ fake: Fake; dialog: Page }> {
  const fake = createFake()
  await start(fake)
  render(<App />)
  await screen.findByText(/frames per second/)
  actions.saveCuts()
  return { fake, dialog: page(await screen.findByRole('dialog')) }
}

const ready = async (dialog: Page): Promise<HTMLElement> => {
  const save = dialog.getByRole('button', { name: 'Save' })
  await waitFor(() => expect(save).toHaveProperty('disabled', false))
  return save
}

test('a format is chosen by what it is for, and what it does not carry is said', async () => {
  const { fake, dialog } = await show()
  const saved = vi.spyOn(fake.api.project, 'saveCuts')
  expect(dialog.getAllByRole('radio').map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining('DaVinci Resolve'),
    expect.stringContaining('Final Cut Pro'),
    expect.stringContaining('almost every editor'),
    expect.stringContaining('Excel'),
  ])
  await dialog.findByText('All cuts and speeds go along.')
  fireEvent.click(dialog.getByRole('radio', { name: /EDL/ }))
  await dialog.findByText(/does not say at how many frames per second/)
  fireEvent.click(await ready(dialog))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const path = '/films/Summer by the lake 1994 (cuts).edl'
  expect(saved).toHaveBeenCalledWith(useProject.getState().document, 'edl', path, false)
  const [notice] = useSession.getState().notices
  expect(notice).toMatchObject({
    information: 'cutsSaved',
    values: { name: 'Summer by the lake 1994 (cuts).edl' },
  })
})

test('a name of one’s own stays when another format is chosen; what is there is replaced only where that was allowed', async () => {
  const { fake, dialog } = await show()
  const saved = vi.spyOn(fake.api.project, 'saveCuts')
  fireEvent.change(await dialog.findByRole('textbox'), { target: { value: 'exists' } })
  fireEvent.click(await dialog.findByRole('switch'))
  await ready(dialog)
  fireEvent.click(dialog.getByRole('radio', { name: /Table/ }))
  expect(dialog.getByRole('textbox')).toHaveProperty('value', 'exists')
  await waitFor(() => expect(dialog.getByRole('switch').getAttribute('aria-checked')).toBe('false'))
  expect(dialog.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true)
  fireEvent.click(dialog.getByRole('switch'))
  fireEvent.click(await ready(dialog))
  await waitFor(() => expect(saved.mock.calls[0]?.slice(1)).toEqual(['csv', '/films/exists.csv', true]))
})

test('what could not be written is said, and the page stays', async () => {
  const { fake, dialog } = await show()
  vi.spyOn(fake.api.project, 'saveCuts').mockRejectedValue(new Error('the disk is gone'))
  fireEvent.click(await ready(dialog))
  await dialog.findByText(/the disk is gone/)
})
