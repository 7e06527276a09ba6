// What must not be taken away from the cache: results that an export which lives is made of, and those that an unfinished one goes on from.
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Release, hold, holder } from '../access/owners.js'

const usesFolder = (cacheFolder: string): string => join(cacheFolder, 'uses')
export const unfinishedFolder = (cacheFolder: string): string => join(cacheFolder, 'unfinished')

/** Until it is released these results stay. */
export const pin = (cacheFolder: string, keys: readonly string[]): Promise<Release> =>
  hold(join(usesFolder(cacheFolder), `${process.pid}-${randomBytes(4).toString('hex')}.json`), keys)

const Keys = z.array(z.string())

/** By exports of living processes; what dead ones wrote down goes. */
async function usedKeys(cacheFolder: string): Promise<string[]> {
  const folder = usesFolder(cacheFolder)
  const keys: string[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const use = await holder(join(folder, name), Keys)
    if (use?.isAlive) keys.push(...use.value)
    else if (use) await rm(join(folder, name), { force: true })
  }
  return keys
}

/** By exports that somebody may go on with, however long ago they were interrupted. */
async function unfinishedKeys(cacheFolder: string): Promise<string[]> {
  const folder = unfinishedFolder(cacheFolder)
  const names = await readdir(folder).catch(() => [])
  const records = await Promise.all(names.map((name) => holder(join(folder, name), z.object({ keys: Keys }))))
  return records.flatMap((record) => record?.value.keys ?? [])
}

export const pinnedKeys = async (cacheFolder: string): Promise<Set<string>> =>
  new Set([...(await usedKeys(cacheFolder)), ...(await unfinishedKeys(cacheFolder))])
