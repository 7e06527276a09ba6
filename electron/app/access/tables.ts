// The tables of the cache's database. Who reads and writes them: results in render, jobs and pins in jobs. Raised in the file's name when they
// change: programs of two versions then keep one each, and what the other one knows is made again.
export const databaseName = 'heirloom-2.db'

/** Their columns that are written, in the order in which they are declared. */
export const tables = {
  /** A finished result: what it is of (UnitSpec), a file or folder on disk, and what decides whether it may be used. */
  results: {
    columns: ['kind', 'key', 'unit', 'bytes', 'frames', 'checksum', 'lost', 'usedMs'],
    declaration: `kind TEXT NOT NULL, key TEXT NOT NULL, unit TEXT NOT NULL, bytes INTEGER NOT NULL, frames INTEGER NOT NULL,
      checksum TEXT NOT NULL, lost TEXT NOT NULL, usedMs INTEGER NOT NULL,
      source TEXT AS (unit ->> '$.source') STORED, recipe TEXT AS (unit ->> '$.recipe') STORED, PRIMARY KEY (kind, key)`,
  },
  /** A piece of work that was asked for: what it is (spec), how far it came (state), and which process has it. */
  jobs: {
    columns: ['id', 'spec', 'state', 'process', 'isOffered', 'frames', 'numerics', 'changedMs'],
    declaration: `id TEXT NOT NULL PRIMARY KEY, spec TEXT NOT NULL, state TEXT NOT NULL, process TEXT NOT NULL,
      isOffered INTEGER NOT NULL, frames INTEGER NOT NULL, numerics INTEGER NOT NULL, changedMs INTEGER NOT NULL`,
  },
  /** A result that a job needs stays. */
  pins: {
    columns: ['job', 'key'],
    declaration: 'job TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (job, key)',
  },
} as const

const created = Object.entries(tables).map(
  ([name, { declaration }]) => `CREATE TABLE IF NOT EXISTS ${name} (${declaration}) STRICT, WITHOUT ROWID;`,
)
export const schema = [
  ...created,
  'CREATE INDEX IF NOT EXISTS renderings ON results (source, recipe, kind);',
].join('\n')
