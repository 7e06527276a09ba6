// Folders of the host, for pages that walk through them.
import { TFunction } from 'i18next'
import { api } from './host.js'

export const listFolder = (path: string | null) => api().listFolder(path)

export const folderWords = (t: TFunction) => ({
  up: t('folder.up'),
  loading: t('folder.loading'),
  empty: t('folder.noFolders'),
  top: t('folder.top'),
  take: t('export.thisFolder'),
})

/** Of the part of a dialog that asks for a new file's name and place. */
export const placeWords = (t: TFunction, name: string) => ({
  name,
  inFolder: (folder: string) => t('export.inFolder', { folder }),
  change: t('export.change'),
  noName: t('export.noName'),
  nameTooLong: t('export.nameTooLong'),
  isSource: t('export.isSource'),
  isInWork: t('export.isInWork'),
  useFree: (file: string) => t('export.useFree', { name: file }),
  notWritable: t('export.notWritable'),
  exists: (file: string) => t('export.exists', { name: file }),
  folders: folderWords(t),
})

/** The system's own dialog for a new file, where there is one. */
export const askForPlace = (hasDialogs: boolean) =>
  hasDialogs ? (name: string) => api().chooseOutput(name) : undefined
