// window.heirloom: the whole of what a page gets. It can make calls of the contract, hear events, and turn a file
// that the person dropped into its path; the page cannot make up such a file, so its path is granted.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { ApiEvent } from '../shared/contract/api.js'
import type { AnswerMessage, PreloadBridge } from '../shared/contract/wire.js'

const bridge: PreloadBridge = {
  call: (message) => ipcRenderer.invoke('heirloom:call', message) as Promise<AnswerMessage>,
  on(listener) {
    const hear = (_: unknown, event: ApiEvent): void => listener(event)
    ipcRenderer.on('heirloom:event', hear)
    return () => ipcRenderer.off('heirloom:event', hear)
  },
  pathForFile(file) {
    const path = webUtils.getPathForFile(file)
    if (path) ipcRenderer.send('heirloom:grant', path)
    return path
  },
}
contextBridge.exposeInMainWorld('heirloom', bridge)
