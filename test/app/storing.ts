// A store of finished results on a cache folder of the test's own.
import { afterAll } from 'vitest'
import { openDatabase } from '../../electron/app/access/database.js'
import { type SegmentStore, openSegmentStore } from '../../electron/app/render/segments.js'

export function storeIn(cacheFolder: string): SegmentStore {
  const database = openDatabase(cacheFolder)
  afterAll(() => database.close())
  return openSegmentStore(cacheFolder, database)
}
