// @vitest-environment jsdom
// A clip of another shape than the film: how it comes into it, and how large the film is, can be chosen where that matters, and undone.
import './dom.js'
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { App } from '../../renderer/App.js'
import { createFake, type Fake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { selectClipById } from '../../renderer/stores/scene.js'
import { commonSizes } from '../../renderer/stores/filmSize.js'
import { openPaths } from '../../renderer/stores/open.js'
import { redo, undo, useProject } from '../../renderer/stores/project.js'
import { start } from '../../renderer/stores/start.js'

async function show(...paths: string[]): Promise<Fake> {
  const fake = createFake()
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  for (const path of paths) await openPaths([path])
  return fake
}
const fits = (): (string | undefined)[] => useProject.getState().project.clips.map(({ fit }) => fit)
const choice = (): HTMLElement | null => screen.queryByRole('radiogroup', { name: 'In the film' })

test('a clip of the shape of the film has nothing to choose', async () => {
  await show('/films/second.mp4')
  await screen.findByRole('radiogroup', { name: 'Size' })
  expect(choice()).toBeNull()
})

test('an upright clip fills the film when that is chosen, enhanced or not; it can be undone', async () => {
  await show('/films/upright.mp4')
  await waitFor(() => expect(choice()).toBeTruthy())
  expect(screen.getByText(/all of it is shown, between black bars/)).toBeTruthy()
  fireEvent.click(within(choice()!).getByRole('radio', { name: 'Filling' }))
  expect(fits()).toEqual([undefined, 'fill'])
  expect(screen.getByText(/its edges are cut off/)).toBeTruthy()
  fireEvent.click(screen.getByRole('switch', { name: 'Enhance' }))
  await waitFor(() => expect(within(choice()!).getByRole('radio', { name: 'Filling' })).toBeTruthy())
  undo()
  undo()
  expect(fits()).toEqual([undefined, undefined])
  redo()
  expect(fits()).toEqual([undefined, 'fill'])
  expect(useProject.getState().document.sequences[0]?.tracks[0]?.items[1]?.fit).toBe('fill') // what is saved
})

test('the film can be as large as another of its clips; a clip alone is as large as it is', async () => {
  const fake = await show('/films/upright.mp4')
  const exported = vi.spyOn(fake.api.render, 'export')
  actions.export()
  const page = within(await screen.findByRole('dialog', { name: 'Export the film' }))
  const sizes = await page.findByRole<HTMLSelectElement>('combobox', { name: 'Size of the film' })
  const [first, ...others] = [...sizes.options].map(({ text }) => text)
  expect(first).toMatch(/^As its first clip \(\d+×\d+\)$/)
  const other = others.find((text) => /^\d+×\d+$/.test(text))
  fireEvent.change(sizes, { target: { value: other } })
  const [width, height] = other!.split('×').map(Number)
  expect(useProject.getState().project.size).toEqual({ width, height })
  const begin = page.getByRole<HTMLButtonElement>('button', { name: 'Export' })
  await waitFor(() => expect(begin.disabled).toBe(false))
  fireEvent.click(page.getByRole('radio', { name: 'This clip only' }))
  expect(page.queryByRole('combobox', { name: 'Size of the film' })).toBeNull()
  await waitFor(() => expect(begin.disabled).toBe(false))
  fireEvent.click(begin)
  await waitFor(() => expect(exported).toHaveBeenCalledTimes(1))
  expect(exported.mock.calls[0]?.[0].project.size).toBeUndefined()
  undo()
  expect(useProject.getState().project.size).toBeUndefined()
})

/** Where the picture is laid on the film's frame, in hundredths of it, and what of the picture is seen. */
const laid = (): Record<string, string> => {
  const picture = document.querySelector<HTMLElement>('[data-layer=original]')
  const { left, top, width, height, clipPath } = picture?.style ?? new CSSStyleDeclaration()
  return { left, top, width, height, clipPath }
}

test('the viewer shows an upright clip as the film will, and says how large both are; a plain one as ever', async () => {
  await show('/films/upright.mp4')
  await waitFor(() => expect(choice()).toBeTruthy())
  const fit = (name: string): void => void fireEvent.click(within(choice()!).getByRole('radio', { name }))
  expect(laid()).toMatchObject({ top: '0%', height: '100%', clipPath: '' })
  expect(parseFloat(laid()['width']!) + 2 * parseFloat(laid()['left']!)).toBeCloseTo(100, 0)
  fit('Filling')
  expect(laid()).toMatchObject({ left: '0%', width: '100%' })
  expect(parseFloat(laid()['top']!)).toBeLessThan(-20)
  expect(laid()['clipPath']).toMatch(/^inset\([1-9]/)
  expect(screen.getByText(/^\d+ × \d+ in a film of \d+ × \d+$/)).toBeTruthy()
  act(() => selectClipById(useProject.getState().project.clips[0]!.id))
  expect(Object.values(laid())).toEqual(['', '', '', '', ''])
  expect(screen.queryByText(/in a film of/)).toBeNull()
})

const inList = () => within(screen.getByRole('region', { name: 'Clips' }))
const said = (text: RegExp): HTMLElement | null => inList().queryByText(text)

test('that the first clip decides the size and shape of the film is said beside the clips, where another can be chosen', async () => {
  await show('/films/second.mp4')
  await screen.findByRole('radiogroup', { name: 'Size' })
  expect(said(/decides the size and shape/)).toBeNull()
  await act(() => openPaths(['/films/upright.mp4']))
  await waitFor(() => expect(said(/^The first clip decides the size and shape of the film:$/)).toBeTruthy())
  const sizes = inList().getByRole<HTMLSelectElement>('combobox', { name: 'Size of the film' })
  const common = [...sizes.options].map(({ text }) => text).find((text) => text.startsWith('1080p'))
  fireEvent.change(sizes, { target: { value: /\d+×\d+/.exec(common!)![0] } })
  expect(useProject.getState().project.size?.height).toBe(1080)
  await waitFor(() => expect(said(/that you chose:$/)).toBeTruthy())
  undo()
  await waitFor(() => expect(said(/that you chose:$/)).toBeNull())
})

test('common sizes have the shape of the film, upright or not, and go as far as its largest clip', () => {
  const sizes = (film: [number, number], ...others: [number, number][]): string[] => {
    const [own, ...clips] = [film, ...others].map(([width, height]) => ({ width, height }))
    return commonSizes(own!, [own!, ...clips]).map(({ width, height }) => `${width}×${height}`)
  }
  expect(sizes([640, 480])).toEqual(['960×720'])
  expect(sizes([1440, 1080])).toEqual(['960×720', '1440×1080'])
  expect(sizes([1080, 1920], [640, 480])).toEqual(['720×1280', '1080×1920'])
  expect(sizes([768, 576], [3840, 2160])).toEqual(['960×720', '1440×1080', '1920×1440', '2880×2160'])
  expect(sizes([3840, 2160])).toEqual(['1280×720', '1920×1080', '2560×1440', '3840×2160'])
  expect(sizes([1000, 1000])).toEqual(['720×720', '1080×1080'])
})
