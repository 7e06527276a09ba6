// A process that writes results into the database of a folder until it is ended: pairs of rows, both or neither. Says how many after each.
import { openDatabase } from '../../../electron/app/access/database.js'

const [folder = '', name = ''] = process.argv.slice(2)
const database = openDatabase(folder, (sentence) => process.stderr.write(sentence))
for (let i = 1; ; i++) {
  await database.together(() => {
    for (const kind of ['a', 'b'])
      database.run(
        "INSERT OR REPLACE INTO results (kind, key, unit, bytes, frames, checksum, lost, usedMs) VALUES (?, ?, '{}', 0, 0, '', '', 0)",
        ...[kind, `${name}-${i}`],
      )
  })
  process.stdout.write(`${i}\n`)
}
