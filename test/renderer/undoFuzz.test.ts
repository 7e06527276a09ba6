// @vitest-environment jsdom
// Ten thousand random edits by seed, in rounds as long as the history: undone to the last one the film is what it was, redone it is what it became, and the same
// clip is in hand. After every one of them the document is whole.
import './dom.js'
import { beforeAll, expect, test } from 'vitest'
import { problemsOf } from '../../electron/shared/document/problems.js'
import type { Project } from '../../electron/shared/document/document.js'
import { Fit } from '../../electron/shared/document/sequence.js'
import { createFake } from '../../renderer/api/fake.js'
import { setEnhance } from '../../renderer/commands/setEnhance.js'
import { setFit } from '../../renderer/commands/setFit.js'
import { trimClip } from '../../renderer/commands/trimClip.js'
import { actions } from '../../renderer/stores/actions.js'
import { openPaths } from '../../renderer/stores/open.js'
import { run, useProject } from '../../renderer/stores/project.js'
import { goTo, inHand, selectClip } from '../../renderer/stores/scene.js'
import { cutAtScenes } from '../../renderer/stores/scenes.js'
import { start } from '../../renderer/stores/start.js'
import { type Random, random } from '../shared/random.js'

/** As many steps are kept. */
const steps = 500
const rounds = 20

const clips = () => useProject.getState().project.clips
const names = ['split', 'markIn', 'markOut', 'delete', 'moveEarlier', 'moveLater', 'toggleEnhance'] as const
const motions = ['motionFilmed', 'motionSlow', 'motionSmooth', 'motionRepair'] as const

function look(chance: Random): void {
  selectClip(chance.pick(clips()))
  const clip = inHand()
  if (clip) goTo(chance.whole(clip.from - 5, clip.to + 5))
}

async function edit(chance: Random): Promise<void> {
  if (clips().length === 0) return openPaths([`/films/${chance.whole(1, 3)}.mp4`])
  const clip = inHand()
  const kind = chance.whole(0, 11)
  if (!clip || clips().length > 60) return actions.delete()
  if (kind === 0) return void (chance.unit() < 0.3 && (await openPaths([`/films/${chance.whole(1, 3)}.mp4`])))
  if (kind === 1) return cutAtScenes(clip, [chance.whole(0, 360), chance.whole(0, 360), chance.whole(0, 360)])
  if (kind === 2) return run(setFit(clip.id, chance.pick(Fit.options)))
  if (kind === 3)
    return run(setEnhance(clip.id, { scale: chance.pick([1, 2, 4] as const), seed: chance.whole(0, 9) }))
  if (kind === 4) return run(trimClip(clip.id, { from: chance.whole(0, 360), to: chance.whole(0, 360) }))
  if (kind === 5) return actions[chance.pick(motions)]()
  return actions[chance.pick(names)]()
}

interface Seen {
  document: Project
  clip: string | undefined
}
const seen = (): Seen => ({ document: useProject.getState().document, clip: inHand()?.id })

beforeAll(() => start(createFake()))

test.each(Array.from({ length: rounds }, (_, i) => i + 1))(
  `${steps} edits by seed %i are undone and done again`,
  async (seed) => {
    const chance = random(seed)
    await openPaths(['/films/1.mp4', '/films/2.mp4'])
    useProject.setState({ past: [], future: [] })
    let first: Seen | undefined
    for (let tries = 0; useProject.getState().past.length < steps && tries < 20 * steps; tries++) {
      const before = useProject.getState().past.length
      if (clips().length > 0) look(chance)
      if (before === 0) first = seen()
      await edit(chance)
      if (useProject.getState().past.length > before)
        expect(problemsOf(useProject.getState().document)).toEqual([])
    }
    expect(useProject.getState().past).toHaveLength(steps)
    look(chance)
    const last = seen()
    for (let n = 0; n < steps; n++) actions.undo()
    expect(useProject.getState().past).toEqual([])
    expect(seen()).toEqual(first)
    for (let n = 0; n < steps; n++) actions.redo()
    expect(useProject.getState().future).toEqual([])
    expect(seen()).toEqual(last)
  },
)
