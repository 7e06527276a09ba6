// The database of a cache folder of the test's own, with the store of finished results and the records of jobs on it.
import { afterAll } from 'vitest'
import { type Database, openDatabase } from '../../electron/app/access/database.js'
import { type JobRecords, openJobRecords } from '../../electron/app/jobs/records.js'
import { type SegmentStore, openSegmentStore } from '../../electron/app/render/segments.js'

export interface Storing {
  database: Database
  records: JobRecords
  store: SegmentStore
}

export function storing(cacheFolder: string): Storing {
  const database = openDatabase(cacheFolder)
  const records = openJobRecords(cacheFolder, database)
  afterAll(async () => {
    await records.close()
    await database.close()
  })
  return { database, records, store: openSegmentStore(cacheFolder, database, records) }
}

/** For jobs of which nothing is written down. */
export const unwritten = { add: () => undefined, change: () => undefined }

export const storeIn = (cacheFolder: string): SegmentStore => storing(cacheFolder).store
