// @vitest-environment jsdom
// Walking through the host's folders: a folder that cannot be listed says why in the language of the window, and the way up stays open.
import './dom.js'
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { failing } from '../../electron/shared/errors.js'
import { OpenDialog } from '../../renderer/features/open/OpenDialog.js'
import { createFake } from '../../renderer/api/fake.js'
import { startWords } from '../../renderer/i18n.js'
import { start } from '../../renderer/stores/start.js'

test('a folder that cannot be listed says so in Japanese, and one step up is there again', async () => {
  await startWords('ja')
  const fake = createFake()
  fake.api.listFolder = (path) =>
    path === null
      ? Promise.resolve({
          path: '/films',
          entries: [{ name: 'locked', path: '/films/locked', isFolder: true, bytes: 0 }],
        })
      : Promise.reject(failing('not-allowed', 'folderUnreadable', { name: 'locked' }))
  await start(fake)
  render(<OpenDialog />)
  fireEvent.click(await screen.findByRole('button', { name: 'locked' }))
  expect((await screen.findByRole('alert')).textContent).toBe('フォルダー「locked」を読めません。')
  fireEvent.click(screen.getByRole('button', { name: '上へ' }))
  expect(await screen.findByRole('button', { name: 'locked' })).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})
