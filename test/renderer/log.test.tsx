// @vitest-environment jsdom
// The log in the window: all of it to read, without names to be passed on.
import './dom.js'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { createFake } from '../../renderer/api/fake.js'
import { LogDialog } from '../../renderer/features/help/LogDialog.js'
import { start } from '../../renderer/stores/start.js'

const log = { path: '/data/log/heirloom.log', text: 'film: tape.avi', blanked: 'film: [name 1].avi' }

test('the log is shown with its path; what is copied has no names in it', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>().mockResolvedValue()
  vi.stubGlobal(
    'navigator',
    Object.assign(Object.create(navigator) as Navigator, { clipboard: { writeText } }),
  )
  const fake = createFake({ info: { canReveal: true } })
  fake.api.app.log = () => Promise.resolve(log)
  const reveal = vi.spyOn(fake.api.app, 'revealLog')
  await start(fake)
  render(<LogDialog />)
  await screen.findByText(log.text)
  screen.getByText(log.path)
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText(log.text))) // End and Page Up move in it
  fireEvent.click(screen.getByRole('button', { name: 'Copy without names' }))
  await screen.findByText(/^Copied\./)
  expect(writeText).toHaveBeenCalledExactlyOnceWith(log.blanked)
  fireEvent.click(screen.getByRole('button', { name: 'Show in folder' }))
  expect(reveal).toHaveBeenCalledOnce()
})

test('the log is shown from its end, where what just failed stands', async () => {
  const fake = createFake()
  await start(fake)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(5000)
  render(<LogDialog />)
  const lines = await screen.findByText(log.text)
  await waitFor(() => expect(lines.scrollTop).toBe(5000))
})
