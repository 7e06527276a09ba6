// @vitest-environment jsdom
// A Keepsake in the list of clips: what its part says, and what is wrong with it.
import './dom.js'
import { render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { FoundKeepsake } from '../../electron/shared/media/keepsake/keepsake.js'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { openPaths } from '../../renderer/stores/open.js'
import { start } from '../../renderer/stores/start.js'
import { keepsakeFor } from '../shared/media/keepsake/kit.js'

async function show(found: FoundKeepsake) {
  const fake = createFake()
  const asked = vi.spyOn(fake.api.sources, 'keepsake').mockResolvedValue(found)
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  await openPaths(['/films/kept.mp4'])
  await waitFor(() => expect(asked).toHaveBeenCalledTimes(2)) // the sample, and this one
}

const { info, scenes } = keepsakeFor(20)
const there: Extract<FoundKeepsake, { state: 'there' }> = {
  ...{ state: 'there', from: 9000, to: 10_000, version: { major: 1, minor: 0 }, media: 'same' },
  ...{ info, scenes, unread: [], damages: [] },
}

test('an ordinary film says nothing of Keepsakes', async () => {
  await show({ state: 'none' })
  expect(screen.queryByText(/Keepsake/)).toBeNull()
})

test('a Keepsake says who wrote it with which encoder, and that the window shows nothing of it on top', async () => {
  await show(there)
  expect((await screen.findAllByText('SVT-AV1 1.4.1 (av1) preset 6, crf 40')).length).toBe(2)
  expect(screen.getAllByText('Heirloom 0.1.0')).toHaveLength(2)
  expect(screen.getAllByText(/The window shows it as they do/)).toHaveLength(2)
})

test('one that is damaged, newer or of another film says so, as the command line does', async () => {
  await show({ ...there, damages: [{ place: 'qntz', what: 'cutOff', from: 9900, to: 10_000 }] })
  const said = /"kept.mp4" is damaged: the file ends within "qntz" \(bytes 9900 to 10000\)\. It is not used/
  expect(await screen.findByText(said)).toBeTruthy()
  expect(screen.queryByText(/The window shows it/)).toBeNull()
})
