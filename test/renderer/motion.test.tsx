// @vitest-environment jsdom
// How a clip is timed: chosen in its panel or from the menu, undone, with what was found of its frames and what it does to length and sound.
import './dom.js'
import { act, fireEvent, render, renderHook, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { AppInfo } from '../../electron/shared/contract/app.js'
import { AppError, toFailure } from '../../electron/shared/contract/errors.js'
import type { ClipMotion } from '../../electron/shared/document/motion.js'
import { motionKey, recipeOf } from '../../electron/shared/document/recipeKey.js'
import type { Timing } from '../../electron/shared/media/timing.js'
import { App } from '../../renderer/App.js'
import { addressOf } from '../../renderer/api/fakeFilm.js'
import { createFake, type Fake } from '../../renderer/api/fake.js'
import { actions } from '../../renderer/stores/actions.js'
import { splitClip } from '../../renderer/commands/splitClip.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import { setMotion } from '../../renderer/commands/setMotion.js'
import { useCoverage } from '../../renderer/stores/coverage.js'
import { useHost } from '../../renderer/stores/host.js'
import { openPaths } from '../../renderer/stores/open.js'
import { redo, run, undo, useProject } from '../../renderer/stores/project.js'
import { setSession, useSession } from '../../renderer/stores/session.js'
import { useSources } from '../../renderer/stores/sources.js'
import { start } from '../../renderer/stores/start.js'
import { useTimings } from '../../renderer/stores/timings.js'
import { table } from '../shared/sources.js'
import { useComparison } from '../../renderer/features/viewer/comparison.js'

/** The fake film has 360 frames of 29.97 per second, 12.012 seconds. */
const film16: Partial<Timing> = {
  sections: [{ from: 0, to: 360, cadence: { kind: 'repeats', unique: 16, of: 30 }, phase: 0, seen: 1 }],
}

async function show(timing: Partial<Timing> = {}, info: Partial<AppInfo> = {}): Promise<Fake> {
  const fake = createFake({ timing, info })
  vi.spyOn(fake.api.sources, 'timing')
  await start(fake)
  render(<App />)
  await screen.findByTestId('time')
  return fake
}
const motion = (): ClipMotion | undefined => useProject.getState().project.clips[0]?.motion
const speed = () => useProject.getState().document.sequences[0]?.tracks[0]?.items[0]?.speed
const choice = (name: string): HTMLElement => screen.getByRole('radiogroup', { name })
const press = (group: string, name: string): boolean =>
  fireEvent.click(within(choice(group)).getByRole('radio', { name }))
const chooseKind = (kind: string): boolean =>
  fireEvent.change(screen.getByRole('combobox', { name: 'What is done to the motion' }), {
    target: { value: kind },
  })
const open = (): boolean => fireEvent.click(screen.getByRole('heading', { name: /^Motion/ }))

test('nobody looks at the film until the section is opened; what is found is said with its rates', async () => {
  const fake = await show(film16)
  expect(fake.api.sources.timing).not.toHaveBeenCalled()
  expect(screen.getByRole('heading', { name: 'Motion: Unchanged' })).toBeTruthy()
  open()
  await screen.findByText(
    'Filmed at 15.98 frames per second, stored as 29.97: 46 in 100 frames are shown again.',
  )
  expect(fake.api.sources.timing).toHaveBeenCalledTimes(1)
})

test('a film without repeats says so; places of repeats and cuts lead there', async () => {
  await show({ repeated: [{ start: 90, steps: [30] }], cuts: [150] })
  open()
  await screen.findByText('Filmed at 29.97 frames per second. 2 frames are shown again.')
  fireEvent.click(screen.getByRole('button', { name: '0:04.0' }))
  expect(useSession.getState().playhead).toBe(120)
  fireEvent.click(screen.getByRole('button', { name: '0:05.0' }))
  expect(useSession.getState().playhead).toBe(150)
})

test('a look that fails says why, and can be made again', async () => {
  const fake = await show()
  vi.mocked(fake.api.sources.timing).mockRejectedValueOnce(
    new AppError('source-unreadable', 'The tape broke.'),
  )
  open()
  await screen.findByText('The tape broke.')
  fireEvent.click(screen.getByRole('button', { name: 'Look again' }))
  await screen.findByText('Filmed at 29.97 frames per second. No frame is shown again.')
})

test('slow motion is a step that is undone: the clip is as many times as long, its sound stretched or silent', async () => {
  await show()
  open()
  chooseKind('slow')
  await waitFor(() => expect(motion()).toEqual({ kind: 'slow', factor: 2, sound: 'stretched' }))
  press('How slow', '4×')
  await waitFor(() => expect(speed()).toEqual({ num: 1, den: 4 }))
  expect(
    screen.getByText(
      /^Everything takes 4 times as long. It lasts 48 seconds instead of 12 seconds. The sound is/,
    ),
  ).toBeTruthy()
  expect(screen.getByText('Frames between are estimates; fast motion may smear.')).toBeTruthy()
  press('Sound', 'Silent')
  await waitFor(() => expect(motion()).toMatchObject({ sound: 'silent' }))
  act(() => [1, 2, 3].forEach(undo))
  expect([motion(), speed()]).toEqual([undefined, undefined])
  act(() => [1, 2].forEach(redo))
  expect([motion(), speed()]).toEqual([
    { kind: 'slow', factor: 4, sound: 'stretched' },
    { num: 1, den: 4 },
  ])
})

test('what a choice makes of the clip, and what was found, come into sight with it, and again when their numbers are known; not for another clip', async () => {
  const seen = vi.spyOn(HTMLElement.prototype, 'scrollIntoView')
  const counts = (): number => {
    const parts = seen.mock.contexts.map((one) => Object.keys((one as HTMLElement).dataset).join())
    expect(parts).toEqual(parts.map((_, i) => (i % 2 === 0 ? 'found' : 'outcome')))
    return parts.length / 2
  }
  await show(film16)
  expect(counts()).toBe(0)
  open()
  screen.getByRole('combobox', { name: 'What is done to the motion' }).focus()
  await screen.findByText(/^Filmed at/)
  expect(counts()).toBe(2) // opened, and found
  chooseKind('smooth')
  await waitFor(() => expect(counts()).toBe(3))
  act(() => run(splitClip(useProject.getState().project.clips[0]!.id, 100, 'second')))
  act(() => actions.nextCut())
  act(() => setSession({ selectedClipId: 'second' }))
  await screen.findByText(/^Evenly at/)
  expect(counts()).toBe(3)
  seen.mockRestore()
})

test('why no frame can be estimated on this computer stands where estimates are chosen', async () => {
  const why = new AppError('weights-missing', 'The weights are gone.')
  await show({}, { motionHash: undefined, motionFailure: toFailure(why) })
  open()
  chooseKind('unique')
  await screen.findByText(/are left out|nothing changes/)
  expect(screen.queryByText(/The weights are gone/)).toBeNull()
  chooseKind('smooth')
  await screen.findByText('Frames between cannot be estimated here. The weights are gone.')
  expect(screen.queryByText('Frames between are estimates; fast motion may smear.')).toBeNull()
})

test('smooth offers twice the rate first and says why, then those of screens above it, and keeps the length', async () => {
  await show()
  open()
  chooseKind('smooth')
  await waitFor(() => expect(motion()).toMatchObject({ kind: 'smooth' }))
  const rates = within(choice('Frames per second')).getAllByRole('radio')
  expect(rates.map((rate) => rate.textContent)).toEqual(['59.94', '50', '60'])
  expect(motion()).toEqual({ kind: 'smooth', rate: { num: 60000, den: 1001 } })
  await screen.findByText(/That is twice its own rate: every frame as filmed is among them./)
  press('Frames per second', '60')
  await waitFor(() => expect(motion()).toEqual({ kind: 'smooth', rate: { num: 60, den: 1 } }))
  expect(screen.queryByText(/twice its own rate/)).toBeNull()
  expect(speed()).toBeUndefined()
})

test('a clip that lacks frames is called by the rate that the others keep to, and can be smooth at it first', async () => {
  await show()
  const { sourceId } = useProject.getState().project.clips[0]!
  const uneven = table(360, [33, 34, 33, 33, 67], 1000)
  act(() => useSources.setState(({ tables }) => ({ tables: { ...tables, [sourceId]: uneven } })))
  open()
  await screen.findByText(
    'Filmed at 30 frames per second. No frame is shown again. Not all of them are there: 29.97 per second on average.',
  )
  chooseKind('smooth')
  await waitFor(() => expect(motion()).toEqual({ kind: 'smooth', rate: { num: 30, den: 1 } }))
  const rates = within(choice('Frames per second')).getAllByRole('radio')
  expect(rates.map((rate) => rate.textContent)).toEqual(['30', '60', '50'])
})

test('true tempo at another rate than was found has another length, and only then a sound to choose', async () => {
  await show(film16)
  act(() => actions.motionTempo())
  await waitFor(() => expect(motion()).toEqual({ kind: 'tempo', rate: 'found', sound: 'kept' }))
  await screen.findByText(/It lasts as long as before/)
  expect(screen.queryByRole('radiogroup', { name: 'Sound' })).toBeNull()
  press('Frames per second', '12')
  await waitFor(() => expect(speed()).toEqual({ num: 3003, den: 4000 })) // 12 of 16000/1001
  expect(
    screen.getByText(
      /^Every filmed frame once, evenly, at 12 frames per second. It lasts 16 seconds instead of 12 seconds. In the finished film the sound plays as fast.* It ends 4.1 seconds before the picture does\.$/,
    ),
  ).toBeTruthy()
  press('Frames per second', '24')
  await screen.findByText(
    /It lasts 8 seconds instead of 12 seconds\..* The last 4 seconds of it are cut off\.$/,
  )
  press('Frames per second', '12')
  await waitFor(() => expect(speed()).toEqual({ num: 3003, den: 4000 }))
  press('Sound', 'Stretched')
  await waitFor(() => expect(screen.queryByText(/before the picture does/)).toBeNull())
  await waitFor(() => expect(motion()).toMatchObject({ rate: { num: 12, den: 1 }, sound: 'stretched' }))
  press('Frames per second', 'As found')
  await waitFor(() => expect(speed()).toBeUndefined())
})

test('a tempo whose speed does not fit what was found plays as that asks, as if it had never been otherwise, and it is told', async () => {
  await show(film16)
  const { id } = useProject.getState().project.clips[0]!
  const tempo: ClipMotion = { kind: 'tempo', rate: { num: 12, den: 1 }, sound: 'silent' }
  act(() => run(setMotion(id, tempo, { num: 1, den: 2 })))
  expect(speed()).toEqual({ num: 1, den: 2 })
  open()
  await waitFor(() => expect(speed()).toEqual({ num: 3003, den: 4000 }))
  await screen.findByText(/did not play at the speed that their motion asks for.*Summer by the lake/)
  act(() => void undo())
  expect([motion(), speed()]).toEqual([undefined, undefined])
})

test('of sound is spoken only where there is some', async () => {
  await show()
  open()
  const kinds = ['smooth', 'unique', 'repair']
  for (const kind of kinds) {
    chooseKind(kind)
    await screen.findByText(/Length and sound stay as they are/)
  }
  await act(() => openPaths(['/films/mute.mp4']))
  act(() => setSession({ selectedClipId: useProject.getState().project.clips[1]?.id }))
  for (const kind of kinds) {
    chooseKind(kind)
    await screen.findByText(/It lasts as long as before/)
    expect(document.querySelector('[data-outcome]')?.textContent).not.toMatch(/sound/)
  }
})

test('duplicates and repairs say how many frames they concern, or that nothing changes', async () => {
  await show({ repeated: [{ start: 90, steps: [30] }] })
  open()
  chooseKind('unique')
  await screen.findByText(/2 of 360 frames are left out/)
  chooseKind('repair')
  await screen.findByText(/2 frames are replaced/)
  expect(screen.getByText('They become estimates; fast motion may smear.')).toBeTruthy()
})

test('a repair that finds nothing to do warns of no estimates', async () => {
  await show()
  open()
  chooseKind('repair')
  await screen.findByText(/Nothing was found that needs it: nothing changes\.$/)
  expect(screen.queryByText('They become estimates; fast motion may smear.')).toBeNull()
})

test('the key of the section opens it, and a clip that is not enhanced has one as well', async () => {
  await show()
  fireEvent.click(screen.getByRole('switch', { name: 'Enhance' }))
  fireEvent.keyDown(window, { key: 'm' })
  await screen.findByText('Frames are shown as they are stored.')
  chooseKind('unique')
  await waitFor(() => expect(motion()).toEqual({ kind: 'unique' }))
  expect(useProject.getState().project.clips[0]?.enhance.isEnabled).toBe(false)
})

test('a slowed clip is as much longer in the timeline: its times, steps of a second and its share of the film', async () => {
  await show()
  await openPaths(['/films/second.mp4'])
  act(() => actions.goToStart())
  const [first] = useProject.getState().project.clips
  act(() => run(setMotion(first!.id, { kind: 'slow', factor: 4, sound: 'silent' }, { num: 1, den: 4 })))
  expect(screen.getAllByRole('img', { name: 'Frames between are estimated here' })).toHaveLength(1)
  const grown = within(screen.getByRole('listbox', { name: 'The film in playing order' }))
  expect(grown.getAllByRole('option').map(({ title }) => title)).toEqual([
    expect.stringMatching(/, 48 seconds$/),
    expect.stringMatching(/, 12 seconds$/),
  ])
  for (let seconds = 0; seconds < 8; seconds++) act(() => actions.secondForward())
  expect(useSession.getState().playhead).toBe(59) // of 29.97 frames per second
  const time = (): string | null => screen.getByTestId('time').textContent
  const playhead = (): HTMLElement => screen.getByRole('slider', { name: 'Playhead' })
  expect(time()).toBe('00:00:07:29') // frame 239 of the film, whose second 8 begins within it
  expect(playhead().getAttribute('aria-valuetext')).toBe('00:00:07:29')
  act(() => actions.secondBack())
  expect(time()).toBe('00:00:06:29')
  act(() => actions.secondForward())
  act(() => actions.nextFrame())
  expect(screen.getByTestId('time').textContent).toBe('00:00:08:00')
  fireEvent.click(screen.getByTestId('time'))
  const field = screen.getByRole('textbox', { name: /^Time/ })
  fireEvent.change(field, { target: { value: '+0:00:00:02' } })
  fireEvent.keyDown(field, { key: 'Enter' })
  expect([time(), useSession.getState().playhead]).toEqual(['00:00:08:02', 60])
  act(() => actions.goToOut())
  expect(time()).toBe('00:00:47:27') // the first of the four that show the last frame
  act(() => setSession({ playhead: 60, between: undefined, moment: undefined }))
  act(() => actions.split())
  const clips = useProject.getState().project.clips
  expect(clips.map(({ from, to, motion: own }) => [from, to, own?.kind])).toEqual([
    [0, 60, 'slow'],
    [60, 360, 'slow'],
    [0, 360, undefined],
  ])
})

test('where estimates that were made are unsure is marked apart, inside of the clip, as soon as it is known', async () => {
  const fake = await show()
  vi.spyOn(fake.api.render, 'coverage').mockImplementation((sourceId, enhance, motion) => {
    const plain = recipeOf(enhance, useHost.getState().info?.models ?? []) ?? ''
    const recipe = motion ? motionKey(plain, motion, '') : plain
    const unsure = [10, 11, 200].map((from) => ({ from, to: from + 1, unsure: 0.1 }))
    return Promise.resolve({ sourceId, recipe, pictures: [], kept: [], unsure })
  })
  const marks = (): HTMLElement[] => screen.queryAllByRole('img', { name: /^The estimates are unsure here/ })
  act(() => actions.motionSmooth())
  await waitFor(() => expect(marks()).toHaveLength(2))
  act(() => run(trimClip(useProject.getState().project.clips[0]!.id, { from: 0, to: 100 })))
  await waitFor(() => expect(marks()).toHaveLength(1))
  act(() => actions.motionFilmed())
  await waitFor(() => expect(marks()).toEqual([]))
})

test('repaired frames are marked one by one, when they are known', async () => {
  await show({ repeated: [{ start: 90, steps: [1] }], torn: [200] })
  act(() => actions.motionRepair())
  await waitFor(() =>
    expect(screen.getAllByRole('img', { name: 'Frames between are estimated here' })).toHaveLength(2),
  )
})

/** The picture that stands beside a frame of the source, the clip in hand being what it is. */
function besideIt(playhead: number): string | undefined {
  const { clips } = useProject.getState().project
  const clip = clips.find(({ id }) => id === useSession.getState().selectedClipId)!
  const source = useSources.getState().sources[clip.sourceId]!
  act(() => setSession({ playhead, between: { frame: playhead, index: 3 } })) // of a clip that was in hand before
  const { result, unmount } = renderHook(() => useComparison(clip, source, playhead))
  unmount()
  return result.current.enhancedUrl
}

test('beside the original stands the same moment, or nothing: a motion shows nothing outside of its clip, and is not stepped into', async () => {
  const fake = await show()
  vi.spyOn(fake.api.render, 'coverage').mockImplementation((sourceId, enhance, motion) => {
    const plain = recipeOf(enhance, useHost.getState().info?.models ?? []) ?? ''
    const recipe = motion ? motionKey(plain, motion, '') : plain
    return Promise.resolve({ sourceId, recipe, pictures: [{ from: 0, to: 360 }], kept: [], unsure: [] })
  })
  const { id, sourceId } = useProject.getState().project.clips[0]!
  const made = (frame: number): string => addressOf({ kind: 'rendered', sourceId, recipe: '', frame })
  act(() => run(splitClip(id, 100, 'middle')))
  act(() => run(splitClip('middle', 200, 'last')))
  act(() => setSession({ selectedClipId: 'middle', playhead: 100 }))
  act(() => actions.motionSlow())
  act(() => actions.moveEarlier())
  await waitFor(() => expect(useTimings.getState().found[sourceId]).toBeDefined())
  await waitFor(() => expect(useCoverage.getState().coverage?.pictures).toHaveLength(1))
  expect(besideIt(100)).toBe(made(100))
  expect([0, 99, 200, 359].map(besideIt)).toEqual([undefined, undefined, undefined, undefined])
  expect(besideIt(150)).toBe(made(150))
  expect(besideIt(199)).toBe(made(199))
  act(() => setSession({ playhead: 0, between: undefined }))
  act(() => actions.nextFrame())
  expect(useSession.getState().playhead).toBe(1)
})
