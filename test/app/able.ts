// A small model that was trained for strengths, with looks of its own, for tests of both.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Looks } from '../../electron/shared/document/looks.js'
import { root } from '../engine/bundle.js'

const fixture = join(root, 'test', 'fixtures', 'heirloom-s-golden-strength')

export const ableLooks: Looks = {
  gentle: { strength: 0.3, detail: 0.8 },
  natural: { strength: 0.6, detail: 0 },
  strong: { strength: 1, detail: 0 },
}

/** Puts it where a person's own models lie, as "able". */
export function placeAble(models: string): void {
  const to = join(models, 'able')
  mkdirSync(to, { recursive: true })
  copyFileSync(join(fixture, 'model.safetensors'), join(to, 'model.safetensors'))
  const json = JSON.parse(readFileSync(join(fixture, 'model.json'), 'utf8')) as object
  writeFileSync(join(to, 'model.json'), JSON.stringify({ ...json, looks: ableLooks }))
}
