// A Keepsake photo as a file: read as far as there can be one, whatever stands in it. No ffmpeg reads it, nor any other program.
import type { FileHandle } from 'node:fs/promises'
import {
  type FoundPhoto,
  type KeepsakePhoto,
  type PhotoInfo,
  foundPhotoOf,
  isKeepsakePhoto,
  mostPhotoBytes,
  photoOf,
  readPhotoFile,
} from '../shared/media/keepsake/photo.js'
import type { Message } from '../shared/words/sentences.js'
import { openFile } from './openFile.js'

/** What ffmpeg reads in its place. */
export interface KeepsakePicture {
  path: string
  info: PhotoInfo
  /** What a person should see of it: what it is, and what is damaged. */
  warnings: Message[]
}

/** Bytes [from, to), as far as they are there. */
async function bytesOf(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(to - from)
  let at = 0
  while (at < bytes.length) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

const startBytes = 8

export async function isPhotoFile(path: string): Promise<boolean> {
  const file = await openFile(path)
  try {
    return isKeepsakePhoto(await bytesOf(file, 0, startBytes))
  } finally {
    await file.close()
  }
}

async function read(path: string): Promise<{ bytes: Uint8Array; fileBytes: number } | undefined> {
  const file = await openFile(path)
  try {
    if (!isKeepsakePhoto(await bytesOf(file, 0, startBytes))) return undefined
    const { size } = await file.stat()
    return { bytes: await bytesOf(file, 0, Math.min(size, mostPhotoBytes)), fileBytes: size }
  } finally {
    await file.close()
  }
}

/** What a file has of it: every byte is held to what was written. */
export async function findPhoto(path: string): Promise<FoundPhoto> {
  const found = await read(path)
  return found ? foundPhotoOf(readPhotoFile(found.bytes), found.fileBytes) : { state: 'none' }
}

/** All that it takes to show it; undefined where it cannot be shown, whose reason `findPhoto` tells. */
export async function readPhoto(path: string): Promise<KeepsakePhoto | undefined> {
  const found = await read(path)
  return found && photoOf(readPhotoFile(found.bytes))
}
