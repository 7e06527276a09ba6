// Folders of the host, for pages that walk through them.
import { OutputCheck } from '../../electron/shared/contract/files.js'
import { sentenceOf, toFailure } from '../../electron/shared/contract/errors.js'
import { Locale } from '../../electron/shared/words/lookup.js'
import { say } from '../../electron/shared/words/sentences.js'
import { api } from './host.js'

export const listFolder = (path: string | null) => api().files.list(path)

/** Of a page that walks through folders; `empty`: what it says where there is nothing to choose. */
export const folderWords = ({ t, language }: Locale, empty: string) => ({
  up: t('folder.up'),
  loading: t('folder.loading'),
  empty,
  top: t('folder.top'),
  failed: (error: unknown) => sentenceOf(toFailure(error), language),
})

/** Of the part of a dialog that asks for a new file's name and place. */
export const placeWords = ({ t, language }: Locale, name: string) => ({
  name,
  inFolder: (folder: string) => t('export.inFolder', { folder }),
  change: t('export.change'),
  noName: t('export.noName'),
  nameTooLong: t('export.nameTooLong'),
  isSource: t('export.isSource'),
  isInWork: t('export.isInWork'),
  useFree: (file: string) => t('export.useFree', { name: file }),
  exists: (file: string) => t('export.exists', { name: file }),
  folders: { ...folderWords({ t, language }, t('folder.noFolders')), take: t('export.thisFolder') },
})

/** What the host says of a place, in the language of the window. */
export const checkWords = (check: OutputCheck | undefined, language: string) =>
  check && { ...check, refusal: check.refusal && say(check.refusal, language) }

/** The system's own dialog for a new file, where there is one. */
export const askForPlace = (hasDialogs: boolean) =>
  hasDialogs ? (name: string) => api().files.chooseOutput(name) : undefined
