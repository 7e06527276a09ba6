// What was chosen in the export page when it was last open. Forgotten on quit.
import { create } from 'zustand'
import { OutputSpec } from '../../electron/shared/contract/output.js'
import { SourceId } from '../../electron/shared/media/source.js'

export type What = 'film' | 'clip' | 'source'

export interface ExportWish extends Pick<OutputSpec, 'container' | 'codec' | 'quality' | 'hasAudio'> {
  what: What
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
  folder: undefined,
  named: undefined,
}

export const useExportWish = create<ExportWish>()(() => exportWishStart)
export const wishExport = (part: Partial<ExportWish>): void => useExportWish.setState(part)
