// @vitest-environment jsdom
// Keepsake photos in the window: nothing of them without their model; with it five levels, detail on one that was opened, and the model in its list.
import './dom.js'
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { ModelInfo } from '../../electron/shared/contract/models.js'
import type { Source } from '../../electron/shared/media/source.js'
import { App } from '../../renderer/App.js'
import { createFake } from '../../renderer/api/fake.js'
import { shippedModel } from '../../renderer/api/fakeModels.js'
import { ModelsPanel } from '../../renderer/features/models/ModelsPanel.js'
import { actions } from '../../renderer/stores/actions.js'
import { openPaths } from '../../renderer/stores/open.js'
import { start } from '../../renderer/stores/start.js'

const coder: ModelInfo = {
  ...{ ...shippedModel, id: 'small-photo', name: 'Small photo', graph: 'residual-codec', scales: [1] },
  origin: { kind: 'placed' },
}

/** A photo is opened; `picture`: as what a Keepsake photo is shown. */
async function photoPage(photoModels: ModelInfo[], picture?: string) {
  const fake = createFake({ info: { photoModels } })
  const { open } = fake.api.sources
  vi.spyOn(fake.api.sources, 'open').mockImplementation(async (path): Promise<Source> => ({
    ...(await open(path)),
    container: 'png_pipe',
    picture,
  }))
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  await openPaths(['/films/picture.mp4'])
  actions.photo()
  const page = within(await screen.findByRole('dialog', { name: 'Save this photo' }))
  await page.findByRole('textbox')
  return { fake, page }
}

async function saved({ fake, page }: Awaited<ReturnType<typeof photoPage>>) {
  const photo = vi.spyOn(fake.api.render, 'photo')
  const save = page.getByRole<HTMLButtonElement>('button', { name: 'Save photo' })
  await waitFor(() => expect(save.disabled).toBe(false))
  fireEvent.click(save)
  await waitFor(() => expect(photo).toHaveBeenCalledTimes(1))
  return photo.mock.calls[0]?.[0]
}

test('without their model nothing of Keepsake photos is offered', async () => {
  const { page } = await photoPage([])
  expect(page.queryByRole('radio', { name: /Keepsake/ })).toBeNull()
  expect(page.queryByRole('slider')).toBeNull()
  expect(page.queryByRole('radio', { name: 'To keep' })).toBeNull()
})

test('one is made at one of the five levels of the command line', async () => {
  const shown = await photoPage([coder])
  const { page } = shown
  expect(page.queryByRole('radio', { name: 'To keep' })).toBeNull() // of other file types there are none
  expect(page.queryByRole('slider')).toBeNull() // no Keepsake photo was opened
  fireEvent.click(page.getByRole('radio', { name: /^Keepsake photo/ }))
  fireEvent.click(page.getByRole('radio', { name: 'To keep' }))
  const request = await saved(shown)
  expect(request?.output).toMatchObject({ format: 'hlm', keepsake: { quality: 63 } })
})

test('on one that was opened detail is drawn as it is saved, in its own size and by no other model', async () => {
  const shown = await photoPage([coder], '/cache/kept.png')
  const { page } = shown
  expect(page.getByRole('radiogroup', { name: 'Size' })).toBeTruthy()
  const slider = page.getByRole('slider')
  expect(page.getByText(/as it was kept/)).toBeTruthy()
  for (let i = 0; i < 10; i++) fireEvent.keyDown(slider, { key: 'ArrowRight' })
  fireEvent.keyUp(slider, { key: 'ArrowRight' })
  expect(await page.findByText(/not photographed is drawn on it when it is saved/)).toBeTruthy()
  expect(page.queryByRole('radiogroup', { name: 'Size' })).toBeNull()
  const request = await saved(shown)
  expect(request?.enhance).toMatchObject({ isEnabled: true, model: 'keepsake', scale: 1, strength: 0.5 })
  expect(request?.output.keepsake).toBeUndefined()
})

test('their model stands in the list of models as what it is', async () => {
  await start(createFake({ info: { photoModels: [coder] } }))
  render(<ModelsPanel />)
  const card = (await screen.findByText('Small photo')).closest('li')
  expect(card?.textContent).toMatch(/Keepsake photos \(\.hlm\)\. Experimental; it enhances nothing/)
  expect(card?.textContent).not.toMatch(/Enhances films/)
})
