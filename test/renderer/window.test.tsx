// @vitest-environment jsdom
// The window over the fake host: what a first start does, what saving does, what a failure looks like. Few, because slow.
import { clipsOf } from './dom.js'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Damage } from '../../electron/shared/media/damage.js'
import { type Project, emptyProject } from '../../electron/shared/document/document.js'
import { App } from '../../renderer/App.js'
import { type Fake, createFake } from '../../renderer/api/fake.js'
import { setEnhance } from '../../renderer/commands/setEnhance.js'
import { actions } from '../../renderer/stores/actions.js'
import { damageStart, useDamage } from '../../renderer/stores/damage.js'
import { useJobs } from '../../renderer/stores/jobs.js'
import { openPaths } from '../../renderer/stores/open.js'
import { languageOf } from '../../renderer/stores/preferences.js'
import { replaceProject, run, useProject } from '../../renderer/stores/project.js'
import { useSession } from '../../renderer/stores/session.js'
import { start } from '../../renderer/stores/start.js'

test('the first start opens the sample, says in words what it is, and saves it', async () => {
  const fake = createFake()
  await start(fake)
  render(<App />)
  expect(await screen.findByText(/640 × 480, 29.97 frames per second, 12 seconds, with sound/)).toBeTruthy()
  await waitFor(() => expect(clipsOf(fake.saved.at(-1))).toHaveLength(1), { timeout: 3000 })
  expect(screen.getByRole('slider', { name: 'End of the clip' }).getAttribute('aria-valuenow')).toBe('360')
})

test('a preview fills in, becomes the comparison, and is made anew after a change of settings', async () => {
  const fake = createFake()
  await start(fake)
  render(<App />)
  fireEvent.click(await screen.findByRole('button', { name: 'Preview' }))
  expect(await screen.findByText('Starting…')).toBeTruthy()
  expect(await screen.findByText('Not yet enhanced')).toBeTruthy()
  fake.advance(10)
  expect(await screen.findByText('10 of 60 frames')).toBeTruthy()
  expect(screen.getByText('· about 8 seconds left')).toBeTruthy()
  expect(screen.getByRole('slider', { name: /Divider/ })).toBeTruthy()
  fireEvent.click(screen.getByRole('radio', { name: '×4' }))
  expect(await screen.findByText('Not yet enhanced')).toBeTruthy()
  await waitFor(() =>
    expect(useJobs.getState().jobs.map((job) => job.state)).toEqual(['cancelled', 'running']),
  )
})

describe('with a model that has looks', () => {
  const enhance = () => useProject.getState().project.clips[0]?.enhance
  const checked = (): string[] =>
    screen.queryByText('Custom')
      ? ['Custom']
      : ['Gentle', 'Natural', 'Strong'].filter(
          (name) => screen.getByRole('radio', { name }).getAttribute('aria-checked') === 'true',
        )
  const strength = (): HTMLInputElement => screen.getByRole('slider', { name: 'Strength' })
  /** An able model, whose natural strength is what a clip in good shape gets. */
  async function able(damage: Partial<Damage>, project?: Project): Promise<Fake> {
    const [model] = await createFake().api.models.list()
    if (!model) throw new Error('the fake has no model')
    const looks = {
      gentle: { strength: 0.3, detail: 0.5 },
      natural: { strength: 0.6, detail: 0.2 },
      strong: { strength: 1, detail: 0 },
    }
    return createFake({ info: { models: [{ ...model, hasStrength: true, looks }] }, damage, project })
  }
  async function show(fake: Fake): Promise<void> {
    cleanup()
    replaceProject(emptyProject)
    useDamage.setState(damageStart)
    await start(fake)
    render(<App />)
    await screen.findByRole('radiogroup', { name: 'Look' })
  }
  beforeEach(async () => show(await able({ strength: 0 })))

  test('natural is what a clip in good shape begins with; arrow keys choose another, and the strength goes along', () => {
    expect(checked()).toEqual(['Natural'])
    expect(strength().getAttribute('aria-valuetext')).toBe('60%')
    fireEvent.keyDown(screen.getByRole('radio', { name: 'Natural' }), { key: 'ArrowRight' })
    expect(checked()).toEqual(['Strong'])
    expect(strength().getAttribute('aria-valuetext')).toBe('100%')
    expect(enhance()).toMatchObject({ look: 'strong' })
    expect(enhance()?.strength).toBeUndefined()
  })

  test('moving the strength makes the look Custom, in one step to undo; a look by name takes it back', () => {
    fireEvent.keyDown(strength(), { key: 'ArrowRight' })
    fireEvent.keyDown(strength(), { key: 'ArrowRight', shiftKey: true })
    expect(strength().value).toBe('0.66')
    expect(checked()).toEqual(['Natural']) // the hand is still on it
    fireEvent.keyUp(strength(), { key: 'ArrowRight' })
    expect(enhance()).toMatchObject({ look: 'natural', strength: 0.66 })
    expect(checked()).toEqual(['Custom'])
    expect(screen.getByRole('radio', { name: 'Natural' }).getAttribute('aria-checked')).toBe('false')
    actions.undo()
    expect(enhance()?.strength).toBeUndefined()
    fireEvent.change(strength(), { target: { value: '0' } })
    fireEvent.pointerUp(strength())
    expect(enhance()?.strength).toBe(0)
    fireEvent.click(screen.getByRole('radio', { name: 'Gentle' }))
    expect(enhance()).toMatchObject({ look: 'gentle' })
    expect(enhance()?.strength).toBeUndefined()
    expect(strength().value).toBe('0.3')
  })

  describe('the strength that the damage of a clip suggests', () => {
    const tape: Partial<Damage> = { noise: 0.6, blockiness: 0.4, blur: 0.3, strength: 0.9 }
    const use = () => screen.queryByRole('button', { name: 'Use the suggested 90%' })

    test('is what it begins with; a line says so, and a button goes back to it', async () => {
      await show(await able(tape))
      expect(await screen.findByText(/looks badly damaged. It is noisy. Strength 90%/)).toBeTruthy()
      expect(strength().getAttribute('aria-valuetext')).toBe('90%')
      expect(screen.getByText('Suggested')).toBeTruthy()
      expect(use()).toBeNull()
      fireEvent.keyDown(strength(), { key: 'ArrowLeft' })
      fireEvent.keyUp(strength(), { key: 'ArrowLeft' })
      expect(enhance()?.strength).toBe(0.85)
      expect(checked()).toEqual(['Custom'])
      fireEvent.click(await screen.findByRole('button', { name: 'Use the suggested 90%' }))
      expect(enhance()).toMatchObject({ look: 'natural', strength: 0.9 })
    })

    test('came with the clip: undo goes back to it, and with one more step the clip is gone', async () => {
      await show(await able(tape))
      await screen.findByText(/Strength 90%/)
      fireEvent.click(screen.getByRole('radio', { name: 'Gentle' }))
      expect(await screen.findByRole('button', { name: 'Use the suggested 90%' })).toBeTruthy()
      actions.undo()
      expect(enhance()?.strength).toBe(0.9)
      actions.undo()
      expect(enhance()).toBeUndefined()
      actions.redo()
      expect(enhance()?.strength).toBe(0.9)
    })

    test('is the own one of every clip that is opened, whatever was set by hand on the one before, which a line says', async () => {
      const fake = await able(tape)
      await show(fake)
      await screen.findByText(/Strength 90%/)
      vi.spyOn(fake.api.sources, 'damage').mockResolvedValue({
        ...(await fake.api.sources.damage('')),
        strength: 0.95,
      })
      await openPaths(['/films/second.mp4'])
      await waitFor(() => expect(useProject.getState().project.clips[1]?.enhance.strength).toBe(0.95))
      fireEvent.click(screen.getByRole('radio', { name: 'Gentle' }))
      fireEvent.click(screen.getByRole('radio', { name: '×4' }))
      expect(await screen.findByText(/Only for this clip: another film begins with its own/)).toBeTruthy()
      await openPaths(['/films/third.mp4'])
      const third = () => useProject.getState().project.clips[2]?.enhance
      await waitFor(() => expect(third()).toMatchObject({ look: 'natural', strength: 0.95, scale: 4 }))
      expect(screen.queryByText(/Only for this clip/)).toBeNull()
    })

    test('comes too late where somebody was quicker, or a preview was', async () => {
      const answers: (() => void)[] = []
      const fake = await able(tape)
      const damage = await fake.api.sources.damage('')
      vi.spyOn(fake.api.sources, 'damage').mockImplementation(
        () => new Promise((resolve) => answers.push(() => resolve(damage))),
      )
      await show(fake)
      expect(await screen.findByText('Looking at this clip…')).toBeTruthy()
      fireEvent.click(screen.getByRole('radio', { name: 'Natural' })) // what it was already, and now a choice
      answers[0]?.()
      expect(await screen.findByRole('button', { name: 'Use the suggested 90%' })).toBeTruthy()
      expect(enhance()?.strength).toBeUndefined()
      await openPaths(['/films/second.mp4'])
      fireEvent.click(await screen.findByRole('button', { name: 'Preview' }))
      await screen.findByText('Starting…')
      answers[1]?.()
      expect(await screen.findByRole('button', { name: 'Use the suggested 90%' })).toBeTruthy()
      expect(useProject.getState().project.clips[1]?.enhance.strength).toBeUndefined()
    })

    test('that reads like the strength there is, is no offer', async () => {
      await show(await able({ ...tape, strength: 1 }))
      await screen.findByText(/Strength 100% is where to begin/)
      fireEvent.click(screen.getByRole('radio', { name: 'Strong' })) // 100 % as well
      expect(await screen.findByText(/Strength 100% is where to begin/)).toBeTruthy()
      expect(screen.queryByRole('button', { name: /Use the suggested/ })).toBeNull()
      fireEvent.click(screen.getByRole('radio', { name: 'Gentle' }))
      expect(await screen.findByRole('button', { name: 'Use the suggested 100%' })).toBeTruthy()
    })

    test('is offered to a stored project, never put into it', async () => {
      const { document, project } = useProject.getState() // with natural
      await show(await able(tape, document))
      expect(await screen.findByRole('button', { name: 'Use the suggested 90%' })).toBeTruthy()
      expect(useProject.getState().project).toEqual(project)
    })

    test('is not worked out for a clip that was closed', async () => {
      const fake = await able(tape)
      const cancelled = vi.spyOn(fake.api.sources, 'cancelDamage')
      vi.spyOn(fake.api.sources, 'damage').mockReturnValue(new Promise(() => undefined))
      await show(fake)
      await screen.findByText('Looking at this clip…')
      const id = useProject.getState().project.sources[0]?.id
      actions.delete()
      await waitFor(() => expect(cancelled).toHaveBeenCalledWith(id))
    })

    test('combs are told of where the file says that it has none, and only there', async () => {
      await show(await able({ combing: 0.5 }))
      expect(await screen.findByText(/Fine lines show along what moves/)).toBeTruthy()
      expect(screen.getByText(/It seems to be interlaced/).closest('li')).toBeTruthy()
      await openPaths(['/films/tape.mp4']) // interlaced by its flags
      await screen.findByText(/interlaced$/)
      expect(screen.queryByText(/Fine lines show along what moves/)).toBeNull()
      expect(screen.getAllByText(/It seems to be interlaced/)).toHaveLength(1)
      actions.export()
      const page = within(await screen.findByRole('dialog'))
      expect(await page.findByText(/“Summer by the lake 1994.mp4” seems to be interlaced/)).toBeTruthy()
      expect(page.queryByText(/tape.mp4” seems/)).toBeNull()
      await openPaths(['/films/chapters.mkv'])
      expect(await screen.findByText(/with sound, 3 chapters$/)).toBeTruthy()
    })

    test('combed fields are taken apart by a button, put together by the same one, undone, and saved', async () => {
      const project = () => useProject.getState().project
      const told = await able({ combing: 0.5 })
      await show(told)
      const button = await screen.findByRole('button', { name: 'Take the fields apart' })
      useSession.setState({ playhead: 100 })
      actions.markIn()
      button.focus()
      fireEvent.click(button)
      expect(await screen.findByText(/Fields are taken apart/)).toBeTruthy()
      expect(document.activeElement).toBe(button)
      expect(project()).toMatchObject({
        sources: [{ frames: 720, fields: 'bff' }], // the fake's pictures show the bottom first
        clips: [{ from: 200, to: 720 }],
      })
      expect(useSession.getState().playhead).toBe(200)
      const apart = project()
      actions.undo()
      expect(project()).toMatchObject({ sources: [{ frames: 360 }], clips: [{ from: 100, to: 360 }] })
      expect(useSession.getState().playhead).toBe(100)
      expect(await screen.findByText(/Fine lines show along what moves/)).toBeTruthy()
      actions.redo()
      expect(project()).toEqual(apart)
      const { document: saved } = useProject.getState()
      await waitFor(() => expect(told.saved.at(-1)).toEqual(saved), { timeout: 3000 })

      await show(await able({ combing: 0.5 }, saved)) // another day
      expect(project()).toEqual(apart)
      fireEvent.click(await screen.findByRole('button', { name: 'Put them back together' }))
      expect(await screen.findByRole('button', { name: 'Take the fields apart' })).toBeTruthy()
      expect(project()).toMatchObject({ sources: [{ frames: 360 }], clips: [{ from: 100, to: 360 }] })
      expect(project().sources[0]?.fields).toBeUndefined()
    })
  })

  test('a photo begins with the look of its clip and may have another', async () => {
    fireEvent.click(screen.getByRole('radio', { name: 'Gentle' }))
    actions.photo()
    const dialog = within(await screen.findByRole('dialog'))
    const gentle = await dialog.findByRole('radio', { name: 'Gentle' })
    expect(gentle.getAttribute('aria-checked')).toBe('true')
    fireEvent.click(dialog.getByRole('radio', { name: 'Strong' }))
    expect(enhance()?.look).toBe('gentle')
  })
})

test('a model without a strength offers neither looks nor a strength, and says so in the details', async () => {
  await start(createFake())
  render(<App />)
  await screen.findByText(/frames per second/)
  expect(screen.queryByRole('radiogroup', { name: 'Look' })).toBeNull()
  expect(screen.queryByRole('slider', { name: 'Strength' })).toBeNull()
  expect(screen.getByText('Always full')).toBeTruthy()
  const [clip] = useProject.getState().project.clips
  if (!clip) throw new Error('there is no clip')
  run(setEnhance(clip.id, { strength: 0.4 })) // made with another model, which is gone
  expect(await screen.findByText(/cannot vary its strength.* 40%/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Use full strength' }))
  expect(useProject.getState().project.clips[0]?.enhance.strength).toBeUndefined()
})

test('a place that the system’s dialog answers late leaves what was chosen meanwhile', async () => {
  const fake = createFake({ info: { hasDialogs: true } })
  let answer: (path: string) => void = () => undefined
  vi.spyOn(fake.api.files, 'chooseOutput').mockReturnValue(new Promise((resolve) => (answer = resolve)))
  await start(fake)
  render(<App />)
  await screen.findByText(/frames per second/)
  actions.export()
  const dialog = within(await screen.findByRole('dialog'))
  fireEvent.click(await dialog.findByRole('button', { name: /Change/ }))
  const best = dialog.getByRole('radio', { name: /Best/ })
  fireEvent.click(best)
  answer('/films/elsewhere/late.mp4')
  expect(await dialog.findByDisplayValue('late')).toBeTruthy()
  expect(best.getAttribute('aria-checked')).toBe('true')
})

test('a file that is no film is told in a sentence and changes nothing', async () => {
  await start(createFake())
  render(<App />)
  await screen.findByText(/frames per second/)
  await openPaths(['/films/letter.txt'])
  expect(await screen.findByText('This is not a film')).toBeTruthy()
  expect(screen.getByText(/letter.txt.*Nothing was changed/)).toBeTruthy()
  expect(useProject.getState().project.clips).toHaveLength(1)
})

test('a saved project comes back instead of the sample, and menu events do what they name', async () => {
  const first = createFake()
  await start(first)
  await waitFor(() => expect(useProject.getState().project.clips).toHaveLength(1))
  useSession.setState({ playhead: 90 })
  actions.markIn()
  const { document } = useProject.getState()
  replaceProject(emptyProject)
  const second = createFake({ project: document })
  await start(second)
  render(<App />)
  await waitFor(() =>
    expect(screen.getByRole('slider', { name: 'Start of the clip' }).getAttribute('aria-valuenow')).toBe(
      '90',
    ),
  )
  second.emit({ type: 'menu', command: 'split' })
  expect(useProject.getState().project.clips).toHaveLength(1) // the playhead is not inside
  useSession.setState({ playhead: 100 })
  second.emit({ type: 'menu', command: 'split' })
  second.emit({ type: 'menu', command: 'formatDisk' })
  expect(useProject.getState().project.clips.map((c) => [c.from, c.to])).toEqual([
    [90, 100],
    [100, 360],
  ])
})

test('the language follows the preference, else the first of the system that we have', () => {
  expect(languageOf({ language: 'ja', theme: 'system' }, ['en-GB'])).toBe('ja')
  expect(languageOf({ language: 'system', theme: 'system' }, ['fr-FR', 'ja-JP', 'en'])).toBe('ja')
  expect(languageOf({ language: 'system', theme: 'system' }, ['fr'])).toBe('en')
})
