// How every file that others can put there is opened for reading: only a regular one, never waiting. A pipe under its name would hold the
// program forever, a device would do who knows what when it is opened, a folder gives no bytes.
import { type ReadStream, constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'

/** Told by systemReason.ts like a code of the system. */
function refuse(path: string, isFolder: boolean): never {
  const code = isFolder ? 'EISDIR' : 'ENOTREG'
  throw Object.assign(new Error(`${code}: not a regular file, open '${path}'`), { code, path })
}

/** Fails with EISDIR for a folder, ENOTREG for a pipe, a socket or a device, else as the system does. */
export async function openFile(path: string): Promise<FileHandle> {
  const before = await stat(path) // a device is not opened even once
  if (!before.isFile()) refuse(path, before.isDirectory())
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) // Windows has none
  const facts = await file.stat().catch(async (cause: unknown) => {
    await file.close()
    throw cause
  })
  if (facts.isFile()) return file
  await file.close() // it was put there in between
  return refuse(path, facts.isDirectory())
}

/** All of a file. */
export async function readBytes(path: string): Promise<Buffer> {
  const file = await openFile(path)
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}

export const readText = async (path: string): Promise<string> => (await readBytes(path)).toString('utf8')

/** Its bytes one after the other; closed at the end, or when nobody goes on reading. */
export const streamOf = async (path: string, options: { highWaterMark?: number } = {}): Promise<ReadStream> =>
  (await openFile(path)).createReadStream(options)

/** Whether there is a file that can be read, and not something else under its name. */
export const isFile = (path: string): Promise<boolean> =>
  openFile(path).then(
    async (file) => {
      await file.close()
      return true
    },
    () => false, // not there, not ours to read, or no file
  )
