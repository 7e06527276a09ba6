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
