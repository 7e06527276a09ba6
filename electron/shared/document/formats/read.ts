// Saved documents of any age: read, checked, brought to today's format one step at a time. A newer format is known by its number
// alone; whatever else is wrong with a file is damage, with the reason for the log.
import { z } from 'zod'
import { Project, currentFormat } from '../document.js'
import { excessOf } from '../json.js'
import { problemsOf } from '../problems.js'
import { Format1, from1to2 } from './format1.js'
import { Format2, from2to3 } from './format2.js'

export type ReadDocument =
  | { state: 'ok'; project: Project; /** The format of the file. */ format: number }
  | { state: 'newer'; format: number }
  | { state: 'damaged'; reason: string }

/** In UTF-16 units: far more than the largest document that its own limits allow a person to make. */
const longestText = 256 * 2 ** 20
const bounds = { depth: 24, values: 20_000_000 }

/** From each older format to the next; throws ZodError for what that format never was. */
const steps: Readonly<Record<number, (value: unknown) => unknown>> = {
  1: (value) => from1to2(Format1.parse(value)),
  2: (value) => from2to3(Format2.parse(value)),
}

const damaged = (reason: string): ReadDocument => ({ state: 'damaged', reason })

function formatOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'format')) return undefined
  const { format } = value as { format: unknown }
  return typeof format === 'number' && Number.isInteger(format) && format >= 1 ? format : undefined
}

/** The first few faults, short enough for a log line. */
const reasonOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
    .join('; ')
    .slice(0, 500)

function migrated(value: unknown, format: number): ReadDocument {
  let document = value
  for (let from = format; from < currentFormat; from++) document = steps[from]?.(document)
  const project = Project.parse(document)
  const [problem] = problemsOf(project)
  return problem ? damaged(`${problem.kind}: ${problem.id}`) : { state: 'ok', project, format }
}

/** A document out of parsed JSON. */
export function readDocument(value: unknown): ReadDocument {
  const format = formatOf(value)
  if (format === undefined) return damaged('no format')
  if (format > currentFormat) return { state: 'newer', format }
  const excess = excessOf(value, bounds)
  if (excess) return damaged(excess)
  try {
    return migrated(value, format)
  } catch (error) {
    if (error instanceof z.ZodError) return damaged(reasonOf(error))
    throw error
  }
}

/** A document out of the text of its file. */
export function parseDocument(text: string): ReadDocument {
  if (text.length > longestText) return damaged('too long')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return damaged(error instanceof Error ? error.message.slice(0, 200) : 'not JSON')
  }
  return readDocument(value)
}
