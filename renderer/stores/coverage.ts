// What the host has finished of the clip in hand, as its settings are: asked for when either changes, and told by the host when there is more.
import { useMemo } from 'react'
import { create } from 'zustand'
import { Coverage } from '../../electron/shared/contract/render.js'
import { Clip } from '../../electron/shared/document/project.js'
import { RecipeKey, recipeOf } from '../../electron/shared/document/recipeKey.js'
import { Rendered, renderedOf } from './compare.js'
import { api, useHost } from './host.js'
import { useJobs } from './jobs.js'
import { clipOf, useProject } from './project.js'
import { useSession } from './session.js'
import { useSources } from './sources.js'

interface CoverageState {
  coverage?: Coverage
}

export const useCoverage = create<CoverageState>()(() => ({}))

interface Asked {
  clip: Clip
  recipe: RecipeKey
}

/** The clip in hand, when the host can say something of it. */
function inHand(): Asked | undefined {
  const clip = clipOf(useProject.getState().project, useSession.getState().selectedClipId)
  if (!clip?.enhance.isEnabled || !useSources.getState().sources[clip.sourceId]) return undefined
  const recipe = recipeOf(clip.enhance, useHost.getState().info?.models ?? [])
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
        .render.coverage(asked.clip.sourceId, asked.clip.enhance)
        .then(receiveCoverage, () => undefined) // a model that cannot be used is told where it is chosen
  }
  const stops = [useProject, useSession, useSources, useHost].map((store) => store.subscribe(look))
  look()
  return () => stops.forEach((stop) => stop())
}

/** Enhanced frames of a clip with its settings, finished or under way. */
export function renderedNow({ sourceId, enhance }: Pick<Clip, 'sourceId' | 'enhance'>): Rendered[] {
  const recipe = recipeOf(enhance, useHost.getState().info?.models ?? [])
  return renderedOf(useJobs.getState().jobs, useCoverage.getState().coverage, sourceId, recipe)
}

/** The job that is making some of them. */
export const isWorking = ({ job }: Rendered): boolean => job?.state === 'waiting' || job?.state === 'running'

/** The same for a component, which is drawn again when any of it changes. */
export function useRendered({ sourceId, enhance }: Clip): {
  recipe: RecipeKey | undefined
  rendered: Rendered[]
} {
  const jobs = useJobs((s) => s.jobs)
  const coverage = useCoverage((s) => s.coverage)
  const recipe = useHost((s) => recipeOf(enhance, s.info?.models ?? []))
  const rendered = useMemo(
    () => renderedOf(jobs, coverage, sourceId, recipe),
    [jobs, coverage, sourceId, recipe],
  )
  return { recipe, rendered }
}
