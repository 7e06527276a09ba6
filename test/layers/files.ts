// The files of the product as these tests read them.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFile } from './layers.js'

const root = join(import.meta.dirname, '..', '..')

export const filesBelow = (folder: string, endings: RegExp): SourceFile[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.test(name) && !name.startsWith('build'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
