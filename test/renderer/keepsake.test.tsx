// @vitest-environment jsdom
// A Keepsake in the list of clips: what its part says, and what is wrong with it.
import './dom.js'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { FoundKeepsake } from '../../electron/shared/media/keepsake/keepsake.js'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { shippedModel } from '../../renderer/api/fakeModels.js'
import { openPaths } from '../../renderer/stores/open.js'
import { usePreview } from '../../renderer/stores/preview.js'
import { useProject } from '../../renderer/stores/project.js'
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
  return asked
}

const { info, scenes } = keepsakeFor(20)
const there: Extract<FoundKeepsake, { state: 'there' }> = {
  ...{ state: 'there', from: 9000, to: 10_000, version: { major: 1, minor: 0 }, media: 'same' },
  ...{ info, scenes, unread: [], damages: [] },
}

const restoring = 'Keepsake'
/** Not there where there is nothing to choose. */
const model = (): HTMLSelectElement | null => screen.queryByRole('combobox', { name: 'Model' })
const optionNames = (): string[] => Array.from(model()?.options ?? [], (option) => option.text)
const chooseModel = (value: string): boolean =>
  fireEvent.change(model() ?? document.body, { target: { value } })
const enhanced = () => useProject.getState().project.clips.at(-1)?.enhance

test('an ordinary film says nothing of Keepsakes', async () => {
  await show({ state: 'none' })
  expect(screen.queryByText(/Keepsake/)).toBeNull()
  expect(optionNames()).not.toContain(restoring)
})

test('a Keepsake says who wrote it with which encoder, and how what it brings along is seen', async () => {
  await show(there)
  expect((await screen.findAllByText('SVT-AV1 1.4.1 (av1) preset 6, crf 40')).length).toBe(2)
  expect(screen.getAllByText('Heirloom 0.1.0')).toHaveLength(2)
  expect(screen.getAllByText(/drawn on it here, unless you switch that off under Enhance/)).toHaveLength(2)
})

test('one that is damaged, newer or of another film says so, as the command line does', async () => {
  await show({ ...there, damages: [{ place: 'qntz', what: 'cutOff', from: 9900, to: 10_000 }] })
  const said = /"kept.mp4" is damaged: the file ends within "qntz" \(bytes 9900 to 10000\)\. It is not used/
  expect(await screen.findByText(said)).toBeTruthy()
  expect(screen.queryByText(/drawn on it here/)).toBeNull()
  expect(optionNames()).not.toContain(restoring)
})

test('it opens restored; without a model for detail there is no slider, and that is said; the next film is no Keepsake', async () => {
  const asked = await show(there)
  await waitFor(() => expect(optionNames()).toContain(restoring))
  expect(enhanced()).toMatchObject({ model: 'keepsake', scale: 1, strength: 1, grain: true })
  expect(screen.queryByRole('slider', { name: 'Faithful – Detail' })).toBeNull()
  expect(screen.getByText(/names no model that draws detail/)).toBeTruthy()
  fireEvent.click(screen.getByRole('switch', { name: 'Grain' }))
  expect(enhanced()?.grain).toBe(false)
  chooseModel('heirloom-s')
  expect(enhanced()).toMatchObject({ model: 'heirloom-s', scale: 2 })
  expect([enhanced()?.strength, enhanced()?.grain]).toEqual([undefined, undefined])
  chooseModel('keepsake')
  asked.mockResolvedValue({ state: 'none' })
  await openPaths(['/films/plain.mp4'])
  expect(enhanced()).toMatchObject({ model: 'heirloom-s', scale: 2 })
  expect(enhanced()?.grain).toBeUndefined()
})

test('opened, its first seconds are made as they are drawn, and one switch shows it as others see it', async () => {
  await show(there)
  const preview = usePreview.getState()
  const clip = useProject.getState().project.clips.at(-1)
  expect(preview.asked ?? preview.wish).toMatchObject({ clipId: clip?.id })
  fireEvent.click(screen.getByRole('switch', { name: 'Enhance' }))
  expect(enhanced()?.isEnabled).toBe(false)
})

test('one of which nothing can be drawn opens as any film does', async () => {
  const grain = { levels: Array<number>(8).fill(0), size: 0, chroma: 0 }
  await show({ ...there, scenes: scenes.map((scene) => ({ ...scene, grain })) })
  expect(enhanced()?.model).toBe('heirloom-s')
})

test('where the model that its part names is here, detail is a share of what it draws', async () => {
  const named = { name: 'heirloom-keepsake', sha256: shippedModel.weightsHash }
  await show({ ...there, info: { ...info, model: named } })
  await waitFor(() => expect(optionNames()).toContain(restoring))
  const slider = screen.getByRole('slider', { name: 'Faithful – Detail' })
  fireEvent.change(slider, { target: { value: '0.25' } })
  fireEvent.blur(slider)
  expect(enhanced()?.strength).toBe(0.25)
  expect(screen.queryByText(/names no model/)).toBeNull()
})
