// What the host has finished of the clip in hand, as its settings are: asked for when either changes, and told by the host when there is more.
import { useMemo } from 'react'
import { create } from 'zustand'
import { AppInfo } from '../../electron/shared/contract/app.js'
import { Coverage } from '../../electron/shared/contract/render.js'
import { Clip } from '../../electron/shared/document/project.js'
import type { FoundKeepsake } from '../../electron/shared/media/keepsake/keepsake.js'
import { RecipeKey, motionKey, recipeOf } from '../../electron/shared/document/recipeKey.js'
import { Rendered, isWorkedOn, renderedOf } from './compare.js'
import { api, useHost } from './host.js'
import { useKeepsakes } from './keepsakes.js'
import { useJobs } from './jobs.js'
import { clipOf, useProject } from './project.js'
import { useSession } from './session.js'
import { useSources } from './sources.js'

interface CoverageState {
  coverage?: Coverage
}

export const useCoverage = create<CoverageState>()(() => ({}))

type Made = Pick<Clip, 'sourceId' | 'enhance' | 'motion'>

/** As the host calls it; undefined where its model is not there, or what its Keepsake says is not known yet. */
function recipeOfClip(
  { enhance, motion }: Pick<Clip, 'enhance' | 'motion'>,
  info: AppInfo | undefined,
  keepsake: FoundKeepsake | undefined,
): RecipeKey | undefined {
  const recipe = recipeOf(enhance, info?.models ?? [], keepsake)
  return recipe && motion ? motionKey(recipe, motion, info?.motionHash ?? '') : recipe
}

const recipeNow = (clip: Made): RecipeKey | undefined =>
  recipeOfClip(clip, useHost.getState().info, useKeepsakes.getState().found[clip.sourceId])

/** The same for a component, which is drawn again when any of it changes. */
function useRecipe({ sourceId, enhance, motion }: Made): RecipeKey | undefined {
  const keepsake = useKeepsakes((s) => s.found[sourceId])
  return useHost((s) => recipeOfClip({ enhance, motion }, s.info, keepsake))
}

interface Asked {
  clip: Clip
  recipe: RecipeKey
}

/** The clip in hand, when the host can say something of it. */
function inHand(): Asked | undefined {
  const clip = clipOf(useProject.getState().project, useSession.getState().selectedClipId)
  if (!clip || !isWorkedOn(clip) || !useSources.getState().sources[clip.sourceId]) return undefined
  const recipe = recipeNow(clip)
  return recipe === undefined ? undefined : { clip, recipe }
}

const isOf = (asked: Asked | undefined, coverage: Coverage): boolean =>
  coverage.sourceId === asked?.clip.sourceId && coverage.recipe === asked.recipe

export function receiveCoverage(coverage: Coverage): void {
  if (isOf(inHand(), coverage)) useCoverage.setState({ coverage })
}

/** Keeps it to the clip in hand. Answers a function that stops that. */
export function followCoverage(): () => void {
  let before: string | undefined
  const look = (): void => {
    const asked = inHand()
    const now = asked && `${asked.clip.sourceId}/${asked.recipe}`
    if (now === before) return
    before = now
    useCoverage.setState({ coverage: undefined })
    if (asked)
      api()
        .render.coverage(asked.clip.sourceId, asked.clip.enhance, asked.clip.motion ?? null)
        .then(receiveCoverage, () => undefined) // a model that cannot be used is told where it is chosen
  }
  const stops = [useProject, useSession, useSources, useHost, useKeepsakes].map((store) =>
    store.subscribe(look),
  )
  look()
  return () => stops.forEach((stop) => stop())
}

/** Enhanced frames of a clip with its settings, finished or under way. */
export function renderedNow(clip: Made): Rendered[] {
  const { jobs } = useJobs.getState()
  return renderedOf(jobs, useCoverage.getState().coverage, clip.sourceId, recipeNow(clip))
}

const nowhere: Coverage['unsure'] = []

/** Where the estimates of a clip are unsure, as far as any were made; known of those that are made as the clip in hand is. */
export function useUnsure(clip: Clip): Coverage['unsure'] {
  const coverage = useCoverage((s) => s.coverage)
  const recipe = useRecipe(clip)
  return coverage?.sourceId === clip.sourceId && coverage.recipe === recipe ? coverage.unsure : nowhere
}

/** The job that is making some of them. */
export const isWorking = ({ job }: Rendered): boolean => job?.state === 'waiting' || job?.state === 'running'

/** The same for a component, which is drawn again when any of it changes. */
export function useRendered(clip: Clip): { recipe: RecipeKey | undefined; rendered: Rendered[] } {
  const { sourceId } = clip
  const jobs = useJobs((s) => s.jobs)
  const coverage = useCoverage((s) => s.coverage)
  const recipe = useRecipe(clip)
  const rendered = useMemo(
    () => renderedOf(jobs, coverage, sourceId, recipe),
    [jobs, coverage, sourceId, recipe],
  )
  return { recipe, rendered }
}
