// How long each stage took, kept from run to run, so that the next run says what it was before.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Name of stage to seconds, as the last run wrote it; nothing where there was none or the file is damaged. */
export function readTimes(file) {
  if (!existsSync(file)) return {}
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'))
    return Object.fromEntries(Object.entries(kept).filter(([, seconds]) => Number.isFinite(seconds)))
  } catch {
    return {} // a run that was ended while it wrote: the times come again
  }
}

/** Stages of this run replace their own times only: a run of one part leaves the others' as they were. */
export function writeTimes(file, seconds) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ ...readTimes(file), ...seconds }, null, 2)}\n`)
}

/** `9 s`, and `, before 12 s` where it is known. */
export const inSeconds = (seconds, before) =>
  `${Math.round(seconds)} s${before === undefined ? '' : `, before ${Math.round(before)} s`}`

/** Seconds of processor time of all children that have ended, and of theirs; undefined where the system does not tell (not Linux). */
export function processorSeconds() {
  if (!existsSync('/proc/self/stat')) return undefined
  // After the name in brackets: state is field 3, the children's user and system time 16 and 17, in hundredths (proc(5)).
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}
