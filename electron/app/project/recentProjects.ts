// Which projects were open, the newest first, and which of them last. Kept as paths; one that has gone stays listed and is told as gone.
import { join } from 'node:path'
import { z } from 'zod'
import { inTurn, readJson, writeAtomic } from '../access/files.js'

const Entry = z.object({
  path: z.string(),
  /** What tells one without a name from others; absent: there is nothing in it. */
  about: z.string().optional(),
  openedMs: z.number(),
})
export type Entry = z.infer<typeof Entry>

const List = z.object({ last: z.string().optional(), projects: z.array(Entry) })
type List = z.infer<typeof List>

/** Named ones; those without a name stay, for they are found nowhere else. */
const mostNamed = 12

export interface RecentProjects {
  list(): Promise<readonly Entry[]>
  /** The one that was open last; undefined when there never was one. */
  last(): Promise<string | undefined>
  /** Open now. */
  opened(path: string): Promise<void>
  /** Answers whether that is news. */
  learn(path: string, about: string | undefined): Promise<boolean>
  forget(path: string): Promise<void>
}

export function createRecentProjects(dataFolder: string, isOwn: (path: string) => boolean): RecentProjects {
  const file = join(dataFolder, 'projects.json')
  const turn = inTurn()
  const read = async (): Promise<List> => (await readJson(file, List)) ?? { projects: [] }

  async function change(edit: (list: List) => List): Promise<void> {
    const { last, projects } = edit(await read())
    const named = projects.filter(({ path }) => !isOwn(path)).slice(0, mostNamed)
    // One without a name in which nothing ever was is nothing to go back to.
    const kept = projects.filter((entry) =>
      isOwn(entry.path) ? entry.about !== undefined || entry.path === last : named.includes(entry),
    )
    await writeAtomic(file, JSON.stringify({ last, projects: kept }, null, 2))
  }

  return {
    list: () => turn(async () => (await read()).projects),
    last: () => turn(async () => (await read()).last),
    opened: (path) =>
      turn(() =>
        change(({ projects }) => {
          const before = projects.find((entry) => entry.path === path)
          const others = projects.filter((entry) => entry !== before)
          return { last: path, projects: [{ ...before, path, openedMs: Date.now() }, ...others] }
        }),
      ),
    learn: (path, about) =>
      turn(async () => {
        const { projects } = await read()
        const known = projects.find((entry) => entry.path === path)
        if (known?.about === about) return false
        const learned = { ...(known ?? { path, openedMs: Date.now() }), about }
        await change((list) => ({
          ...list,
          projects: known
            ? list.projects.map((entry) => (entry.path === path ? learned : entry))
            : [learned, ...list.projects],
        }))
        return true
      }),
    forget: (path) =>
      turn(() =>
        change((list) => ({ ...list, projects: list.projects.filter((entry) => entry.path !== path) })),
      ),
  }
}
