// Keepsake photos that are opened: the engine makes each a picture once, which is kept and read as any photo is. By the content of the file, the
// weights and how much detail is drawn on it.
import { createHash } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Engine } from '../../engine/client.js'
import { StillResult } from '../../engine/client.js'
import { fingerprintOf } from '../../ffmpeg/fingerprint.js'
import { type KeepsakePicture, findPhoto } from '../../ffmpeg/keepsakePhoto.js'
import { isFile } from '../../ffmpeg/openFile.js'
import { failing } from '../../shared/contract/errors.js'
import type { FoundPhoto, PhotoInfo } from '../../shared/media/keepsake/photo.js'
import { damagePhrase, versionWords } from '../../shared/media/keepsake/facts.js'
import { photoProblem, tileNotes } from '../../shared/media/keepsake/photoFacts.js'
import { deviceChoice } from '../../shared/planning/device.js'
import { message } from '../../shared/words/sentences.js'
import { readJson, writeAtomic } from '../access/files.js'
import { inOwn, touch } from '../access/keeping.js'
import type { FoundModel, Models } from '../models/models.js'

export interface Stills {
  /** Undefined: it is no Keepsake photo. Fails where it cannot be shown, and says why. */
  pictureOf: (path: string, alpha?: number) => Promise<KeepsakePicture | undefined>
}

export interface StillsParts {
  engine: Engine
  models: Pick<Models, 'stills'>
  cacheFolder: string
  memoryLimit: number
}

/** The weights that wrote it, or why there are none. */
async function modelOf({ models }: StillsParts, { model }: PhotoInfo, name: string): Promise<FoundModel> {
  const found = (await models.stills()).find(({ info }) => info.weightsHash === model.sha256)
  if (found) return found
  throw failing('weights-missing', 'keepsakePhotoModel', { name, model: model.name, hash: model.sha256 })
}

/** What it takes to show it. Damage of all else is told beside the picture. */
function shownInfo(found: Exclude<FoundPhoto, { state: 'none' }>, name: string): PhotoInfo {
  if (found.state === 'newer')
    throw failing('keepsake-photo-damaged', 'keepsakePhotoNewer', { name, version: versionWords(found) })
  const isSideGone = found.damages.some(({ place, what }) => place === 'side' && what === 'missing')
  if (found.info && !isSideGone) return found.info
  throw failing('keepsake-photo-damaged', 'keepsakePhotoDamaged', {
    ...{ name, places: found.damages.map(damagePhrase) },
  })
}

export function createStills(parts: StillsParts): Stills {
  const { engine, cacheFolder, memoryLimit } = parts
  const making = new Map<string, Promise<StillResult>>()

  async function make(path: string, place: string, model: FoundModel, alpha: number): Promise<StillResult> {
    const kept = await readJson(`${place}.json`, StillResult)
    if (kept && (await isFile(`${place}.png`))) return kept
    return inOwn('cache', cacheFolder, async () => {
      await mkdir(join(cacheFolder, 'stills'), { recursive: true })
      const device = deviceChoice('auto')
      const made = await engine.run({
        ...{ kind: 'still', path, alpha, model: { folder: model.folder, device } },
        ...{ destination: `${place}.png`, threads: 0, memoryLimit },
      })
      await writeAtomic(`${place}.json`, JSON.stringify(made))
      return made
    })
  }

  return {
    async pictureOf(path, alpha = 0) {
      const name = basename(path)
      // Why a file cannot be read is told by whoever opens it.
      const found = await findPhoto(path).catch(() => ({ state: 'none' }) as const)
      if (found.state === 'none') return undefined
      const info = shownInfo(found, name)
      const problem = photoProblem(found, name)
      const model = await modelOf(parts, info, name)
      const content = await fingerprintOf(path, await stat(path))
      const key = createHash('sha256')
        .update(JSON.stringify([content, model.info.hash, alpha]))
        .digest('hex')
      const place = join(cacheFolder, 'stills', key)
      const made = making.get(key) ?? make(path, place, model, alpha).finally(() => making.delete(key))
      making.set(key, made) // who asks meanwhile waits for the same
      const { broken, tiles } = await made
      await Promise.all([`${place}.png`, `${place}.json`].map(touch))
      const warnings = [
        message('noteKeepsakePhoto', { name, model: info.model.name }),
        ...(problem ? [problem] : []),
        ...tileNotes(broken, tiles, name),
      ]
      return { path: `${place}.png`, info, warnings }
    },
  }
}
