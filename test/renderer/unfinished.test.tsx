// @vitest-environment jsdom
// Exports of earlier times in the window: told with how far they came, gone on with, forgotten only after a second press.
import './dom.js'
import { fireEvent, render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { emptyProject } from '../../electron/shared/document/document.js'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { start } from '../../renderer/stores/start.js'

const wedding = {
  id: 'a',
  name: 'wedding.mp4',
  path: '/films/wedding.mp4',
  framesDone: 1200,
  framesTotal: 3600,
}
const beach = { id: 'b', name: 'beach.mp4', path: '/films/beach.mp4', framesDone: 0, framesTotal: 90 }

const row = (name: string): HTMLElement => screen.getByText(new RegExp(`export “${name}” was`)).closest('li')!
const press = (name: string, label: string): boolean =>
  fireEvent.click(within(row(name)).getByRole('button', { name: label }))

test('each is told with how far it came; going on with one makes it a job, without a film that is open', async () => {
  await start(createFake({ project: emptyProject, unfinished: [wedding, beach] }))
  render(<App />)
  await screen.findByText(/1,200 of 3,600 frames are finished and kept/)
  expect(row('beach.mp4').textContent).toContain('Nothing of it was finished yet')
  press('wedding.mp4', 'Go on with it')
  expect(await screen.findByText(/1,200 of 3,600 frames · /)).toBeTruthy()
  expect(screen.queryByText(/wedding.mp4” was interrupted/)).toBeNull()
  expect(row('beach.mp4')).toBeTruthy()
})

test('what was made is thrown away after a second press only', async () => {
  await start(createFake({ project: emptyProject, unfinished: [wedding, beach] }))
  render(<App />)
  await screen.findByText(/1,200 of 3,600/)
  press('beach.mp4', 'Forget it')
  await expect.poll(() => screen.queryByText(/beach.mp4” was/)).toBeNull()
  press('wedding.mp4', 'Forget it')
  expect(row('wedding.mp4').textContent).toContain('Delete its 1,200 finished frames?')
  press('wedding.mp4', 'Keep them')
  press('wedding.mp4', 'Forget it')
  press('wedding.mp4', 'Delete them')
  await expect.poll(() => screen.queryByText(/was interrupted/)).toBeNull()
})
