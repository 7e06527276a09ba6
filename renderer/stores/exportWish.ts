// What was chosen in the export page when it was last open. Forgotten on quit.
import { create } from 'zustand'
import { Container, KeepsakeLevel, OutputSpec } from '../../electron/shared/contract/output.js'
import { KeepsakeCodec } from '../../electron/shared/media/keepsake/info.js'
import { SourceId } from '../../electron/shared/media/source.js'

export type What = 'film' | 'clip' | 'source'

/** The film as a Keepsake, by how good it is to be or by how large it may be. */
export interface KeepsakeWish {
  isWanted: boolean
  by: 'quality' | 'size'
  level: KeepsakeLevel
  /** As it was typed. */
  megabytes: string
  codec: KeepsakeCodec
  container: Container
}

export interface ExportWish extends Pick<OutputSpec, 'container' | 'codec' | 'quality' | 'hasAudio'> {
  what: What
  keepsake: KeepsakeWish
  /** Chosen by a person, with its last separator; else each film's own. */
  folder?: string
  /** Typed for a film that has not been exported under it yet. */
  named?: { sourceId: SourceId; name: string }
}

export const exportWishStart: ExportWish = {
  what: 'film',
  container: 'mp4',
  codec: 'h264',
  quality: 'good',
  hasAudio: true,
  keepsake: { isWanted: false, by: 'quality', level: 3, megabytes: '8', codec: 'av1', container: 'mp4' },
  folder: undefined,
  named: undefined,
}

export const useExportWish = create<ExportWish>()(() => exportWishStart)
export const wishExport = (part: Partial<ExportWish>): void => useExportWish.setState(part)
