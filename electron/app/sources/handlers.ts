// What windows ask about sources. Paths are checked against the grants here.
import type { Api } from '../../shared/contract/api.js'
import { type Grants, realPath } from '../access/grants.js'
import type { SourceId } from '../../shared/media/source.js'
import type { Timing } from '../../shared/media/timing.js'
import { samplePath } from '../access/resources.js'
import type { Damages } from './damage.js'
import { type FindingsStore, fieldCountsOf } from './findings.js'
import { filmsIn } from './folderFilms.js'
import { findKeepsake } from '../../ffmpeg/keepsakeBox.js'
import { findPhoto } from '../../ffmpeg/keepsakePhoto.js'
import type { Media } from './media.js'
import type { Recent } from './recent.js'

export interface SourcesParts {
  grants: Grants
  media: Media
  damages: Damages
  timings: (id: SourceId) => Promise<Timing>
  findings: FindingsStore
  recent: Recent
  /** What a window opens is offered again the next time. */
  isRemembering: boolean
}

export function sourcesHandlers({
  grants,
  media,
  damages,
  timings,
  findings,
  recent,
  ...parts
}: SourcesParts): Api['sources'] {
  return {
    inFolder: async (folder) => filmsIn(await grants.check(folder)),
    recent: async () => {
      const list = await recent.list()
      const allowed = await Promise.all(list.map(({ path }) => grants.isAllowed(path)))
      return list.filter((_, i) => allowed[i])
    },
    open: async (path) => {
      const checked = await grants.check(path)
      const real = await realPath(checked)
      await grants.check(real) // the very path whose file is read, should links turn between
      const source = await media.open(checked, real)
      if (parts.isRemembering && source.path !== samplePath())
        await recent.add(source.path).catch(() => undefined) // a list to choose from, no more
      return source
    },
    fieldCounts: (id) => fieldCountsOf({ media, findings }, id),
    readFields: (id, chosen) => media.readFields(id, chosen),
    chooseFilm: (id, track) => media.chooseFilm(id, track),
    frameTable: (id) => media.table(id),
    damage: (id) => damages.of(id),
    cancelDamage: (id) => Promise.resolve().then(() => (damages.cancel(id), null)),
    timing: timings,
    keepsake: async (id) => findKeepsake((await media.source(id)).path, { isWhole: false }),
    checkKeepsake: async (id) => findKeepsake((await media.source(id)).path, { isWhole: true }),
    keepsakePhoto: async (path) => {
      const checked = await grants.check(path)
      // Why a file cannot be read is told by opening it.
      return findPhoto(checked).catch(() => ({ state: 'none' }))
    },
    waveform: (id) => media.waveform(id),
    playable: (id, hasFailed) => media.playable(id, hasFailed),
  }
}
